// npm run soak: reads 100,000 mutated exchanges, and every exchange grown in each of its places, on all cores. Fails if
// one throws, is malformed, hangs, or takes too long; then counts calls at a million events, and runs the mutants. A mutation is identified by its number:
// `npm run soak -- --from 4711 --count 1` repeats one, `-- --growth` only measures growth.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inspect, parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Failure, Growth, Report, Task } from "../test/soak/protocol.ts";
import { isRecordedHere } from "../test/traffic.ts";
import { whenNpmEnds } from "./processes.ts";

/** Seconds one reading may take. The longest bodies are 2 MB and take some 50 ms. */
const HANGS = 10;
/** Seconds one growth, three times measured over, may take. */
const GROWTH_HANGS = 120;
/** Limit on the growth of the time per character in a body 16 times as large: quadratic would be 16. */
const LINEAR = 4;
/** As little stack as the extension host's main thread has. */
const STACK_MB = 1;

/** Random histories of deletions that are played. */
const HISTORIES = 10_000;

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "0" },
    count: { type: "string", default: "100000" },
    growth: { type: "boolean", default: false },
    histories: { type: "string" },
  },
});
const from = Number(values.from);
const count = Number(values.count);
if (!Number.isInteger(from) || !Number.isInteger(count)) throw new Error("--from and --count are whole numbers");
const threads = Math.min(availableParallelism(), Math.max(1, count));

const started = Date.now();
const failures: Failure[] = [];
const growths: Growth[] = [];
const hung: string[] = [];
let bothered = false;

const seconds = () => ((Date.now() - started) / 1000).toFixed(1);

/** Runs a share of the numbers in a thread; a number that hangs is reported and skipped. */
async function share(kind: Task["kind"], first: number, end: number): Promise<void> {
  const at = new Int32Array(new SharedArrayBuffer(4)).fill(first);
  const task: Task = { kind, first, end, step: threads, at };
  const worker = new Worker(new URL("../test/soak/worker.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  worker.on("message", (report: Report) => {
    if ("failure" in report) tellFailure(report.failure);
    else growths.push(report.growth);
  });
  worker.on("error", (error) => {
    hung.push(`${kind} ${at[0]}: the thread ended: ${String(error)}`);
  });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const limit = (kind === "growths" ? GROWTH_HANGS : HANGS) * 1000;
  let seen = { number: -1, since: Date.now() };
  const watch = setInterval(() => {
    const number = Atomics.load(at, 0);
    if (number !== seen.number) seen = { number, since: Date.now() };
    else if (Date.now() - seen.since > limit) {
      hung.push(`${kind} ${number} takes more than ${limit / 1000} s`);
      void worker.terminate();
    }
  }, 250);
  await ended;
  clearInterval(watch);
  const number = Atomics.load(at, 0);
  if (number >= 0 && number + threads < end) await share(kind, number + threads, end);
}

function tellFailure(failure: Failure): void {
  failures.push(failure);
  if (failures.length > 10) return;
  console.log(`✖ mutation ${failure.number}: ${failure.what}`);
  console.log(inspect(failure.exchange, { maxStringLength: 4000, maxArrayLength: 200 }));
  console.log(`  again: npm run soak -- --from ${failure.number} --count 1\n`);
}

async function all(kind: Task["kind"], first: number, end: number): Promise<void> {
  await Promise.all(Array.from({ length: threads }, (_unused, index) => share(kind, first + index, end)));
}

/**
 * Plays random histories of deletions from the first on, one process per core. Returns whether one lost or miscounted a
 * log.
 */
async function playHistories(number: number): Promise<boolean> {
  const codes = await Promise.all(
    Array.from({ length: availableParallelism() }, async (_unused, index) => {
      const range = [index + 1, number + 1, availableParallelism()].map(String);
      const child = spawn(process.execPath, [join(import.meta.dirname, "../test/soak/deletions.ts"), ...range], {
        stdio: "inherit",
      });
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    }),
  );
  return codes.some((code) => code !== 0);
}

/** Runs a script; returns whether it ended well. */
const runs = (script: string): boolean =>
  spawnSync(process.execPath, [join(import.meta.dirname, script)], { stdio: "inherit" }).status === 0;

whenNpmEnds(() => process.exit(130));
if (values.histories !== undefined) process.exit((await playHistories(Number(values.histories))) ? 1 : 0);
if (!isRecordedHere) console.log("../shared/traffic is not here: only the made-up exchanges are mutated");

if (!values.growth) {
  await all("mutations", from, from + count);
  const took = Number(seconds());
  console.log(
    `mutations ${from} to ${from + count - 1}: ${took} s on ${threads} threads, ${Math.round(count / took)}/s`,
  );
}
if (values.growth || count >= 100_000) {
  const before = Date.now();
  await all("growths", 0, Number.MAX_SAFE_INTEGER);
  const worst = growths.toSorted((a, b) => b.ratio - a.ratio);
  console.log(
    `${growths.length} ways to grow, ${((Date.now() - before) / 1000).toFixed(1)} s. Time a character, 16 × the size:`,
  );
  for (const { name, ratio, times, sizes } of worst.filter((one, index) => index < 12 || one.ratio > LINEAR)) {
    const verdict = ratio > LINEAR ? `TOO SLOW, at most ×${LINEAR}` : "ok";
    if (ratio > LINEAR) bothered = true;
    const steps = times.map((time, index) => `${((sizes[index] ?? 0) / 1e6).toFixed(1)} MB ${time.toFixed(0)} ms`);
    console.log(`  ×${ratio.toFixed(1)}  ${name}   ${steps.join("  ")}   ${verdict}`);
  }
}
for (const line of hung) console.log(`✖ ${line}`);
let [isUnnoticed, isLost, isGrowing] = [false, false, false];
if (!values.growth && count >= 100_000) {
  isLost = await playHistories(HISTORIES);
  isGrowing = !runs("../test/soak/events.ts");
  isUnnoticed = !runs("mutants.ts");
}
const isWell = failures.length + hung.length === 0 && !bothered && !isUnnoticed && !isLost && !isGrowing;
console.log(`${isWell ? "✔" : "✖"} ${failures.length} failed, ${hung.length} hung, ${seconds()} s`);
process.exitCode = isWell ? 0 : 1;
