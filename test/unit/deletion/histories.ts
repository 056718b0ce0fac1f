import assert from "node:assert/strict";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { parseFilter } from "../../../src/query/query-line.ts";
import type { Log } from "../../../src/source/log.ts";
import { requestOf, isSome, type DeletionRequest } from "../../../src/deletion/core/request.ts";
import { previewOf, type DeletionPreview } from "../../../src/deletion/core/preview.ts";
import { deleteSubset, type DeletionResult } from "../../../src/deletion/core/run.ts";
import { Doubt, exportForDeletion } from "../../../src/deletion/core/export-first.ts";
import type { NewLog } from "../../../src/local/store.ts";
import type { LogQuery } from "../../../src/local/conditions.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { aLog, startTestGateway, ACCOUNT, type TestGateway } from "../../gateway.ts";
import { rowsIn } from "../export/exported.ts";

/** A history's result. `unseen`: deleted logs that no preview showed. */
export type HistoryEnd = {
  ends: string[];
  /** Logs that DELETE calls removed. */
  deleted: number;
  unseen: string[];
  isDeleteIgnored: boolean;
  isExported: boolean;
};

/** How the API of a history misbehaves. */
type Quirks = { ignoresGet: boolean; ignoresDelete: boolean; liesAboutTotals: boolean; churn: number };

const DAY = Date.UTC(2026, 10, 20);
const EVERYTHING: LogQuery = { conditions: [], orderBy: "created_at", direction: "asc" };
const LINES = ["provider:openai", "cost:>0.01", "blue", "status:429", "meta.user:42 provider:openai", "model:none"];
const PAUSES = Array.from({ length: 12 }, () => 1);

/** A gateway with logs added and deleted at any call, and a record of them. */
class World {
  readonly gateway: { sourceId: string; collectionId: string };
  readonly random: Random;
  readonly quirks: Quirks;
  readonly #server: TestGateway;
  readonly #now: number;
  #inserted = 0;
  /** Logs that went by other ways than a call of ours. */
  readonly #removed = new Set<string>();
  readonly #ever = new Set<string>();

  constructor(server: TestGateway, seed: number) {
    this.#server = server;
    const random = new Random(seed);
    this.random = random;
    this.gateway = { sourceId: ACCOUNT, collectionId: `h${seed}` };
    // The clock of the API and of log writers is up to ten minutes off.
    this.#now = DAY + random.between(-600_000, 600_000);
    this.quirks = {
      ignoresGet: random.chance(0.1),
      ignoresDelete: random.chance(0.1),
      liesAboutTotals: random.chance(0.2),
      churn: random.pick([0, 0.02, 0.1, 0.3]),
    };
    server.store.addGateway({ ...this.gateway, id: this.gateway.collectionId, createdAt: new Date(0) });
    this.#insert(random.between(1, 130));
  }

  #insert(count: number): void {
    this.#server.store.insert(Array.from({ length: count }, () => this.#newLog()));
  }

  #newLog(): NewLog {
    const { random } = this;
    // Some share their millisecond, some are late: listed with the time at which their call began.
    const createdAt = new Date(
      this.#now - random.pick([0, 1, 1000, random.between(0, 5000), random.between(0, 3_600_000)]),
    );
    const id = `${this.gateway.collectionId}-${this.#inserted++}`;
    this.#ever.add(id);
    return aLog({
      ...this.gateway,
      id,
      createdAt,
      provider: random.pick(["openai", "openai", "anthropic"]),
      cost: random.pick([0.001, 0.02, 0.5]),
      statusCode: random.pick([200, 200, 429]),
      metadata: random.pick([{}, { user: "42" }, { user: "7", topic: "Blue frames" }]),
      request: `{"messages":[{"role":"user","content":"${id}"}]}`,
    });
  }

  #removeAny(): void {
    const { store } = this.#server;
    const seqs = store.select(this.gateway, EVERYTHING, 200);
    if (seqs.length === 0) return;
    const at = this.random.between(0, seqs.length - 1);
    const { id } = store.list(this.gateway, EVERYTHING, 1, at)[0] ?? {};
    const seq = seqs[at];
    if (typeof id !== "string" || seq === undefined) return;
    this.#removed.add(id);
    store.remove([seq]);
  }

  /** A random event: a late log, retention, a colleague. */
  happen(): void {
    if (this.random.chance(this.quirks.churn)) this.#insert(1);
    if (this.random.chance(this.quirks.churn / 2)) this.#removeAny();
  }

  alive(): Set<string> {
    return new Set(this.#server.store.list(this.gateway, EVERYTHING, 5000, 0).map(({ id }) => id));
  }

  /** Logs that only a DELETE can have removed. */
  deleted(): string[] {
    const alive = this.alive();
    return [...this.#ever].filter((id) => !alive.has(id) && !this.#removed.has(id));
  }

  /** A source over an API with quirks, while logs change before and after each call. */
  source(): CloudflareSource {
    const { ignoresGet, ignoresDelete, liesAboutTotals } = this.quirks;
    const fetching: typeof fetch = async (input, init) => {
      let url = String(input);
      const isList = /\/logs\?/.test(url);
      if (isList && (init?.method === "DELETE" ? ignoresDelete : ignoresGet)) url = url.replace(/filters=/, "filter=");
      this.happen();
      const answer = await fetch(url, init);
      if (init?.method === "DELETE") await this.#server.settled();
      this.happen();
      if (!liesAboutTotals || init?.method === "DELETE" || !isList) return answer;
      const body = await answer.text();
      const lie = () => String(this.random.between(0, 300));
      return new Response(body.replace(/"total_count":\d+/, `"total_count":${lie()}`), answer);
    };
    const { baseUrl, token } = this.#server;
    const budgets = new CallBudgets({ limit: 1_000_000 });
    const client = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), fetch: fetching, budgets });
    return cloudflareSource(client, ACCOUNT);
  }
}

function someOf(world: World): DeletionRequest {
  const { random, gateway } = world;
  const alive = [...world.alive()];
  const logIds = alive.filter(() => random.chance(0.4));
  if (random.chance(0.3) && isSome(logIds)) return { type: "chosen", gateway, logIds };
  const filter = parseFilter(random.pick(LINES), new Date(DAY), "utc");
  return requestOf({ type: "fitting", gateway, filter }) ?? assert.fail("a condition");
}

/** Runs a deletion, sometimes canceled and continued. Gives how each run ended. */
async function runDeletion(world: World, preview: DeletionPreview): Promise<DeletionResult[]> {
  const outcomes: DeletionResult[] = [];
  const { gateway } = preview;
  for (let ids = preview.ids; ;) {
    const abort = new AbortController();
    let handled = 0;
    const cancels = outcomes.length < 2 && world.random.chance(0.3);
    const outcome = await deleteSubset(
      world.source(),
      { gateway, ids },
      {
        signal: abort.signal,
        pauses: PAUSES,
        onGone: (logs: readonly Log[]) => {
          if (cancels && logs.length > 1) abort.abort();
        },
        onProgress: (progress) => (handled = progress.handled),
      },
    );
    outcomes.push(outcome);
    check(outcome, ids, world);
    const rest = ids.slice(handled);
    if (outcome.end !== "canceled" || !isSome(rest)) return outcomes;
    ids = rest;
  }
}

/** Checks whether a run's report is true. */
function check(outcome: DeletionResult, ids: readonly string[], world: World): void {
  const alive = world.alive();
  const there = ids.filter((id) => alive.has(id));
  assert.ok(outcome.gone + outcome.absent <= ids.length - there.length, "no more are told to be gone than are");
  if (outcome.end !== "done") return;
  assert.deepEqual(there, [], "done means that all are gone");
  assert.equal(outcome.gone + outcome.absent, ids.length);
}

/** One preview and its deletion; gives the outcomes and the ids that were shown. */
async function oneDeletion(
  world: World,
  file: string | undefined,
): Promise<{ ends: string[]; shown: readonly string[] }> {
  const { signal } = new AbortController();
  try {
    let preview = await previewOf(world.source(), someOf(world), { signal });
    if (!preview) return { ends: ["nothing"], shown: [] };
    const shown = preview.ids;
    // The dialog is open for a while.
    for (let calls = world.random.between(0, 10); calls > 0; calls--) world.happen();
    if (file !== undefined) preview = await exportForDeletion(world.source(), preview, file, { signal });
    const outcomes = await runDeletion(world, preview);
    return { ends: outcomes.map(({ end }) => end), shown };
  } catch (error) {
    if (error instanceof Doubt) return { ends: ["doubt"], shown: [] };
    if (error instanceof Error && "reason" in error) return { ends: [String(error.reason)], shown: [] };
    throw error;
  }
}

/**
 * Plays a history by its number: logs arrive late, disappear, share milliseconds; totals lag; filters are ignored in
 * GET, in DELETE, in both; a second window also deletes; the clock is off. Checks each run's report. `file`: for an
 * export before a deletion.
 */
export async function playHistory(server: TestGateway, seed: number, file: string): Promise<HistoryEnd> {
  const world = new World(server, seed);
  const { random, quirks, gateway } = world;
  const isExported = random.chance(0.3);
  const first = oneDeletion(world, isExported ? file : undefined);
  const second = random.chance(0.25) ? oneDeletion(world, undefined) : undefined;
  const ends = await Promise.all([first, ...(second ? [second] : [])]);
  await server.settled();
  const deleted = world.deleted();
  const shown = new Set(ends.flatMap((end) => end.shown));
  if (isExported && !second && !quirks.ignoresDelete && deleted.length > 0) {
    const kept = new Map(rowsIn(file).map(({ id, request }) => [id, JSON.stringify(request)]));
    for (const id of deleted) assert.ok(kept.get(id)?.includes(id), "the file has what is gone, with its bodies");
  }
  server.store.removeGateway(gateway);
  return {
    ends: ends.flatMap((end) => end.ends),
    deleted: deleted.length,
    unseen: deleted.filter((id) => !shown.has(id)),
    isDeleteIgnored: quirks.ignoresDelete,
    isExported,
  };
}

/** A server for histories: it takes any number of calls and deletes at once. */
export const startForHistories = (): Promise<TestGateway> =>
  startTestGateway({ deleteDelayMs: 0, keepTotalsMs: 50, rateLimit: { limit: 100_000_000, windowMs: 1000 } });
