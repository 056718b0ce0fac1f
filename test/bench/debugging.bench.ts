import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "../../scripts/bench.ts";
import { Tracker } from "../../src/debugging/core/tracker.ts";
import { LogIds } from "../../src/logs/log-ids.ts";
import { NAMES } from "../../src/sources/cloudflare/names.ts";
import { aLog, startTestGateway } from "../gateway.ts";
import { openWindow, type Window } from "../ui/window.ts";

const ROUNDS = 5;
/** Limit on CPU, in percent of a core, while a program prints 1 MB in a second. */
const MOST_CPU = 2;
const MB = 1_000_000;
/** Megabytes that are listened to in a round. */
const LISTENED = 8;
/** Megabytes that a program prints before it stops. */
const PRINTED = 2;
const ID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** Program output of a total size, one line per event. */
function printed(line: (index: number) => string, bytes: number): object[] {
  const events: object[] = [];
  for (let size = 0, index = 0; size < bytes; index++) {
    const output = `${line(index)}\n`;
    size += output.length;
    events.push({ type: "event", event: "output", body: { category: "stdout", output } });
  }
  return events;
}

/**
 * Returns the share of a core, in percent, that listening takes at 1 MB of output per second; and the number of IDs
 * found.
 */
function listening(events: readonly object[]): { percent: number; heard: number } {
  let heard = 0;
  const tracker = new Tracker(new LogIds(NAMES.logIds), {
    ids: (ids) => void (heard += ids.length),
    stopped: () => undefined,
  });
  const before = process.cpuUsage();
  for (const event of events) tracker.onDidSendMessage(event);
  const { user, system } = process.cpuUsage(before);
  return { percent: (user + system) / 10_000 / LISTENED, heard };
}

const kinds: Record<string, (index: number) => string> = {
  "lines of a log": (index) => `[${index}] info: request took ${index % 900} ms, the quick brown fox jumps over it`,
  "the same, coloured": (index) => `\u001b[33m${index}\u001b[39m \u001b[32m'request took ${index % 900} ms'\u001b[39m`,
  "an id a kilobyte": (index) => `${`{"index":${index},"text":"some words of an answer"} `.repeat(20)} ${ID}`,
};

/** Returns the CPU that listening takes, as a median of rounds. */
function cpu(): { lines: string[]; ok: boolean } {
  let ok = true;
  const lines = Object.entries(kinds).map(([name, line]) => {
    const events = printed(line, LISTENED * MB);
    const rounds = Array.from({ length: ROUNDS }, () => listening(events));
    const percent = median(rounds.map((round) => round.percent));
    const expected = name === "an id a kilobyte" ? events.length : 0;
    const isWhole = rounds.every(({ heard }) => heard === expected);
    ok &&= percent < MOST_CPU && isWhole;
    return `1 MB/s of output, ${name.padEnd(20)} ${percent.toFixed(2)} % of a core, at most ${MOST_CPU} %; ids heard: ${rounds[0]?.heard} of ${expected}`;
  });
  return { lines, ok };
}

const program = `
const line = "x".repeat(199);
for (let printed = 0; printed < ${PRINTED * MB}; printed += 200) console.log(line);
const call = { "cf-aig-log-id": "${ID}" };
debugger;
console.log(call);
`;

/** Milliseconds from starting the program until it is shown stopped, and until the log is shown there. */
async function session({ page }: Window, withValues: boolean): Promise<{ stopped: number; value: number }> {
  const measured = page.evaluate<{ stopped: number; value: number }>(`new Promise((resolve) => {
    const start = performance.now();
    let stopped;
    const look = () => {
      const now = performance.now();
      if (stopped === undefined && document.querySelector(".debug-top-stack-frame-line")) stopped = now;
      const hasValue = ${withValues} ? /200\\s·/.test(document.querySelector(".view-lines")?.textContent ?? "") : stopped !== undefined;
      if (stopped !== undefined && hasValue) resolve({ stopped: stopped - start, value: now - stopped });
      else requestAnimationFrame(look);
    };
    look();
  })`);
  await page.keyboard.press("F5");
  const times = await measured;
  await page.keyboard.press("Shift+F5");
  await page.locator(".debug-top-stack-frame-line").first().waitFor({ state: "detached" });
  await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  return times;
}

async function openProgram(window: Window): Promise<void> {
  await window.page.keyboard.press("Control+p");
  await window.quickInput.locator("input").first().fill("bench.mjs");
  await window.quickInput.locator(".monaco-list-row", { hasText: "bench.mjs" }).first().waitFor();
  await window.page.keyboard.press("Enter");
  await window.page.locator(".tabs-container .tab.active", { hasText: "bench.mjs" }).waitFor();
}

/** Sessions with and without the extension in turn, each in its own window. */
async function sessions(): Promise<string[]> {
  const gateway = await startTestGateway();
  gateway.store.insert([aLog({ id: ID, createdAt: new Date() })]);
  const folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  await mkdir(join(folder, ".vscode"));
  const launch = { type: "node", request: "launch", name: "Bench", program: "${workspaceFolder}/bench.mjs" };
  const configurations = [{ ...launch, runtimeExecutable: process.execPath, outputCapture: "std" }];
  await writeFile(join(folder, ".vscode/launch.json"), JSON.stringify({ version: "0.2.0", configurations }));
  await writeFile(join(folder, "bench.mjs"), program);
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "debug.openDebug": "neverOpen" };
  const having = await openWindow({ settings, folder, hasAllBuiltins: true });
  const lacking = await openWindow({
    settings: { "debug.openDebug": "neverOpen" },
    folder,
    extensions: [],
    hasAllBuiltins: true,
  });
  try {
    await having.signIn(gateway.token);
    await having.row("production").waitFor();
    await openProgram(having);
    await openProgram(lacking);
    // The first session of a window starts the debugger itself.
    await session(having, true);
    await session(lacking, false);
    const [withIt, without, values]: number[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const { stopped, value } = await session(having, true);
      withIt?.push(stopped);
      values?.push(value);
      without?.push((await session(lacking, false)).stopped);
    }
    return [
      `from a stop to its log at the end of the line          ${ms(median(values ?? []))}`,
      `a session that prints ${PRINTED} MB and stops: with the extension ${ms(median(withIt ?? []))}, without it ${ms(median(without ?? []))}`,
    ];
  } finally {
    await having.close();
    await lacking.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The cost of debugging with the extension: CPU for listening, a stop, a whole session. */
export default async function debugging(): Promise<Measured> {
  const { lines, ok } = cpu();
  return { name: "debugging", lines: [...lines, ...(await sessions())], ok };
}
