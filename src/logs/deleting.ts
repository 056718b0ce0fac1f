import { setTimeout as delay } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { DeleteQuery, Deletion } from "../cloudflare/deletion.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Log } from "../cloudflare/schema.ts";
import { idFilters, type DeletionPreview } from "./deletionPreview.ts";

/** The most logs that one call deletes. */
const BATCH = 1000;

/** How long after each look it is looked again whether a batch is gone, in ms: a minute in all. */
const PAUSES: readonly number[] = [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 15_000];

/**
 * How a deletion ended, after so many logs were seen to be gone. `stuck`: logs of the last batch were still listed after a minute;
 * `left` are the logs that were asked to go and were not seen to be gone.
 */
export type Outcome = { gone: number; left: readonly Log[] } & (
  { end: "done" | "cancelled" | "stuck" } | { end: "failed"; error: unknown }
);

export type DeletingOptions = {
  /** Stops before the next batch; what is on its way is looked after once more. */
  signal: AbortSignal;
  /** Told of each batch that is gone. */
  onGone: (logs: readonly Log[]) => void;
  /** In ms; over a minute unless given. */
  pauses?: readonly number[];
};

const isSameTime = (log: Log | undefined, other: Log): boolean =>
  log?.createdAt.getTime() === other.createdAt.getTime();

/** The calls that delete what a preview has shown, each with what has to be there for it: nothing is deleted that is not as it was seen. */
function* batchesOf({ by, count, oldest, newest }: DeletionPreview): Generator<DeleteQuery> {
  if (by.type === "ids") {
    for (const piece of idFilters(by.ids)) {
      const { filters, count: limit } = piece;
      yield { filters, limit, expected: (logs) => logs.length === limit };
    }
    return;
  }
  for (let done = 0; done < count; done += BATCH) {
    const limit = Math.min(BATCH, count - done);
    const [isFirst, isLast] = [done === 0, done + limit === count];
    yield {
      filters: by.filters,
      limit,
      // The oldest go first: one that came since, with an older time, would push the newest out.
      expected: (logs, total) =>
        logs.length === limit &&
        (!isFirst || isSameTime(logs[0], oldest)) &&
        (isLast ? isSameTime(logs.at(-1), newest) : !isFirst || total <= count),
    };
  }
}

/** Waits until a batch is gone; gives what is left of it when that does not happen, or when it is waited for no longer. */
async function leftOf(deletion: Deletion, pauses: readonly number[], signal: AbortSignal): Promise<readonly Log[]> {
  const look = async (): Promise<readonly Log[]> => {
    try {
      return await deletion.left({ signal });
    } catch (error) {
      if (!signal.aborted || !isAborted(error)) throw error;
      // What has been asked to go is looked after all the same.
      return deletion.left({});
    }
  };
  let left = await look();
  for (const pause of pauses) {
    if (left.length === 0 || signal.aborted) break;
    try {
      await delay(pause, undefined, { signal });
    } catch {
      // Cancelled: it is looked once more.
    }
    left = await look();
  }
  return left;
}

/**
 * Deletes what a preview has shown, in batches of at most 1,000, and looks after each until it is gone. It stops at the first one that
 * is not as it was seen, fails, or does not go.
 */
export async function deleteSubset(
  client: Pick<CloudflareClient, "deleteLogs">,
  preview: DeletionPreview,
  { signal, onGone, pauses = PAUSES }: DeletingOptions,
): Promise<Outcome> {
  let gone = 0;
  for (const batch of batchesOf(preview)) {
    if (signal.aborted) return { end: "cancelled", gone, left: [] };
    let asked: readonly Log[] = [];
    try {
      const deletion = await client.deleteLogs(preview.gateway, batch, { signal });
      asked = deletion.logs;
      const left = await leftOf(deletion, pauses, signal);
      const kept = new Set(left.map(({ id }) => id));
      const went = asked.filter(({ id }) => !kept.has(id));
      gone += went.length;
      onGone(went);
      if (left.length > 0) return { end: signal.aborted ? "cancelled" : "stuck", gone, left };
    } catch (error) {
      if (signal.aborted && isAborted(error)) return { end: "cancelled", gone, left: asked };
      return { end: "failed", gone, left: asked, error };
    }
  }
  return { end: "done", gone, left: [] };
}
