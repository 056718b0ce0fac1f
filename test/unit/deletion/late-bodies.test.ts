import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import type { CollectionRef, Side } from "../../../src/source/log.ts";
import { Doubt, exportForDeletion } from "../../../src/deletion/core/export-first.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { isSome } from "../../../src/deletion/core/request.ts";
import { previewOf } from "../../../src/deletion/core/preview.ts";
import { ACCOUNT, aLog, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, rowsIn } from "../export/exported.ts";

const MINUTE = 60_000;
const HISTORIES = 320;
const SIDES: readonly Side[] = ["request", "response"];

/** The API's sizes of a log's bodies before they are written, and after. */
const SIZES = {
  "0, then known": { before: 0, after: "known" },
  "unknown, then known": { before: undefined, after: "known" },
  "known throughout": { before: "known", after: "known" },
  "unknown throughout": { before: undefined, after: undefined },
} as const;
type Sizes = keyof typeof SIZES;

/** What the API returns as a body's head, marked as complete. */
type Head = "as it is" | "cut" | "lossy" | "lossy, of the same size" | "none";

type Truth = {
  id: string;
  createdAt: number;
  durationMs: number;
  bodies: Record<Side, Uint8Array | null>;
  /** By the API's clock. */
  writtenAt: number;
  sizes: Sizes;
  head: Head;
};

function aBody(random: Random): Uint8Array {
  switch (random.between(0, 9)) {
    case 0:
      return random.bytes(random.between(1, 60));
    case 1:
      return Buffer.from(`{"text":"\uFFFD ${random.letters(20)}"}`);
    case 2:
      // Past the head.
      return Buffer.from(random.letters(20).repeat(3500));
    default:
      return Buffer.from(`{"text":"ä ${random.letters(random.between(0, 50))}"}`);
  }
}

function aTruth(random: Random, index: number, now: number): Truth {
  const durationMs = random.chance(0.3) ? random.between(0, 10 * MINUTE) : random.between(0, 5000);
  const end = now - random.between(0, random.chance(0.6) ? 12 * MINUTE : 600 * MINUTE);
  const sizes = random.pick(Object.keys(SIZES) as Sizes[]);
  // An API that reports no body for longer, then has one, can't be distinguished from a log without bodies.
  const latest = sizes === "0, then known" ? 5 * MINUTE - 2000 : 10 * MINUTE;
  const hasBodies = random.chance(0.8);
  const body = () => (hasBodies ? aBody(random) : null);
  return {
    id: `log-${index}`,
    createdAt: end - durationMs,
    durationMs,
    bodies: { request: body(), response: body() },
    writtenAt: end + (random.chance(0.5) ? random.between(0, 10_000) : random.between(0, latest)),
    sizes,
    head: random.pick(["as it is", "as it is", "as it is", "cut", "lossy", "lossy, of the same size", "none"]),
  };
}

function headOf(body: Uint8Array, head: Head): string | null {
  const text = Buffer.from(body).toString();
  switch (head) {
    case "as it is":
      return text.slice(0, 60_000);
    case "cut":
      return text.slice(0, 10);
    case "lossy":
      return text.replaceAll(/[^ -~]/g, "\uFFFD");
    case "lossy, of the same size":
      return body.length < 3 ? "" : `\uFFFD${"x".repeat(body.length - 3)}`;
    case "none":
      return null;
  }
}

/** A log's detail as this API returns it. */
function told(row: Record<string, unknown>, log: Truth, now: number): Record<string, unknown> {
  const isWritten = now >= log.writtenAt;
  const { before, after: later } = SIZES[log.sizes];
  const changed = { ...row };
  for (const side of SIDES) {
    const body = log.bodies[side];
    const size = isWritten ? later : before;
    changed[`${side}_size`] = size === "known" ? (body?.length ?? 0) : size;
    changed[`${side}_head`] = isWritten && body ? headOf(body, log.head) : null;
    const isFit =
      changed[`${side}_head`] !== null && (log.head !== "as it is" || row[`${side}_head_complete`] === true);
    changed[`${side}_head_complete`] = isFit;
  }
  return changed;
}

describe("an export before a deletion, while bodies are written late", () => {
  let server: TestGateway;
  const folder = aFolder();
  const { signal } = new AbortController();
  before(async () => {
    server = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
  });
  after(async () => {
    folder.remove();
    await server.close();
  });

  /** Logs of a separate gateway, at an API with a clock that moves with each call. */
  function aHistory(seed: number) {
    const random = new Random(seed);
    const gateway: CollectionRef = { sourceId: ACCOUNT, collectionId: `g${seed}` };
    server.store.addGateway({ sourceId: ACCOUNT, id: gateway.collectionId, createdAt: new Date(0) });
    let now = Date.now() + random.between(-10 * MINUTE, 10 * MINUTE);
    const logs = Array.from({ length: random.between(1, 3) }, (_, index) => aTruth(random, index, now));
    server.store.insert(
      logs.map(({ id, createdAt, durationMs }) => ({
        ...aLog({ id, createdAt: new Date(createdAt), durationMs, request: null, response: null }),
        ...gateway,
      })),
    );
    const unwritten = new Set(logs);
    const writeDue = (): void => {
      for (const log of unwritten) {
        if (now < log.writtenAt) continue;
        unwritten.delete(log);
        server.store.storeBodies(gateway, log.id, log.bodies);
      }
    };
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(server.token),
      budgets: new CallBudgets({ limit: 1_000_000 }),
      fetch: async (url, init) => {
        now += random.between(0, 20_000);
        writeDue();
        const response = await fetch(url, init);
        const headers = new Headers(response.headers);
        headers.set("date", new Date(now).toUTCString());
        const log = logs.find(({ id }) => String(url).endsWith(`/logs/${id}`));
        if (!log || !response.ok) return new Response(await response.bytes(), { status: response.status, headers });
        const { result, ...envelope } = (await response.json()) as { result: Record<string, unknown> };
        return Response.json(
          { ...envelope, result: told(result, log, now) },
          { headers: { date: headers.get("date") ?? "" } },
        );
      },
    });
    return { gateway, logs, source: cloudflareSource(client, ACCOUNT), started: now };
  }

  const isWhole = (row: Record<string, unknown>, log: Truth): boolean =>
    SIDES.every((side) => {
      const [text, encoding] = [row[side], row[`${side}_encoding`]];
      const body = log.bodies[side];
      if (typeof text !== "string") return body === null;
      return body !== null && Buffer.from(text, encoding === "base64" ? "base64" : "utf8").equals(body);
    });

  /** Exports the logs of a history, and checks each. Gives how many would be deleted, and how many of them have no bodies. */
  async function play(seed: number): Promise<{ deleted: number; bare: number }> {
    const { gateway, logs, source, started } = aHistory(seed);
    const logIds = logs.map(({ id }) => id);
    assert.ok(isSome(logIds));
    const preview = await previewOf(source, { type: "chosen", gateway, logIds }, { signal });
    assert.ok(preview);
    const file = folder.file(`${seed}.jsonl`);
    const doubt = await exportForDeletion(source, preview, file, { signal }).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(doubt === undefined || (doubt instanceof Doubt && doubt.about === "bodies"), String(doubt));
    const named = new Set(doubt?.logIds);
    const rows = new Map(rowsIn(file).map((row) => [row["id"], row]));
    for (const log of logs) {
      const { id, createdAt, durationMs, sizes } = log;
      const row = rows.get(id) ?? assert.fail("not in the file");
      const words = `${seed}: ${JSON.stringify({ ...log, bodies: undefined, endedMsAgo: started - createdAt - durationMs })}`;
      assert.ok(isWhole(row, log) || named.has(id), `lost: ${words}`);
      // Ended long ago, and reports its sizes.
      const isSettled = createdAt + durationMs + 10 * MINUTE < started && SIZES[sizes].after === "known";
      assert.ok(!isSettled || !named.has(id), `in doubt: ${words}`);
    }
    if (doubt) return { deleted: 0, bare: 0 };
    return { deleted: logs.length, bare: logs.filter(({ bodies }) => bodies.request === null).length };
  }

  it(`lets no log of ${HISTORIES} histories go with a body that it had or got and the file lacks`, async () => {
    const outcomes: Awaited<ReturnType<typeof play>>[] = [];
    const seeds = Array.from({ length: HISTORIES }, (_, index) => index + 1);
    const playSome = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) outcomes.push(await play(seed));
    };
    await Promise.all(Array.from({ length: 8 }, playSome));
    const deleted = outcomes.reduce((sum, outcome) => sum + outcome.deleted, 0);
    const bare = outcomes.reduce((sum, outcome) => sum + outcome.bare, 0);
    const doubts = outcomes.filter((outcome) => outcome.deleted === 0).length;
    assert.ok(
      deleted > HISTORIES / 4 && doubts > HISTORIES / 4 && bare > HISTORIES / 20,
      `${deleted} ${doubts} ${bare}`,
    );
  });
});
