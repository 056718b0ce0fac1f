import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { keyboardPerson, models } from "./browse-person.ts";
import { openWindow, type Window } from "./window.ts";

describe("auto refresh", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    gateway.store.insert([
      aLog({ id: "first", model: "first", createdAt: new Date(Date.now() - 5000) }),
      aLog({ id: "second", model: "second", createdAt: new Date(Date.now() - 4000), metadata: { user: "ann" } }),
    ]);
    window = await openWindow({
      settings: { "aiGateway.apiBaseUrl": gateway.baseUrl, "aiGateway.autoRefreshSeconds": 5 },
    });
    await window.openNewestDay(gateway.token);
    await window.row(/^second,/).waitFor();
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  const arrive = (...names: string[]) =>
    gateway.store.insert(names.map((name) => aLog({ id: name, model: name, createdAt: new Date() })));

  const item = () => window.page.locator('.part.statusbar .statusbar-item[id$="aiGateway.autoRefresh"]');

  it("turns green and shows what comes, marked, as long as nothing is selected", async () => {
    await window.page.locator(".part.titlebar").click();
    await window.titleButton("Start Auto Refresh").click();
    const green = window.titleButton("Stop Auto Refresh");
    await green.waitFor();
    const image = () => green.evaluate((button) => button.computedStyleMap().get("background-image")?.toString());
    // The button appears before its style.
    await window.until(async () => /auto-refresh/.test((await image()) ?? ""), "the button has its green icon");
    await item().waitFor();
    arrive("third");
    await window.row(/^new, third,/).waitFor();
    // The mark is a decoration, which VS Code requests after drawing the row.
    await window
      .row(/third,/)
      .filter({ hasText: "●" })
      .waitFor();
    assert.deepEqual(await models(window), ["third", "second", "first"]);
  });

  it("does not move what is read, and says how many wait", async () => {
    await window.clickRow(/^second,/);
    await window.logPage("second");
    const before = await window.row(/^second,/).boundingBox();
    arrive("fourth", "fifth");
    await item().getByText("2 new").waitFor();
    arrive("sixth");
    await item().getByText("3 new").waitFor();
    assert.deepEqual(await models(window), ["third", "second", "first"]);
    assert.deepEqual(await window.row(/^second,/).boundingBox(), before);
    assert.match((await item().getAttribute("aria-label")) ?? "", /Click to show/);
  });

  it("shows them with a click, and takes the mark from one that is opened", async () => {
    await item().locator("a").click();
    await window.row(/^new, sixth,/).waitFor();
    assert.deepEqual((await models(window)).slice(3), ["third", "second", "first"]);
    await window.page.locator(".part.sidebar .monaco-list-row.selected", { hasText: "second" }).waitFor();
    await item().getByText("AI logs").waitFor();
    await window.clickRow(/^new, sixth,/);
    await window.row(/^sixth,/).waitFor();
    await window.row(/^new, fifth,/).waitFor();
  });

  it("keeps to the filter", async () => {
    await keyboardPerson(window).filter(["meta.user:ann"]);
    await window.row(/^production, filtered: 1/).waitFor();
    arrive("seventh");
    gateway.store.insert([aLog({ id: "eighth", model: "eighth", createdAt: new Date(), metadata: { user: "ann" } })]);
    await window.row(/^new, eighth,/).waitFor();
    assert.deepEqual(await models(window), ["eighth", "second"]);
    await window.runByKeys("AI Gateway: Clear Filter");
    await window.row(/seventh,/).waitFor();
  });

  it("pauses while the view is hidden, and goes on where it is shown again", async () => {
    await window.runByKeys("View: Show Explorer");
    await item().getByText("paused").waitFor();
    await window.openView("AI Gateway");
    await item().getByText("AI logs").waitFor();
  });

  it("goes from the title bar and the status bar when it is turned off", async () => {
    await window.runByKeys("AI Gateway: Stop Auto Refresh");
    await item().waitFor({ state: "detached" });
    await window.titleButton("Start Auto Refresh").waitFor();
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
