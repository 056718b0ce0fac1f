import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { startHolding } from "./holding.ts";
import { openWindow, type Window } from "./window.ts";

/** Runs in each frame: delays the script of a log's page until `letScriptIn()` is called. */
const HOLD = `(() => {
  const { append } = Element.prototype;
  Element.prototype.append = function (...nodes) {
    const isHeld = nodes.some((node) => node.localName === "script" && node.src.endsWith("/page.js"));
    if (isHeld) globalThis.letScriptIn = () => append.apply(this, nodes);
    else append.apply(this, nodes);
  };
})()`;

/** Position, appearance and text of everything above the content. */
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
    const body = {
      request: JSON.stringify({ messages: [{ role: "user", content: "Is <b>it</b> in stock?" }] }),
      response: JSON.stringify({ choices: [{ message: { role: "assistant", content: "Yes, two are left." } }] }),
    };
    gateway.store.insert([aLog({ id: "talk", model: "talk", createdAt: new Date(newest - 10_000), ...body })]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": holding.baseUrl } });
    await window.page.addInitScript(HOLD);
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await holding.close();
    await gateway.close();
  });

  /** Returns the page with this log in its HTML and without its script. */
  const begun = (id: string): Promise<Frame> => window.webviewFrame(`main[inert] > .bar[data-log="${id}"]`);

  const letScriptIn = (page: Frame): Promise<void> => page.evaluate("letScriptIn()");

  /** Gives the next log a page of its own. */
  async function keepOpen(page: Frame): Promise<void> {
    await page.locator("h1").click();
    const button = window.page.locator('.part.editor .editor-actions .action-label[aria-label^="Keep Open"]');
    await button.click();
    await button.waitFor({ state: "detached" });
  }

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

  it("shows how the conversation begins as soon as the log is read", async () => {
    await keepOpen(await window.logPage("first"));
    await window.clickRow(/^talk,/);
    const page = await begun("talk");
    const article = page.locator("#view article");
    await article.first().waitFor();
    const before = await article.allInnerTexts();
    assert.deepEqual(
      before.map((text) => text.replace(/\s+/g, " ")),
      ["user Is <b>it</b> in stock?", "assistant Yes, two are left."],
    );
    assert.equal(await page.locator("main .loading").count(), 0);
    const place = (index: number) => article.nth(index).boundingBox();
    const places = [await place(0), await place(1)];
    await letScriptIn(page);
    await window.logPage("talk");
    const after = await article.allInnerTexts();
    for (const [index, text] of before.entries())
      assert.ok(after[index]?.replace(/\s+/g, " ").startsWith(text.replace(/\s+/g, " ")), after[index]);
    assert.deepEqual([(await place(0))?.y, (await place(0))?.x], [places[0]?.y, places[0]?.x]);
  });

  it("shows the log that its tab was left with", async () => {
    await keepOpen(await window.logPage("talk"));
    await window.clickRow(/^second,/);
    await letScriptIn(await begun("second"));
    const second = await window.logPage("second");
    await keepOpen(second);
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
