import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../src/local/samples/random.ts";
import { startLocalGateway } from "../../src/local/server.ts";
import { LogStore, type NewLog } from "../../src/local/store.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const GATEWAY = "bench";
const DAY = 86_400_000;
const FIRST_DAY = Date.parse("2026-11-01T00:00:00Z");
const DAYS = 12;
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

/** Logs spread evenly over twelve days; every value is drawn independently, so that no index is helped by order. */
function* logs(count: number): Generator<NewLog> {
  const random = new Random(count);
  for (let index = 0; index < count; index++) {
    const provider = random.pick(PROVIDERS);
    const success = random.chance(0.97);
    yield {
      accountId: ACCOUNT,
      gatewayId: GATEWAY,
      createdAt: new Date(FIRST_DAY + Math.floor(((index + random.next()) * DAYS * DAY) / count)),
      provider,
      model: `${provider}-model-${random.between(1, 4)}`,
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

/** The one more condition beside the day. Those marked as scans are measured to be told, not to be judged. */
const CASES: { name: string; filter?: Filter; scan?: boolean }[] = [
  { name: "day alone" },
  { name: "provider eq", filter: { key: "provider", operator: "eq", value: ["anthropic"] } },
  { name: "provider eq, two values", filter: { key: "provider", operator: "eq", value: ["anthropic", "groq"] } },
  { name: "provider neq", filter: { key: "provider", operator: "neq", value: ["openai"] } },
  { name: "model eq", filter: { key: "model", operator: "eq", value: ["openai-model-2"] } },
  { name: "model contains", filter: { key: "model", operator: "contains", value: ["ai-model"] } },
  { name: "success eq true", filter: { key: "success", operator: "eq", value: [true] } },
  { name: "success eq false", filter: { key: "success", operator: "eq", value: [false] } },
  { name: "cached eq true", filter: { key: "cached", operator: "eq", value: [true] } },
  { name: "feedback eq null", filter: { key: "feedback", operator: "eq", value: [null] } },
  { name: "metadata.key eq", filter: { key: "metadata.key", operator: "eq", value: ["env"] } },
  { name: "metadata.value eq, common", filter: { key: "metadata.value", operator: "eq", value: ["production"] } },
  { name: "metadata.value eq, one in 12", filter: { key: "metadata.value", operator: "eq", value: ["7"] } },
  { name: "cost gt", filter: { key: "cost", operator: "gt", value: [0.08] }, scan: true },
];

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

type Measured = { fillSeconds: number; medians: number[] };

async function measure(folder: string, count: number): Promise<Measured> {
  const store = new LogStore(join(folder, `${count}.sqlite`));
  const gateway = await startLocalGateway({ store, rateLimit: { limit: 1_000_000, windowMs: 1000 } });
  try {
    store.addAccount({ id: ACCOUNT, name: "Bench", createdOn: new Date(FIRST_DAY) });
    store.addGateway({ accountId: ACCOUNT, id: GATEWAY, createdAt: new Date(FIRST_DAY) });
    const started = performance.now();
    store.insert(logs(count));
    const fillSeconds = (performance.now() - started) / 1000;
    const page = async (filter: Filter | undefined, round: number) => {
      // Another day and another ragged second each time: no answer repeats.
      const from = FIRST_DAY + (round % (DAYS - 1)) * DAY + round * 7000;
      const filters: Filter[] = [
        { key: "created_at", operator: "gt", value: [new Date(from).toISOString()] },
        { key: "created_at", operator: "lt", value: [new Date(from + DAY).toISOString()] },
        ...(filter === undefined ? [] : [filter]),
      ];
      const query = new URLSearchParams({ filters: JSON.stringify(filters), per_page: "50" });
      const begun = performance.now();
      const response = await fetch(
        `${gateway.baseUrl}/accounts/${ACCOUNT}/ai-gateway/gateways/${GATEWAY}/logs?${query.toString()}`,
        {
          headers: { authorization: `Bearer ${gateway.token}` },
        },
      );
      const { success } = (await response.json()) as { success: boolean };
      if (!success) throw new Error("The bench's page failed.");
      return performance.now() - begun;
    };
    const medians: number[] = [];
    for (const { filter } of CASES) {
      for (let round = 0; round < 10; round++) await page(filter, round);
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await page(filter, round));
      medians.push(median(times));
    }
    return { fillSeconds, medians };
  } finally {
    await gateway.close();
    store.close();
  }
}

/**
 * One page of 50 logs under a window of one day and one more condition, over HTTP, with its total: from 10,000 and from 1,000,000
 * logs, both spread over the same twelve days, so that the second window holds a hundred times the logs. The median of the second
 * must be at most twice that of the first.
 */
export default async function benchLocal(): Promise<{ name: string; lines: string[]; ok: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "local-bench-"));
  try {
    const few = await measure(folder, 10_000);
    const many = await measure(folder, 1_000_000);
    let ok = true;
    const lines = CASES.map(({ name, scan = false }, index) => {
      const first = few.medians[index] ?? Number.NaN;
      const second = many.medians[index] ?? Number.NaN;
      const fits = second <= 2 * first;
      if (!scan && !fits) ok = false;
      const verdict = scan ? "passes over the window, not judged" : fits ? "ok" : "TOO SLOW";
      return `${name.padEnd(30)} ${first.toFixed(2)} ms → ${second.toFixed(2)} ms  ×${(second / first).toFixed(2)}  ${verdict}`;
    });
    lines.push(`filling: ${few.fillSeconds.toFixed(1)} s, ${many.fillSeconds.toFixed(1)} s`);
    return { name: "local gateway: a page of 50 in a day, one more condition, 10,000 → 1,000,000 logs", lines, ok };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
