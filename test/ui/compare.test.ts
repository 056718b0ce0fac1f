import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const request = (...texts: string[]) =>
  JSON.stringify({ model: "gpt-5", messages: texts.map((content) => ({ role: "user", content })) });

describe("comparing and copying in a window", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    const newest = Date.now();
    gateway.store.insert([
      aLog({
        id: "one",
        model: "gpt-5",
        createdAt: new Date(newest - 9000),
        request: request("Hello there"),
        tokensIn: 2,
      }),
      aLog({
        id: "two",
        model: "gpt-5",
        createdAt: new Date(newest - 5000),
        request: request("Hello there", "Go on"),
        tokensIn: 9,
      }),
    ]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
    await window.row(/^gpt-5,/).waitFor();
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  const tab = (title: RegExp) => window.page.locator(".part.editor .tabs-container .tab.active", { hasText: title });
  const side = (name: "original" | "modified") =>
    window.page.locator(`.monaco-diff-editor .editor.${name} .view-lines`);

  it("shows the two logs that are selected as Markdown, and the difference above", async () => {
    await window.clickRow(/^gpt-5,/);
    await window.logPage("two");
    await window.focusTree();
    await window.arrowTo(/^gpt-5,/);
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.page.keyboard.press("Shift+Alt+D");
    await window.choose("Conversations");
    await tab(/gpt-5.*↔.*gpt-5.*\+7 in/).waitFor();
    // The editor draws non-breaking spaces.
    await side("modified")
      .getByText(/\+7\sin/)
      .waitFor();
    await side("modified").getByText("Go on").waitFor();
    await side("original").getByText("Hello there").waitFor();
  });

  it("goes on to the requests from there, without another question", async () => {
    await window.page.keyboard.press("Shift+Alt+D");
    await window.choose("Requests");
    await side("modified").getByText('"messages"').waitFor();
    await side("modified").getByText("Go on").waitFor();
  });

  it("finds the log before from the panel, and compares what was compared last", async () => {
    await window.clickRow(/^gpt-5,/);
    await window.logPage("two");
    await window.runCommand("AI Gateway: Compare with Previous");
    await tab(/↔/).waitFor();
    await side("original").getByText('"messages"').waitFor();
  });

  it("copies a log from the tree in the form that is chosen", async () => {
    await window.rowMenu(/^gpt-5,/, "Copy As…");
    await window.choose("cURL (bash)");
    await window.page.locator(".part.statusbar").getByText("Copied: cURL (bash)").waitFor();
    const copied = await window.page.evaluate("navigator.clipboard.readText()");
    assert.match(String(copied), /^curl 'https:\/\/gateway\.ai\.cloudflare\.com\/v1\/0123.*\/production\/openai\//);
  });
});
