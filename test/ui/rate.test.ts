import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

describe("a person rates logs one after the other", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    gateway.store.insert(
      ["one", "two", "three"].map((id, index) => aLog({ id, model: id, createdAt: new Date(newest - index * 1000) })),
    );
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
    await window.row(/^three,/).waitFor();
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  /** Waits for the progress in the bar of that log's page. */
  async function turnOf(id: string, progress: string): Promise<void> {
    const page = await window.logPage(id);
    await page.locator(".round .progress", { hasText: progress }).waitFor();
  }

  it("with one key a verdict, back once, and words at the end", async () => {
    const { keyboard } = window.page;
    await window.focusTree();
    await keyboard.press("Shift+Alt+R");
    await turnOf("one", "0 rated, 3 left");
    await keyboard.press("+");
    await turnOf("two", "1 rated, 2 left");
    await window.row(/^one, .*rated up/).waitFor();
    await keyboard.press("-");
    await turnOf("three", "2 rated, 1 left");
    await keyboard.press("u");
    await turnOf("two", "1 rated, 2 left");
    await window.row(/^two, (?!.*rated)/).waitFor();
    await keyboard.press("+");
    await turnOf("three", "2 rated, 1 left");
    await keyboard.press("-");
    await turnOf("three", "3 rated. No unrated logs are left.");
    await keyboard.press("Escape");
    const page = await window.logPage("three");
    await page.locator(".round").waitFor({ state: "detached" });
    await window.row(/^three, .*rated down/).waitFor();
    const { logs } = await gateway.client.listLogs(GATEWAY, {});
    assert.deepEqual(
      logs.map(({ id, feedback }) => [id, feedback]),
      [
        ["one", 1],
        ["two", 1],
        ["three", -1],
      ],
    );
  });

  it("and rates with thumbs, in the page and in a row, and from the title's menu", async () => {
    const page = await window.logPage("three");
    const down = page.getByRole("button", { name: "Rate Down", pressed: true });
    await down.click();
    await page.getByRole("button", { name: "Rate Down", pressed: false }).waitFor();
    await window.row(/^three, (?!.*rated)/).waitFor();
    await window.row(/^one, .*rated up/).hover();
    await window.row(/^one,/).locator('.action-label[aria-label^="Rate Down"]').click();
    await window.row(/^one, .*rated down/).waitFor();
    await page.getByRole("button", { name: "Rate Up" }).click();
    await window.row(/^three, .*rated up/).waitFor();
    await window.page.locator('.part.editor .editor-actions .action-label[aria-label^="More Actions"]').first().click();
    await window.page.locator(".monaco-menu .action-item", { hasText: "Clear Rating" }).first().click();
    await window.row(/^three, (?!.*rated)/).waitFor();
  });

  it("and several selected in the tree with one key", async () => {
    await window.clickRow(/^two,/);
    await window.page.keyboard.press("Shift+ArrowDown");
    await window
      .row(/^three,/)
      .and(window.page.locator('[aria-selected="true"]'))
      .waitFor();
    await window.page.keyboard.press("Alt+ArrowDown");
    await window.row(/^two, .*rated down/).waitFor();
    await window.row(/^three, .*rated down/).waitFor();
    await window.row(/^one, .*rated down/).waitFor();
    await window.page.keyboard.press("Alt+Backspace");
    await window.row(/^two, (?!.*rated)/).waitFor();
    await window.row(/^three, (?!.*rated)/).waitFor();
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
