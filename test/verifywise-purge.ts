// How the stand-in for VerifyWise purges logs (docs/verifywise-api.md: Purging).
import type { DatabaseSync } from "node:sqlite";

/** Settings of a server's purges. */
export type Purging = {
  /** Role of everyone who calls. */
  role: "Admin" | "Editor";
  retentionDays: number;
  /** Limit on the batches of a call. */
  batches: number;
  /** A build of the second generation that fails before it deletes. */
  isBroken: boolean;
  /** Answered when this is over; by then the caller may be gone. */
  hold: Promise<void> | undefined;
};

export const purgingDefaults = (): Purging => ({
  role: "Admin",
  retentionDays: 90,
  batches: 50,
  isBroken: false,
  hold: undefined,
});

const BATCH = 1000;

const DAY = 86_400_000;

type Answer = { status: number; body: unknown; type?: string };

/** Deletes old rows in batches until one isn't full, and returns the answer of a generation. */
export async function answerPurge(
  { generation, isUp, purging }: { generation: 1 | 2; isUp: boolean; purging: Purging },
  db: DatabaseSync,
): Promise<Answer> {
  const { role, retentionDays, batches: most, isBroken, hold } = purging;
  if (role !== "Admin") return { status: 403, body: { message: "Access denied" } };
  if (!isUp)
    return {
      status: 502,
      body: { error: "AI Gateway proxy error", message: "connect ECONNREFUSED 127.0.0.1:8100" },
    };
  if (generation === 2 && isBroken) return { status: 500, body: "Internal Server Error", type: "text/plain" };
  await hold;
  const batch = db.prepare(
    "DELETE FROM spend WHERE id IN (SELECT id FROM spend WHERE created_at < ? ORDER BY created_at LIMIT ?)",
  );
  const before = Date.now() - retentionDays * DAY;
  let [deleted, batches, last] = [0, 0, BATCH];
  while (batches < most && last === BATCH) {
    last = Number(batch.run(before, BATCH).changes);
    deleted += last;
    batches++;
  }
  if (generation === 1) return { status: 200, body: { message: "OK", data: { deleted_count: deleted } } };
  return { status: 200, body: { ok: true, retention_days: retentionDays, deleted, batches } };
}
