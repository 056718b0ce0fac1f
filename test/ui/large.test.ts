import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

/** Maximum number of elements on a page, whatever the log; each of 2,000 messages far out of view has three. */
const MOST_ELEMENTS = 8000;

const answering = (content: string): string =>
  JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }] });

const talk = (count: number): string =>
  JSON.stringify({
    model: "m",
    messages: Array.from({ length: count }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `Message ${index} of a long talk.\n\n${"It goes on for a while. ".repeat(5 + (index % 7))}`,
    })),
  });

function stream(events: number): string {
  const event = (delta: object, reason: string | null): string =>
    `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  const words = Array.from({ length: events }, (_, index) => event({ content: `word${index} ` }, null));
  return `${words.join("")}${event({ content: "the last word" }, "stop")}data: [DONE]\n\n`;
}

describe("logs of any size", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    let count = 0;
    const add = (id: string, fields: Partial<Parameters<typeof aLog>[0]>) =>
      gateway.store.insert([aLog({ id, model: id, createdAt: new Date(newest - count++ * 1000), ...fields })]);
    add("ten-megabytes", { response: answering(`${"All work and no play.\n".repeat(430_000)}the end`) });
    add("talk", { request: talk(2000), response: answering("The answer to all of it.") });
    add("stream", { response: stream(50_000), responseContentType: "text/event-stream" });
    add("one-line", { response: answering(`${"0123456789".repeat(500_000)}the end`) });
    add("no-json", { response: `<html>${"x".repeat(5_000_000)}</html>`, responseContentType: "text/html" });
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  async function open(id: string): Promise<Frame> {
    await window.clickRow(new RegExp(`^${id},`));
    return window.logPage(id);
  }

  const elements = (page: Frame): Promise<number> => page.evaluate(`document.querySelectorAll("*").length`);

  /** Asserts that a page is bounded and responsive, and shows its end when scrolled there. */
  async function isUsable(page: Frame, id: string): Promise<void> {
    assert.ok((await elements(page)) < MOST_ELEMENTS, `${await elements(page)} elements`);
    await page.getByRole("button", { name: "Copy Log ID" }).click();
    await page.locator("h1").click();
    // Elements get their height when they come near, so the end may move.
    await window.until(async () => {
      await window.page.keyboard.press("End");
      return page.evaluate<boolean>(`(() => {
        const { top, bottom } = document.querySelector("footer").getBoundingClientRect();
        return top < innerHeight && bottom > 0 && document.querySelector("article:last-of-type:not(.far)") !== null;
      })()`);
    }, `the end of ${id} is seen`);
    assert.ok((await elements(page)) < MOST_ELEMENTS, `${await elements(page)} elements at the end`);
    await window.until(async () => {
      await window.page.keyboard.press("Home");
      return page.evaluate<boolean>("scrollY === 0");
    }, `the beginning of ${id} is seen`);
    assert.ok((await elements(page)) < MOST_ELEMENTS, `${await elements(page)} elements at the beginning`);
  }

  it("shows a bounded preview of ten megabytes, and all of it as a document", async () => {
    const page = await open("ten-megabytes");
    await isUsable(page, "ten-megabytes");
    await page.locator(".note", { hasText: "This log is long" }).waitFor();
    const characters = await page.evaluate<number>(`document.querySelector(".answers").textContent.length`);
    assert.ok(characters > 90_000 && characters <= 2_100_000, `${characters} characters`);
    await page.getByText("Open Response").first().click();
    await window.page.locator(".tab", { hasText: "response.json" }).waitFor();
    await window.page.locator(".editor-instance .view-lines", { hasText: "choices" }).waitFor();
  });

  it("shows two thousand messages, each of them when one comes to it", async () => {
    const page = await open("talk");
    assert.equal(await page.locator("article").count(), 2001);
    await page.getByText("The answer to all of it.").waitFor();
    await isUsable(page, "talk");
    for (const index of [0, 1000, 1999]) {
      await page.evaluate(`document.querySelector("#m${index}").scrollIntoView()`);
      await page.locator(`#m${index}:not(.far) p`, { hasText: `Message ${index} of` }).waitFor();
    }
    assert.ok((await elements(page)) < MOST_ELEMENTS);
  });

  it("shows a stream of fifty thousand events as one answer, and as its events", async () => {
    const page = await open("stream");
    await isUsable(page, "stream");
    assert.ok((await page.locator(".answers").textContent())?.includes("word49999 the last word"));
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.locator("#raw-response").waitFor();
    assert.ok((await elements(page)) < MOST_ELEMENTS);
    await page.getByRole("tab", { name: "Markdown" }).click();
    await page.locator("#markdown-heading").waitFor();
    assert.ok((await elements(page)) < MOST_ELEMENTS);
    await page.getByRole("tab", { name: "Conversation" }).click();
    await page.locator(".answers").waitFor();
  });

  for (const id of ["one-line", "no-json"]) {
    it(`shows a line of five megabytes: ${id}`, async () => isUsable(await open(id), id));
  }

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
