import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { bodyOf, expectedText, parse, traffic, type Recorded } from "../traffic.ts";
import { openWindow, type Window } from "./window.ts";

/** Memory use of all windows and frames of the page's process, after garbage collection. */
type Memory = { bytes: number; nodes: number; listeners: number };

/** The page's text between its head and its foot, without white space, with folds as they are. */
const CONTENT = `[...document.querySelectorAll("#view article .parts, #view .error pre, #view .note")]
  .map((element) => element.textContent).join("\\n")`;

/** Visible elements without text. */
const PICTURED = `document.querySelectorAll("#view img, #view audio, #view video, #view .media-card, #view .plot").length`;

/** All text of the content, with tooltips. */
const TEXT = `[document.querySelector("#view").textContent,
  ...[...document.querySelectorAll("#view [title]")].map(({ title }) => title)].join(" ")`;

const withoutSpace = (text: string): string => text.replace(/\s+/g, "");

describe("traffic in the window", () => {
  let gateway: TestGateway;
  let window: Window;
  const all = traffic();

  /** Returns the memory use while the window shows the first exchange. */
  async function memory(): Promise<Memory> {
    await window.goInTree("Home");
    await window.clickRow(/^traffic-0,/);
    await (await window.logPage("traffic-0")).locator("h1").click();
    const session = await window.page.context().newCDPSession(window.page);
    await session.send("Performance.enable");
    // Objects freed in one round release those freed in the next.
    for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    await session.detach();
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { bytes: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
  }

  before(async () => {
    gateway = await startTestGateway();
    const newest = new Date().setHours(0, 0, 0, 0) - 1000;
    gateway.store.insert(
      all.map((recorded, index) => ({
        ...GATEWAY,
        id: `traffic-${index}`,
        createdAt: new Date(newest - index * 1000),
        provider: recorded.provider,
        model: `traffic-${index}`,
        path: recorded.path,
        durationMs: 1,
        success: recorded.status < 400,
        statusCode: recorded.status,
        request: bodyOf(recorded.request, recorded.request_encoding),
        response: bodyOf(recorded.response, recorded.response_encoding),
        requestContentType: recorded.request_content_type,
        responseContentType: recorded.response_content_type,
      })),
    );
    window = await openWindow({
      settings: { "aiGateway.apiBaseUrl": gateway.baseUrl },
      viewport: { width: 1280, height: 900 },
    });
    await window.openNewestDay(gateway.token);
    await window.clickRow(/^traffic-0,/);
    await (await window.logPage("traffic-0")).locator("h1").click();
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  /** Returns the problem of an exchange's display, or undefined if there is none. */
  async function complaint(page: Frame, recorded: Recorded): Promise<string | undefined> {
    const [content, pictured] = await page.evaluate<[string, number]>(`[${CONTENT}, ${PICTURED}]`);
    if (withoutSpace(content).length < 2 && pictured === 0) return "shows nothing";
    const isChat = recorded.kind === "openai-chat" || recorded.kind === "anthropic-messages";
    if (!isChat || recorded.status !== 200) return undefined;
    const choices = page.locator('[aria-controls="choice"]');
    if ((await choices.count()) > 0) await choices.last().click();
    // Markdown consumes a text's markup, so only its words are compared.
    const answer = await page.evaluate<string>(TEXT);
    const expected = expectedText(recorded);
    const words = parse(expected) === undefined ? (expected.match(/[\p{L}\p{N}]{4,}/gu) ?? []) : [];
    const missing = words.filter((word) => !answer.includes(word));
    return missing.length > 0 ? `lacks ${missing.slice(0, 5).join(", ")}` : undefined;
  }

  /** Opens some exchanges in order and returns the problems, without retaining what was shown. */
  async function walk(some: Recorded[]): Promise<string[]> {
    const complaints: string[] = [];
    for (const [index, recorded] of some.entries()) {
      const id = `traffic-${index}`;
      const page = index === 0 ? await window.logPage(id) : await window.goTo("j", id);
      const wrong = await complaint(page, recorded);
      if (wrong) complaints.push(`${index} (${recorded.id}, ${recorded.kind} of ${recorded.provider}): ${wrong}`);
    }
    return complaints;
  }

  it(`opens all ${all.length} exchanges one after the other, none of them blank, and holds none of them`, async () => {
    // By then, everything shared by the later ones is loaded.
    await walk(all.slice(0, 12));
    const start = await memory();
    assert.deepEqual(await walk(all), []);
    const end = await memory();
    assert.ok(end.bytes < start.bytes * 1.3, `${start.bytes} bytes became ${end.bytes}`);
    assert.ok(end.nodes < start.nodes * 1.3, `${start.nodes} nodes became ${end.nodes}`);
    assert.ok(end.listeners < start.listeners * 1.3, `${start.listeners} listeners became ${end.listeners}`);
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
