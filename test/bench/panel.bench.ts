import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "../../scripts/bench.ts";
import { root } from "../../scripts/root.ts";
import { layOut } from "../../src/reading/core/layout.ts";
import { ACCOUNT, startTestGateway } from "../gateway.ts";
import { openWindow, type Window } from "../ui/window.ts";
import { logOf, panelBodies, type PanelBody } from "./panel-bodies.ts";
import { EMPTY_PAGE, writeEmptyPage } from "./panel-floor.ts";
import { HostBlocks, MOST_BLOCKED } from "./panel-host.ts";
import { Probe, type Painted, type Times } from "./panel-probe.ts";
import { scrollDown, type Scrolled } from "./panel-scroll.ts";

const ROUNDS = 7;
/** Warm-up rounds, which don't count. */
const WARM_UP = 1;
/** Limit in bytes: the script and the style that every log needs. */
const PAGE_BYTES = 250_000;

/**
 * How a log is opened: in place of the previous one, like moving from row to row, or alone in an empty window. There VS
 * Code first has to start a page, which takes as long as a small document: it's judged against such a page.
 */
const OPENINGS = ["first", "next"] as const;
type Opening = (typeof OPENINGS)[number];

/** Each round opens new logs, of which only the rows are known. */
const OPENED = ["panel", "document"] as const;

/** The smallest page that VS Code can show, opened only in an empty window: time beyond it is ours. */
const SHOWN = [...OPENED, "empty"] as const;
type ShownAs = (typeof SHOWN)[number];
const LAST = { panel: "whole", document: "text", empty: "empty" } as const satisfies Record<ShownAs, Painted>;

/** The two that are scrolled. */
const SCROLLED = { panel: "panel-scrolled", document: "document-scrolled" };

/** Pixels of the window. */
const HEIGHT = 1300;

/** Pixels of a line of a document, about. */
const LINE = 19;

const modelOf = (opened: ShownAs, opening: Opening, round: number) => `${opened}-${opening}-${round}`;

/** A body's times by way of opening; `blocked`: the longest blocking of the extension host. */
type Sample = Times & { blocked: number };
type Samples = Record<ShownAs, Record<Opening, Sample[]>>;

type Bench = { window: Window; probe: Probe; blocks: HostBlocks };

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const middle = (samples: Sample[], what: Painted | "blocked"): number =>
  median(samples.map((sample) => sample[what] ?? Number.NaN));

const ms = (value: number): string => `${value.toFixed(0)} ms`;

async function openOne(
  { window, probe, blocks }: Bench,
  body: PanelBody,
  opened: ShownAs,
  model: string,
): Promise<Sample> {
  const name = opened === "empty" ? EMPTY_PAGE.row : new RegExp(`^${model},`);
  const row = window.row(name).locator(".monaco-tl-contents");
  const entry = window.page.locator(".monaco-menu .action-item", { hasText: "Open Request" }).first();
  if (opened === "document") {
    // A menu that opens while the window is busy closes again.
    await window.until(async () => {
      await row.click({ button: "right" });
      await entry.hover({ timeout: 2000 }).catch(() => undefined);
      return entry.isVisible();
    }, "the row's menu");
  }
  await blocks.atRest();
  const began = Date.now();
  // A menu that has just opened ignores clicks; the time counts from the click that it accepts.
  const choose = async (): Promise<void> => {
    await entry.click();
    const isTaken = await entry.waitFor({ state: "detached", timeout: 1000 }).then(
      () => true,
      () => false,
    );
    if (!isTaken) await entry.click();
  };
  const click = () => (opened === "document" ? choose() : row.click());
  const times = await probe.from(click, opened === "empty" ? EMPTY_PAGE.id : `${body.name}-${model}`, LAST[opened]);
  // The host's remaining work counts for this log, not for the next.
  await blocks.atRest();
  return { ...times, blocked: await blocks.longest(began) };
}

async function closeAll({ page }: Window): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+W");
  await page.locator(".part.editor .tabs-container .tab").first().waitFor({ state: "detached" });
}

/** Opens a body's logs as conversation and as document, in turn in each round. */
async function measure(bench: Bench, body: PanelBody): Promise<Samples> {
  const samples: Samples = {
    panel: { first: [], next: [] },
    document: { first: [], next: [] },
    empty: { first: [], next: [] },
  };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const opened of round % 2 === 0 ? SHOWN : SHOWN.toReversed()) {
      for (const opening of opened === "empty" ? (["first"] as const) : OPENINGS) {
        const model = modelOf(opened, opening, round);
        const sample = await openOne(bench, body, opened, model);
        if (round >= WARM_UP) samples[opened][opening].push(sample);
      }
      await closeAll(bench.window);
    }
  }
  return samples;
}

/** Shrinks the empty page's view in the side bar to its one row. */
async function shrinkEmptyView(window: Window): Promise<void> {
  const { page } = window;
  const box = await window.viewHeader("Empty").boundingBox();
  if (!box) throw new Error("the view of the empty page is not there");
  await page.mouse.move(box.x + 60, box.y);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, HEIGHT - 120, { steps: 5 });
  await page.mouse.up();
}

async function showRows(window: Window, body: PanelBody): Promise<void> {
  await window.expandRow(body.name);
  await window.expandRow(/^(Today|Yesterday)/);
  await window.row(/^document-next-0,/).waitFor();
}

async function hideRows(window: Window, body: PanelBody): Promise<void> {
  await window.row(body.name).locator(".monaco-tl-twistie").click();
  await window.row(/^document-next-0,/).waitFor({ state: "detached" });
}

/** Limit on the time of the row's facts, as a multiple of the smallest page's. */
const FACTS = 1.1;

/** Limits beyond that page in an empty window, in ms; others may also take as long as their document. */
const OURS_MS: Partial<Record<string, number>> = { small: 40, medium: 80 };
const OURS_MS_LARGE = 80;

/** The first log's facts and conversation in an empty window against the smallest page, round by round. */
function beside(
  { name }: PanelBody,
  logs: Sample[],
  texts: Sample[],
  empty: Sample[],
): { lines: string[]; ok: boolean } {
  const of = (ask: (log: Sample, least: number, round: number) => number): number =>
    median(logs.map((log, round) => ask(log, empty[round]?.empty ?? NaN, round)));
  const facts = of(({ facts: painted = NaN }, least) => painted / least);
  const ours = of(({ conversation = NaN }, least) => conversation - least);
  const limit = OURS_MS[name];
  const late = of(
    ({ conversation = NaN }, least, round) =>
      conversation - Math.max(least + (limit ?? OURS_MS_LARGE), limit === undefined ? (texts[round]?.text ?? NaN) : 0),
  );
  const [areEarly, isInTime] = [facts <= FACTS, late <= 0];
  const orDocument = limit === undefined ? ", or as the document" : "";
  return {
    lines: [
      `the least page ${ms(middle(empty, "empty"))}`,
      `the facts ×${facts.toFixed(2)} of that page, at most ×${FACTS}  ${areEarly ? "ok" : "TOO SLOW"}`,
      `the conversation ${ms(ours)} after that page, at most ${ms(limit ?? OURS_MS_LARGE)}${orDocument}  ${isInTime ? "ok" : "TOO SLOW"}`,
    ],
    ok: areEarly && isInTime,
  };
}

/** The next log in its tab, against the same body as a document there. */
function besideDocument(logs: Sample[], texts: Sample[]): { lines: string[]; ok: boolean } {
  const ratio = median(logs.map(({ conversation = NaN }, round) => conversation / (texts[round]?.text ?? NaN)));
  const ok = ratio <= 1;
  return { lines: [`×${ratio.toFixed(2)} of the document, at most ×1  ${ok ? "ok" : "TOO SLOW"}`], ok };
}

function linesOf(body: PanelBody, { panel, document, empty }: Samples): { lines: string[]; ok: boolean } {
  const lines = [`${body.title}: a request of ${(body.request.length / 1e3).toFixed(0)} KB, ${ROUNDS} rounds`];
  let ok = true;
  for (const opening of OPENINGS) {
    const [logs, texts] = [panel[opening], document[opening]];
    const judged = opening === "first" ? beside(body, logs, texts, empty.first) : besideDocument(logs, texts);
    ok &&= judged.ok;
    const log = `row's facts ${ms(middle(logs, "facts"))}, conversation ${ms(middle(logs, "conversation"))}, all of it ${ms(middle(logs, "whole"))}`;
    const name = opening === "next" ? "the next in its tab" : "in an empty window";
    lines.push(`  ${name.padEnd(19)}  ${log}; document ${ms(middle(texts, "text"))}`);
    const blocked = middle(logs, "blocked");
    ok &&= blocked <= MOST_BLOCKED;
    const verdict = `limit ${MOST_BLOCKED}  ${blocked <= MOST_BLOCKED ? "ok" : "TOO LONG"}`;
    const host = `host blocked ${ms(blocked)} at most, ${verdict}; by the document, which VS Code sends, ${ms(middle(texts, "blocked"))}`;
    for (const line of [...judged.lines, host]) lines.push(`  ${"".padEnd(19)}  ${line}`);
  }
  return { lines, ok };
}

/** Limits on a conversation's dropped frames, as a multiple of a document's, and on its longest frame, in ms. */
const DROPPED = 0.5;
const LONGEST_FRAME = 50;

const shareOf = ({ dropped, frames }: Scrolled): number => dropped / frames;

/** Scrolls a log's conversation, then its document, from top to bottom. */
async function scrolling(bench: Bench, body: PanelBody): Promise<{ lines: string[]; ok: boolean }> {
  const { window } = bench;
  const lines = layOut(body.request).split("\n").length;
  const line = (name: string, { dropped, frames, longest }: Scrolled) =>
    `scrolling ${body.title}, ${name.padEnd(12)}  ${dropped} of ${frames} frames dropped (${((100 * dropped) / frames).toFixed(1)} %), the longest ${ms(longest)}`;

  await openOne(bench, body, "panel", SCROLLED.panel);
  const page = await window.webviewFrame("#log:not([inert]) article");
  await page.evaluate("scrollTo(0, 0)");
  await window.page.waitForTimeout(1000);
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  const isDown = () => page.evaluate<boolean>("scrollY + innerHeight >= document.documentElement.scrollHeight - 2");
  const conversation = await scrollDown(window.page, page, height, isDown);
  await closeAll(window);

  await openOne(bench, body, "document", SCROLLED.document);
  await window.page.waitForTimeout(1000);
  const isAtEnd = () => window.page.locator(".part.editor .line-numbers", { hasText: String(lines) }).isVisible();
  const document = await scrollDown(window.page, window.page.mainFrame(), lines * LINE, isAtEnd);
  await closeAll(window);
  const ok = shareOf(conversation) <= DROPPED * shareOf(document) && conversation.longest <= LONGEST_FRAME;
  const limit = `at most ×${DROPPED} of the document's share, no frame over ${LONGEST_FRAME} ms`;
  const judged = `${line("conversation", conversation)}, ${limit}  ${ok ? "ok" : "TOO SLOW"}`;
  return { lines: [judged, line("document", document)], ok };
}

function pageBytes(): { line: string; ok: boolean } {
  const size = (file: string) => statSync(join(root, "dist/media", file)).size;
  const [script, style] = [size("page.js"), size("page.css")];
  const ok = script + style < PAGE_BYTES;
  const others = ["colours.js", "pdf.js"].map((file) => `${file} ${size(file)}`).join(", ");
  const line = `script ${script} + style ${style} = ${script + style} bytes, at most ${PAGE_BYTES}  ${ok ? "ok" : "TOO LARGE"}  (when needed: ${others})`;
  return { line, ok };
}

/**
 * From a click on a log in a real window, with the shipped extension, to its facts and its conversation, compared with
 * a click to the same request's text as a document. Also the size of the page's script, and how smoothly a long log
 * scrolls.
 */
export default async function benchPanel(): Promise<Measured> {
  const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  const gateway = await startTestGateway();
  const bodies = panelBodies();
  for (const body of bodies) {
    gateway.store.addGateway({ sourceId: ACCOUNT, id: body.name, createdAt: new Date("2025-01-02T00:00:00Z") });
    const models = OPENED.flatMap((opened) =>
      OPENINGS.flatMap((opening) =>
        Array.from({ length: WARM_UP + ROUNDS }, (_, round) => modelOf(opened, opening, round)),
      ),
    );
    // Old enough not to count as still being written.
    for (const model of [...models, ...Object.values(SCROLLED)])
      gateway.store.insert([logOf(body, model, new Date(Date.now() - 60_000))]);
  }
  const blocks = new HostBlocks(folder);
  await blocks.write();
  const emptyPage = await writeEmptyPage(folder);
  // A row's tooltip would cover the next row.
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "workbench.hover.delay": 60_000 };
  const window = await openWindow({
    hasAllBuiltins: true,
    settings,
    extensions: [root, blocks.extension, emptyPage],
    viewport: { width: 1280, height: HEIGHT },
  });
  try {
    // Otherwise VS Code's files for a page come from the browser's cache, like they do for a user.
    await window.page.context().unrouteAll();
    const probe = new Probe(window.page);
    await probe.start();
    await window.signIn(gateway.token);
    await window.row("production").waitFor();
    await shrinkEmptyView(window);
    const bench = { window, probe, blocks };
    const size = pageBytes();
    const lines = [size.line];
    let ok = size.ok;
    for (const body of bodies) {
      await showRows(window, body);
      const measured = linesOf(body, await measure(bench, body));
      lines.push(...measured.lines);
      ok &&= measured.ok;
      if (body.name === "long") {
        const scrolled = await scrolling(bench, body);
        lines.push(...scrolled.lines);
        ok &&= scrolled.ok;
      }
      await hideRows(window, body);
    }
    return { name: "panel: a click to the conversation, beside a click to the same body as a document", lines, ok };
  } finally {
    await window.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}
