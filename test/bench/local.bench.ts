import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../src/local/samples/random.ts";
import { startLocalGateway } from "../../src/local/server.ts";
import { LogStore, type NewLog } from "../../src/local/store.ts";
import { wireKeyOf } from "../../src/sources/cloudflare/wire-keys.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const GATEWAY = "bench";
const DAY = 86_400_000;
const FIRST_DAY = Date.parse("2026-11-01T00:00:00Z");
const DAYS = 12;
const WARM_UP = 10;
const ROUNDS = 60;

const PROVIDERS = [
  "openai",
  "anthropic",
  "google-ai-studio",
  "workers-ai",
  "mistral",
  "groq",
  "deepseek",
  "azure-openai",
];

/** Logs spread evenly over twelve days; every value is drawn independently, so that no index is helped by order, and often
 * enough to fill a page on each day of the smaller store. */
function* logs(count: number): Generator<NewLog> {
  const random = new Random(count);
  for (let index = 0; index < count; index++) {
    const provider = random.pick(PROVIDERS);
    const success = random.chance(0.9);
    yield {
      sourceId: ACCOUNT,
      collectionId: GATEWAY,
      createdAt: new Date(FIRST_DAY + Math.floor(((index + random.next()) * DAYS * DAY) / count)),
      provider,
      model: `model-${random.between(1, 5)}${random.pick(["-mini", ""])}`,
      modelType: "chat",
      path: "chat/completions",
      durationMs: random.between(200, 9000),
      success,
      statusCode: success ? 200 : 500,
      cached: random.chance(0.1),
      tokensIn: random.between(10, 4000),
      tokensOut: random.between(1, 900),
      cost: random.between(1, 90_000) / 1_000_000,
      metadata: { env: random.chance(0.9) ? "production" : "staging", customer: random.between(1, 12) },
      requestContentType: "application/json",
      responseContentType: "application/json",
      request: `{"model":"m","messages":[{"role":"user","content":"question ${index}"}]}`,
      response: '{"choices":[{"message":{"role":"assistant","content":"answer"}}]}',
    };
  }
}

type Filter = { key: string; operator: string; value: unknown[] };

/** An additional condition besides the day. Scans are reported only, not judged. */
const CASES: { name: string; filter?: Filter; search?: string; scan?: boolean }[] = [
  { name: "day alone" },
  { name: "provider eq", filter: { key: "provider", operator: "eq", value: ["anthropic"] } },
  { name: "provider eq, two values", filter: { key: "provider", operator: "eq", value: ["anthropic", "groq"] } },
  { name: "provider neq", filter: { key: "provider", operator: "neq", value: ["openai"] } },
  { name: "model eq", filter: { key: "model", operator: "eq", value: ["model-2-mini"] } },
  { name: "model contains", filter: { key: "model", operator: "contains", value: ["-mini"] } },
  { name: "model_type eq", filter: { key: "modelType", operator: "eq", value: ["chat"] } },
  { name: "success eq true", filter: { key: "success", operator: "eq", value: [true] } },
  { name: "success eq false", filter: { key: "success", operator: "eq", value: [false] } },
  { name: "cached eq true", filter: { key: "cached", operator: "eq", value: [true] } },
  { name: "feedback eq null", filter: { key: "feedback", operator: "eq", value: [null] } },
  { name: "metadata.key eq", filter: { key: "metadataKey", operator: "eq", value: ["env"] } },
  { name: "metadata.value eq, common", filter: { key: "metadataValue", operator: "eq", value: ["production"] } },
  { name: "metadata.value eq, one in 12", filter: { key: "metadataValue", operator: "eq", value: ["7"] } },
  { name: "cost gt", filter: { key: "cost", operator: "gt", value: [0.08] }, scan: true },
  { name: "search", search: "MODEL-3", scan: true },
];

type Case = (typeof CASES)[number];

type Filled = { seconds: number; page(one: Case, round: number): Promise<number>; close(): Promise<void> };

/** A gateway with this many logs; `page` returns the milliseconds of one page. */
async function fill(folder: string, count: number): Promise<Filled> {
  const store = new LogStore(join(folder, `${count}.sqlite`));
  store.addAccount({ id: ACCOUNT, name: "Bench", createdOn: new Date(FIRST_DAY) });
  store.addGateway({ sourceId: ACCOUNT, id: GATEWAY, createdAt: new Date(FIRST_DAY) });
  const started = performance.now();
  for (const some of inBatches(logs(count), 50_000)) store.insert(some);
  const seconds = (performance.now() - started) / 1000;
  const gateway = await startLocalGateway({ store, rateLimit: { limit: 1_000_000, windowMs: 1000 } });
  const url = `${gateway.baseUrl}/accounts/${ACCOUNT}/ai-gateway/gateways/${GATEWAY}/logs`;
  return {
    seconds,
    page: async ({ filter, search = "" }, round) => {
      // Another day and another ragged second each time: no answer repeats.
      const from = FIRST_DAY + (round % (DAYS - 1)) * DAY + round * 7000;
      const filters: Filter[] = [
        { key: "createdAt", operator: "gt", value: [new Date(from).toISOString()] },
        { key: "createdAt", operator: "lt", value: [new Date(from + DAY).toISOString()] },
        ...(filter === undefined ? [] : [filter]),
      ];
      const wired = filters.map((one) => ({ ...one, key: wireKeyOf(one.key) }));
      const query = new URLSearchParams({ filters: JSON.stringify(wired), per_page: "50", search });
      const begun = performance.now();
      const response = await fetch(`${url}?${query.toString()}`, {
        headers: { authorization: `Bearer ${gateway.token}` },
      });
      const { result } = (await response.json()) as { result: unknown[] };
      if (result.length !== 50) throw new Error("The bench's page is not full.");
      return performance.now() - begun;
    },
    close: async () => {
      await gateway.close();
      store.close();
    },
  };
}

function* inBatches<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const one of all) {
    if (batch.push(one) < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * One page of 50 logs in a window of one day with one more condition, over HTTP, with its total: from 10,000 and from
 * 1,000,000 logs, both over the same twelve days, so that the second window holds a hundred times the logs. The second
 * median must be at most twice the first. Both are measured in turn, so that other work affects both.
 */
export default async function benchLocal(): Promise<{ name: string; lines: string[]; ok: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "local-bench-"));
  const filled: Filled[] = [];
  try {
    const few = await fill(folder, 10_000);
    filled.push(few);
    const many = await fill(folder, 1_000_000);
    filled.push(many);
    let ok = true;
    const lines: string[] = [];
    for (const one of CASES) {
      const times: { few: number[]; many: number[] } = { few: [], many: [] };
      for (let round = 0; round < WARM_UP + ROUNDS; round++) {
        const pair = [await few.page(one, round), await many.page(one, round)] as const;
        if (round < WARM_UP) continue;
        times.few.push(pair[0]);
        times.many.push(pair[1]);
      }
      const [first, second] = [median(times.few), median(times.many)];
      const fits = second <= 2 * first;
      if (one.scan !== true && !fits) ok = false;
      const verdict = one.scan === true ? "passes over the window, not judged" : fits ? "ok" : "TOO SLOW";
      const ratio = (second / first).toFixed(2);
      lines.push(`${one.name.padEnd(30)} ${first.toFixed(2)} ms → ${second.toFixed(2)} ms  ×${ratio}  ${verdict}`);
    }
    lines.push(`filling: ${few.seconds.toFixed(1)} s, ${many.seconds.toFixed(1)} s`);
    return { name: "local gateway: a page of 50 in a day, one more condition, 10,000 → 1,000,000 logs", lines, ok };
  } finally {
    for (const one of filled) await one.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
