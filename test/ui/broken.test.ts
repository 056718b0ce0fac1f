import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

describe("recordings that are not what they should be", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    let count = 0;
    const add = (id: string, fields: Partial<Parameters<typeof aLog>[0]>) =>
      gateway.store.insert([aLog({ id, model: id, createdAt: new Date(newest - count++ * 1000), ...fields })]);
    const error = { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" };
    add("failed", { success: false, statusCode: 429, response: JSON.stringify({ error }) });
    add("not-json", { response: "<html><h1>502 Bad Gateway</h1></html>" });
    add("wrong-type", { responseContentType: "image/png" });
    add("no-bodies", { request: null, response: null });
    add("cut", { response: '{"choices":[{"message":{"role":"assistant","content":"cut he' });
    add("refused", {
      response: JSON.stringify({
        choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", refusal: "I cannot help." } }],
      }),
    });
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

  const textOf = (page: Frame): Promise<string> => page.locator("#log").innerText();

  it("shows the error of a failed call in red, its code, and what it means", async () => {
    const page = await open("failed");
    assert.equal(await page.locator(".error pre").innerText(), "Rate limit reached");
    assert.match(await page.locator(".error-code").innerText(), /rate_limit_exceeded/);
    assert.match(await page.locator(".meaning").innerText(), /Wait, then try again/);
    const [colour, plain] = await page.evaluate<string[]>(
      '[".error pre", "h1"].map((selector) => getComputedStyle(document.querySelector(selector)).color)',
    );
    assert.notEqual(colour, plain);
  });

  it("shows a body that is no JSON as it is", async () => {
    assert.ok((await textOf(await open("not-json"))).includes("<h1>502 Bad Gateway</h1>"));
  });

  it("is not misled by a wrong content type", async () => {
    assert.ok((await textOf(await open("wrong-type"))).includes("Yes, two are."));
  });

  it("says that no body is stored, and why that may be", async () => {
    const page = await open("no-bodies");
    assert.equal(await page.locator(".note", { hasText: "cf-aig-collect-log-payload" }).count(), 2);
  });

  it("says of a body that was cut that it is not whole", async () => {
    const text = await textOf(await open("cut"));
    assert.ok(text.includes("cut he"));
    assert.ok(text.includes("incomplete"));
  });

  it("makes a refusal stand out", async () => {
    assert.match(await (await open("refused")).locator(".refusal").innerText(), /Refusal\s+I cannot help\./);
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
