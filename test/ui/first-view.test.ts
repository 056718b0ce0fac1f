import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { startHolding } from "./holding.ts";
import { openWindow, type Window } from "./window.ts";

/** Runs in each frame: the script of a log's page comes when `letScriptIn()` is called. */
const HOLD = `(() => {
  const { append } = Element.prototype;
  Element.prototype.append = function (...nodes) {
    const isHeld = nodes.some((node) => node.localName === "script" && node.src.endsWith("/page.js"));
    if (isHeld) globalThis.letScriptIn = () => append.apply(this, nodes);
    else append.apply(this, nodes);
  };
})()`;

/** What is seen above the content: where it is, how it looks and what it says. */
const HEAD = `[...document.querySelectorAll(
    "h1, .title-row > .chip, .tabs, .tabs button, .head, .head :is(.chip, .fact, .name, .value, button.link), .actions, .loading",
  )].map((element) => {
    const { left, top, height } = element.getBoundingClientRect();
    const { color, backgroundColor, borderColor, fontSize, fontFamily, fontWeight } = getComputedStyle(element);
    const box = [left, top, height].map((side) => Math.round(side)).join(" ");
    const text = element.matches(".actions, .head") ? "" : element.textContent.replace(/\\s+/g, "");
    return [element.className, text, box, color, backgroundColor, borderColor, fontSize, fontFamily, fontWeight].join(" | ");
  })`;

describe("a log's page before its script is there", () => {
  let gateway: TestGateway;
  let holding: Awaited<ReturnType<typeof startHolding>>;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    holding = await startHolding(gateway.baseUrl);
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    for (const [index, id] of ["first", "second", "third"].entries()) {
      const createdAt = new Date(newest - index * 1000);
      gateway.store.insert([aLog({ id, model: id, createdAt, score: 71, step: 2, dlpAction: "FLAG" })]);
    }
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": holding.baseUrl } });
    await window.page.addInitScript(HOLD);
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await holding.close();
    await gateway.close();
  });

  /** The page that has this log in its HTML and no script yet. */
  const begun = (id: string): Promise<Frame> => window.webviewFrame(`main[inert] > .bar[data-log="${id}"]`);

  const letScriptIn = (page: Frame): Promise<void> => page.evaluate("letScriptIn()");

  it("shows the row's facts, where and as the script shows them", async () => {
    const release = holding.hold("/logs/first");
    await window.clickRow(/^first,/);
    const page = await begun("first");
    const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
    for (const fact of ["chat/completions", "200", "openai", "842 ms", "tokens in 2,180", "$0.018210", "log id first"])
      assert.ok(text.includes(fact), `${fact} in ${text}`);
    assert.equal(await page.evaluate("document.querySelectorAll('script[src]').length"), 0);
    const before = await page.evaluate<string[]>(HEAD);
    assert.ok(before.length > 40, `${before.length} elements`);
    await letScriptIn(page);
    await page.locator("main:not([inert]) .loading").waitFor();
    assert.deepEqual(await page.evaluate<string[]>(HEAD), before);
    release();
    await window.logPage("first");
  });

  it("shows the log that its tab was left with", async () => {
    await window.clickRow(/^second,/);
    const second = await window.logPage("second");
    await second.locator("h1").click();
    const button = window.page.locator('.part.editor .editor-actions .action-label[aria-label^="Keep Open"]');
    await button.click();
    await button.waitFor({ state: "detached" });
    await window.clickRow(/^third,/);
    await letScriptIn(await begun("third"));
    await window.logPage("third");
    await window.page.locator(".part.editor .tabs-container .tab", { hasText: "second" }).click();
    const again = await begun("second");
    assert.match(await again.locator(".facts").innerText(), /log id\s+second/);
    await letScriptIn(again);
    await window.logPage("second");
  });
});
