import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Cloudflare from "cloudflare";
import type { Measured } from "../../scripts/bench.ts";
import { CallBudgets } from "../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../src/sources/cloudflare/client.ts";
import { cloudflareSource } from "../../src/sources/cloudflare/source.ts";
import { createTransport } from "../../src/http/transport.ts";
import { exportLogs } from "../../src/export/export.ts";
import { ACCOUNT, GATEWAY } from "../gateway.ts";

const LOGS = 20_000;
const LATENCY_MS = 50;
const ROUNDS = 3;
const MEMORY = { rows: [10_000, 100_000], bodies: [2000, 20_000] } as const;
/**
 * Required ratio of rows per second in the file to rows per second that the official client lists without writing them.
 */
const AT_LEAST = { none: 1.5, latency: 3 };

type Server = { baseUrl: string; token: string; stop(): void };

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

/** Exports all logs to a file and returns their number; `onProgress` gets the export's reports. */
async function exporting({ baseUrl, token }: Server, bodies: boolean, ms: number, onProgress?: () => void) {
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-export-"));
  const transport = createTransport();
  const client = new CloudflareClient({
    baseUrl,
    token: () => Promise.resolve(token),
    fetch: delayed(transport.fetch, ms),
    budgets: new CallBudgets({ limit: 1_000_000_000 }),
  });
  const filter = { conditions: [], search: "", clientSide: [] };
  const job = { subset: { type: "fitting", gateway: GATEWAY, filter }, format: "jsonLines", bodies } as const;
  const signal = new AbortController().signal;
  try {
    const options = { signal, ...(onProgress ? { onProgress } : {}) };
    return (await exportLogs(cloudflareSource(client, ACCOUNT), job, join(folder, "logs.jsonl"), options)).count;
  } finally {
    await transport.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function listing({ baseUrl, token }: Server, ms: number): Promise<number> {
  const client = new Cloudflare({ apiToken: token, baseURL: baseUrl, fetch: delayed(fetch, ms), maxRetries: 0 });
  const query = { account_id: ACCOUNT, per_page: 50, order_by: "created_at", order_by_direction: "desc" } as const;
  let count = 0;
  for await (const log of client.aiGateway.logs.list(GATEWAY.collectionId, query)) if (log.id) count++;
  return count;
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const count = await work();
  if (count !== LOGS) throw new Error(`${count} of ${LOGS} logs`);
  return count / ((performance.now() - started) / 1000);
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** In turn in each round, so that both see the same machine; in the first one both are still being compiled. */
async function compare(server: Server, ms: number, rounds: number) {
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const mine = await perSecond(() => exporting(server, false, ms));
    const theirs = await perSecond(() => listing(server, ms));
    if (round === 0) continue;
    a.push(mine);
    b.push(theirs);
  }
  return { ours: median(a), official: median(b) };
}

/** Peak memory, without garbage, while exporting this many logs; in MB. */
async function peakOf(count: number, bodies: boolean): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const server = await start("pages", count);
  let peak = 0;
  const measure = (): void => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  };
  const exported = await exporting(server, bodies, 0, measure);
  server.stop();
  if (exported !== count) throw new Error(`${exported} of ${count} logs were exported`);
  return peak / 1e6;
}

/** Exporting against the official client's listing, on the same local gateway; and the memory of long exports. */
export default async function benchExport(): Promise<Measured> {
  const server = await start("gateway", LOGS);
  const none = await compare(server, 0, ROUNDS);
  const latency = await compare(server, LATENCY_MS, 1);
  server.stop();
  const line = (name: string, { ours, official }: { ours: number; official: number }, least: number) =>
    `${name.padEnd(16)} ${ours.toFixed(0).padStart(7)} rows/s  official client's loop ${official.toFixed(0).padStart(6)}  ×${(ours / official).toFixed(1)}, at least ×${least}`;
  const memory: { line: string; grows: number }[] = [];
  for (const kind of ["rows", "bodies"] as const) {
    const [few, many] = MEMORY[kind];
    const small = await peakOf(few, kind === "bodies");
    const large = await peakOf(many, kind === "bodies");
    const grows = large / small;
    const name = kind === "bodies" ? "with bodies" : "without bodies";
    memory.push({
      grows,
      line: `peak memory ${name}: ${small.toFixed(0)} MB for ${few} logs, ${large.toFixed(0)} MB for ${many}  ×${grows.toFixed(2)}`,
    });
  }
  return {
    name: `export: ${LOGS} logs to JSON Lines on disk`,
    lines: [
      line("no latency", none, AT_LEAST.none),
      line(`${LATENCY_MS} ms latency`, latency, AT_LEAST.latency),
      ...memory.map((one) => one.line),
    ],
    ok:
      none.ours / none.official >= AT_LEAST.none &&
      latency.ours / latency.official >= AT_LEAST.latency &&
      memory.every(({ grows }) => grows < 1.25),
  };
}
