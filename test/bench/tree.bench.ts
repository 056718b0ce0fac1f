import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "../../scripts/bench.ts";
import { root } from "../../scripts/root.ts";
import { calendarFor } from "../../src/logs/days.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "../ui/window.ts";
import { HostBlocks, MOST_BLOCKED } from "./panel-host.ts";
import { scrollDown } from "./panel-scroll.ts";
import { LOADED, PLAIN, writeLoader } from "./tree-host.ts";

const ROUNDS = 5;
/** Rows of one day that are loaded, at least. */
const ROWS = 10_000;
/** Number of pages for that: each begins with known rows. */
const PAGES = Math.ceil(ROWS / 40);
/** Rows that the day has. */
const STORED = 14_000;
/** Pixels of a row of the tree. */
const ROW_HEIGHT = 22;
/** Pause between actions, in ms, so that one's remaining work doesn't count for the next. */
const REST = 1500;

const calendar = calendarFor("local");
const YESTERDAY = calendar.dayBefore(calendar.dayOf(new Date()));
const NEWEST = calendar.rangeOf(YESTERDAY).end.getTime() - 60_000;

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** The times of an action's rounds, and the blocking of the extension host in each. */
type Sample = { name: string; times: number[]; blocked: number[] };

type Bench = { window: Window; gateway: TestGateway; blocks: HostBlocks };

/** Runs each round; returns the time that counts, in ms, if not all of it does. */
async function measure(
  { window, blocks }: Bench,
  name: string,
  rounds: number,
  act: (round: number) => Promise<number | void>,
): Promise<Sample> {
  const sample: Sample = { name, times: [], blocked: [] };
  for (let round = 0; round < rounds; round++) {
    await window.page.waitForTimeout(REST);
    const began = Date.now();
    const time = await act(round);
    sample.times.push(time ?? Date.now() - began);
    await window.page.waitForTimeout(REST);
    sample.blocked.push(await blocks.longest(began));
  }
  return sample;
}

/** Actions after which VS Code resends all rows at once. */
const SENDS_ALL = /^(Load More|a new log)/;

/** `plain`: the time that VS Code alone takes to send as many rows of the same length. */
function linesOf(samples: readonly Sample[], plain: Sample): { lines: string[]; ok: boolean } {
  let ok = true;
  const lines = samples.map(({ name, times, blocked }) => {
    const isAbove = SENDS_ALL.test(name);
    const limit = MOST_BLOCKED + (isAbove ? median(plain.blocked) : 0);
    const isShort = median(blocked) <= limit;
    ok &&= isShort;
    const verdict = `limit ${ms(limit)}${isAbove ? ", of which VS Code takes the rest for as many rows of another view" : ""}  ${isShort ? "ok" : "TOO LONG"}`;
    const most = blocked.length > 1 ? ` (${ms(Math.max(...blocked))} at most)` : "";
    return `${name.padEnd(44)} ${ms(median(times)).padStart(8)}   host blocked ${ms(median(blocked))}${most}, ${verdict}`;
  });
  lines.push(`${plain.name.padEnd(44)} ${"".padStart(8)}   host blocked ${ms(median(plain.blocked))}`);
  return { lines, ok };
}

/** A view of another extension with as many rows is sent again. */
async function plainRows(bench: Bench): Promise<Sample> {
  const { window } = bench;
  await window.runCommand(PLAIN.show);
  await window.row(/^plain-0/).waitFor();
  return measure(bench, `VS Code alone: ${ROWS} rows that say as much`, ROUNDS, () => window.runCommand(PLAIN.again));
}

/** Milliseconds from a click on an element until the window has painted a row with this accessible name's beginning. */
function untilDrawn(window: Window, begins: string, click: () => Promise<void>): Promise<number> {
  const drawn = window.page.evaluate<number>(`new Promise((resolve) => {
    let clicked;
    const note = ({ timeStamp }) => (clicked ??= timeStamp);
    addEventListener("mousedown", note, { capture: true, once: true });
    const look = () => {
      const row = document.querySelector('.part.sidebar .monaco-list-row[aria-label^=${JSON.stringify(begins)}]');
      if (clicked !== undefined && row) setTimeout(() => resolve(performance.now() - clicked));
      else requestAnimationFrame(look);
    };
    look();
  })`);
  return click().then(() => drawn);
}

const twistie = (window: Window, text: RegExp) => window.row(text).locator(".monaco-tl-twistie").click();

async function collapseDay(window: Window): Promise<void> {
  await twistie(window, /^Yesterday/);
  await window.row(/^row-0,/).waitFor({ state: "detached" });
}

/** A day with only its first page loaded; expanding requests it. */
const expanding = (bench: Bench): Promise<Sample> =>
  measure(bench, "expand a day to its rows drawn (one call)", ROUNDS, async (round) => {
    const { window } = bench;
    if (round > 0) {
      await collapseDay(window);
      await window.titleButton("Refresh").click();
      await window.row(/^Yesterday, 50\+/).waitFor();
      await window.page.waitForTimeout(REST);
    }
    return untilDrawn(window, "row-0,", () => twistie(window, /^Yesterday/));
  });

/** According to the visible "Load More". */
async function loadedRows(window: Window): Promise<number> {
  const label = await window.row(/^Load More/).getAttribute("aria-label");
  return STORED - Number(label?.replace(/\D/g, ""));
}

/** How many rows are loaded then, and how long it took, in ms. */
async function loadAll({ window }: Bench): Promise<{ time: number; loaded: number }> {
  const began = Date.now();
  await window.runCommand("Bench: Load Pages");
  await window.page.locator(".notification-toast", { hasText: LOADED }).waitFor({ timeout: 300_000 });
  await window.runCommand("Notifications: Clear All Notifications");
  const time = Date.now() - began;
  const loaded = await window.until(async () => {
    await window.goInTree("End");
    const rows = (await window.row(/^Load More/).isVisible()) ? await loadedRows(window) : 0;
    return rows >= ROWS && rows;
  }, `${ROWS} rows are drawn`);
  return { time, loaded };
}

/** Turns the wheel over the tree from its top to its end. */
async function scrolling(bench: Bench): Promise<{ sample: Sample; line: string }> {
  const { window } = bench;
  await window.goInTree("Home");
  let line = "";
  const sample = await measure(bench, `scroll through ${ROWS} rows`, 1, async () => {
    const pixels = (ROWS + 10) * ROW_HEIGHT;
    const isDown = () => window.row(/^Load More/).isVisible();
    const began = Date.now();
    const { dropped, frames, longest } = await scrollDown(window.page, window.page.mainFrame(), pixels, isDown, 200);
    line = `  frames dropped while scrolling: ${dropped} of ${frames} (${((100 * dropped) / frames).toFixed(1)} %), the longest ${ms(longest)}`;
    return Date.now() - began;
  });
  return { sample, line };
}

/** Types a filter and waits for the matches; applies nothing. */
const typing = (bench: Bench): Promise<Sample> =>
  measure(bench, `type a filter over ${ROWS} rows until it is counted`, ROUNDS, async () => {
    const { page, quickInput } = bench.window;
    await bench.window.titleButton("Edit Filter").click();
    await quickInput.getByText(/^Filter production/).waitFor();
    await page.keyboard.type("status:success provider:openai cost:>0.01 row", { delay: 20 });
    const began = Date.now();
    await quickInput
      .locator(".monaco-list-row")
      .first()
      .filter({ hasText: /Show\s*[\d,]+ logs?/ })
      .waitFor();
    const time = Date.now() - began;
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await quickInput.waitFor({ state: "detached" });
    return time;
  });

/** Clicks "Load More" at the end of the day. */
async function loadingMore(bench: Bench): Promise<Sample> {
  const { window } = bench;
  return measure(bench, `Load More after ${ROWS} rows to the next drawn`, ROUNDS, async () => {
    await window.goInTree("End");
    const rows = await loadedRows(window);
    return untilDrawn(window, `row-${rows},`, () => window.clickRow(/^Load More/));
  });
}

/** A log comes while auto refresh is on: the tree shows it above the rows. */
async function arriving(bench: Bench): Promise<Sample> {
  const { window, gateway } = bench;
  await window.goInTree("Home");
  await window.titleButton("Start Auto Refresh").click();
  const sample = await measure(bench, `a new log above ${ROWS} rows, auto refresh on`, 3, async (round) => {
    gateway.store.insert([aLog({ id: `new-${round}`, model: `new-${round}`, createdAt: new Date() })]);
    await window.row(new RegExp(`^Today, ${round + 1} log`)).waitFor();
  });
  await window.titleButton("Stop Auto Refresh").click();
  return sample;
}

const refreshing = (bench: Bench): Promise<Sample> =>
  measure(bench, `refresh where ${ROWS} rows are loaded`, 1, async () => {
    const asked = bench.gateway.calls.length;
    await bench.window.titleButton("Refresh").click();
    // The page of the gateway, and that of the open day.
    await bench.window.until(
      () => Promise.resolve(bench.gateway.calls.slice(asked).filter(({ url }) => url.includes("/logs")).length >= 2),
      "the logs are read anew",
    );
    await bench.window.goInTree("End");
    await bench.window.row(/^Load More/).waitFor();
  });

/**
 * A user's actions in the tree of a real window, with the shipped extension: their duration, and the longest blocking
 * of the extension host. Judged by the median of the rounds, because other work may disturb any single one.
 */
export default async function benchTree(): Promise<Measured> {
  const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  const gateway = await startTestGateway({ rateLimit: { limit: 1_000_000_000, windowMs: 300_000 } });
  gateway.store.insert(
    Array.from({ length: STORED }, (_, index) =>
      aLog({
        id: `log-${index}`,
        model: `row-${index}`,
        createdAt: new Date(NEWEST - index * 4000),
        metadata: { user: `user-${index % 100}`, app: `app-${index % 7}` },
      }),
    ),
  );
  const blocks = new HostBlocks(folder);
  await blocks.write();
  const loader = await writeLoader(folder, GATEWAY, YESTERDAY, PAGES, ROWS);
  // A row's tooltip would cover the next row.
  const settings = {
    "aiGateway.apiBaseUrl": gateway.baseUrl,
    "aiGateway.autoRefreshSeconds": 5,
    "workbench.hover.delay": 60_000,
    // VS Code's own search for open ports blocks the extension host now and then.
    "remote.autoForwardPorts": false,
  };
  const window = await openWindow({ settings, extensions: [root, blocks.extension, loader], hasAllBuiltins: true });
  try {
    await window.page.evaluate(await readFile(join(import.meta.dirname, "panel-frame.js"), "utf8"));
    await window.signIn(gateway.token);
    await window.expandRow("production");
    await window.row(/^Yesterday, 50\+/).waitFor();
    const bench = { window, gateway, blocks };
    const samples = [await expanding(bench)];
    const { time, loaded } = await loadAll(bench);
    const loading = `(${loaded} rows were loaded in ${ms(time)})`;
    const scrolled = await scrolling(bench);
    samples.push(scrolled.sample, await typing(bench), await loadingMore(bench), await arriving(bench));
    samples.push(await refreshing(bench));
    const { lines, ok } = linesOf(samples, await plainRows(bench));
    return {
      name: "tree: what a person does in it, and how long that blocks the extension host",
      lines: [...lines, scrolled.line, loading],
      ok,
    };
  } finally {
    await window.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}
