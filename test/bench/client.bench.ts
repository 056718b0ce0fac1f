import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Cloudflare from "cloudflare";
import type { Measured } from "../../scripts/bench.ts";
import { CallBudgets } from "../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../src/sources/cloudflare/client.ts";
import { createTransport } from "../../src/http/transport.ts";
import { ACCOUNT, GATEWAY } from "../gateway.ts";

const LOGS = 20_000;
const LATENCY_MS = 50;
const ROUNDS = 5;
/** Warm-up rounds, in which both are still being compiled: ours takes about five. */
const WARMING = { none: 5, latency: 1 };
const WALK = { few: 100_000, many: 1_000_000 };
/** Required ratio of logs per second to the official client's. */
const AT_LEAST = { none: 3, latency: 5 };

type Server = { baseUrl: string; token: string; stop(): void };
type List = () => Promise<number>;

async function start(kind: "gateway" | "pages", count: number): Promise<Server> {
  const child = fork(join(import.meta.dirname, "server.ts"), [kind, String(count)]);
  const [message] = (await once(child, "message")) as [{ baseUrl: string; token: string }];
  return { ...message, stop: () => child.disconnect() };
}

const delayed =
  (through: typeof fetch, ms: number): typeof fetch =>
  async (input, init) => {
    if (ms > 0) await wait(ms);
    return through(input, init);
  };

function ours({ baseUrl, token }: Server, ms: number): { list: List; close(): Promise<void> } {
  const transport = createTransport();
  const client = new CloudflareClient({
    baseUrl,
    token: () => Promise.resolve(token),
    fetch: delayed(transport.fetch, ms),
    budgets: new CallBudgets({ limit: 1_000_000_000 }),
  });
  const list = async () => {
    let count = 0;
    for await (const page of client.walkLogs(GATEWAY, {})) count += page.logs.length;
    return count;
  };
  return { list, close: () => transport.close() };
}

function official({ baseUrl, token }: Server, ms: number): List {
  const client = new Cloudflare({
    apiToken: token,
    baseURL: baseUrl,
    fetch: delayed(fetch, ms),
    maxRetries: 0,
  });
  return async () => {
    let count = 0;
    const query = { account_id: ACCOUNT, per_page: 50, order_by: "created_at", order_by_direction: "desc" } as const;
    for await (const log of client.aiGateway.logs.list(GATEWAY.collectionId, query)) if (log.id) count++;
    return count;
  };
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function logsPerSecond(list: List): Promise<number> {
  const started = performance.now();
  const count = await list();
  if (count !== LOGS) throw new Error(`${count} of ${LOGS} logs were listed`);
  return count / ((performance.now() - started) / 1000);
}

/** In turn in each round, so that both see the same machine. */
async function compare(
  server: Server,
  ms: number,
  rounds: number,
  warming: number,
): Promise<{ ours: number; official: number }> {
  const mine = ours(server, ms);
  const theirs = official(server, ms);
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = -warming; round < rounds; round++) {
    const [our, their] = [await logsPerSecond(mine.list), await logsPerSecond(theirs)];
    if (round < 0) continue;
    a.push(our);
    b.push(their);
  }
  await mine.close();
  return { ours: median(a), official: median(b) };
}

/** Peak memory, without garbage, while walking this many logs; in MB. */
async function peakOf(count: number): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const server = await start("pages", count);
  const transport = createTransport();
  const { baseUrl, token } = server;
  const client = new CloudflareClient({
    baseUrl,
    token: () => Promise.resolve(token),
    fetch: transport.fetch,
    budgets: new CallBudgets({ limit: 1_000_000_000 }),
  });
  let peak = 0;
  let seen = 0;
  for await (const page of client.walkLogs(GATEWAY, {})) {
    seen += page.logs.length;
    if (page.page % 200 !== 0) continue;
    collect();
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  }
  if (seen !== count) throw new Error(`${seen} of ${count} logs were walked`);
  await transport.close();
  server.stop();
  return peak / 1e6;
}

/** Listing all logs against the official client, on the same local gateway; and the memory of a long walk. */
export default async function benchClient(): Promise<Measured> {
  const server = await start("gateway", LOGS);
  const none = await compare(server, 0, ROUNDS, WARMING.none);
  const latency = await compare(server, LATENCY_MS, 1, WARMING.latency);
  server.stop();
  const few = await peakOf(WALK.few);
  const many = await peakOf(WALK.many);
  const line = (name: string, { ours: mine, official: theirs }: { ours: number; official: number }, least: number) =>
    `${name.padEnd(16)} ${mine.toFixed(0).padStart(7)} logs/s  official client ${theirs.toFixed(0).padStart(6)}  ×${(mine / theirs).toFixed(1)}, at least ×${least}`;
  const grows = many / few;
  return {
    name: `client: listing ${LOGS} logs, every row validated`,
    lines: [
      line("no latency", none, AT_LEAST.none),
      line(`${LATENCY_MS} ms latency`, latency, AT_LEAST.latency),
      `peak memory of a walk: ${few.toFixed(0)} MB for ${WALK.few} logs, ${many.toFixed(0)} MB for ${WALK.many}  ×${grows.toFixed(2)}`,
    ],
    ok:
      none.ours / none.official >= AT_LEAST.none && latency.ours / latency.official >= AT_LEAST.latency && grows < 1.25,
  };
}
