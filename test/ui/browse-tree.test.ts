import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { entries, focusIn, keyboardPerson, models, shows, typed } from "./browse-person.ts";
import { openWindow, type TreeRow, type Window } from "./window.ts";

const DAY = 86_400_000;

/** Returns noon of the day this many days ago, minus these minutes. */
const noon = (daysAgo: number, minutes = 0) =>
  new Date(new Date(Date.now() - daysAgo * DAY).setHours(12, 0, 0, 0) - minutes * 60_000);

const one = (model: string, createdAt: Date, fields: Partial<Parameters<typeof aLog>[0]> = {}) =>
  aLog({ id: `id-of-${model}`, model, createdAt, ...fields });

describe("the tree of logs", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    gateway.store.addGateway({
      sourceId: "0123456789abcdef0123456789abcdef",
      id: "staging",
      createdAt: new Date("2025-01-02T00:00:00Z"),
    });
    gateway.store.insert([
      one("amber", noon(1)),
      one("birch", noon(1, 1), { success: false, statusCode: 429 }),
      one("cedar", noon(1, 2)),
      one("dahlia", noon(1, 3)),
      one("elder", noon(2), { success: false, statusCode: 500 }),
      one("fern", noon(30)),
      one("ginkgo", noon(40)),
      one("hazel", noon(3), { collectionId: "staging", cost: 0 }),
    ]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  beforeEach(() => window.runByKeys("View: Close All Editors"));

  const selected = () => window.page.locator(".part.sidebar .pane-body .monaco-list-row.selected");

  /** Returns the clipboard's content once it matches. */
  const clipboard = (expected: string) =>
    window.until(async () => {
      await window.page.bringToFront();
      return (await window.page.evaluate<string>("navigator.clipboard.readText().catch(() => '')")) === expected;
    }, `${expected} is on the clipboard`);

  /** Waits until the tree shows its earlier rows again. */
  async function sameRows(before: TreeRow[]): Promise<void> {
    let now: TreeRow[] = [];
    const isSame = async () => JSON.stringify((now = await window.treeRows())) === JSON.stringify(before);
    await window.until(isSame, "the tree is as it was").catch(() => assert.deepEqual(now, before));
  }

  /** Selects a row of the first gateway, as the target of commands. */
  async function selectInProduction(): Promise<void> {
    await window.clickRow(/^amber,/);
    await window.page.locator(".part.sidebar .monaco-list-row.selected", { hasText: "amber" }).waitFor();
  }

  it("previews a log with Space and opens it with Enter", async () => {
    await window.focusTree();
    await window.arrowTo(/^amber,/);
    await window.page.keyboard.press("Space");
    await window.logPage("id-of-amber");
    assert.equal(await focusIn(window), "tree");
    await window.page.keyboard.press("ArrowDown");
    await window.page.keyboard.press("Space");
    await window.logPage("id-of-birch");
    assert.equal(await focusIn(window), "tree");
    assert.equal((await window.editors()).length, 1);
    await window.page.keyboard.press("Enter");
    await window.until(async () => (await focusIn(window)) === "log", "the page has the focus");
    assert.equal((await window.editors()).length, 1);
  });

  it("previews with a click, and keeps open with a double click", async () => {
    await window.clickRow(/^amber,/);
    await window.logPage("id-of-amber");
    assert.equal(await focusIn(window), "tree");
    await window.clickRow(/^cedar,/);
    await window.logPage("id-of-cedar");
    assert.equal((await window.editors()).length, 1);
    await window
      .row(/^cedar,/)
      .locator(".monaco-tl-contents")
      .dblclick();
    await window.page
      .locator('.part.editor .editor-actions .action-label[aria-label^="Keep Open"]')
      .waitFor({ state: "detached" });
    await window.clickRow(/^amber,/);
    await window.logPage("id-of-amber");
    assert.equal((await window.editors()).length, 2);
  });

  it("selects many rows, with the keyboard and with the mouse", async () => {
    await window.focusTree();
    await window.arrowTo(/^amber,/);
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.until(async () => (await selected().count()) === 3, "three rows are selected");
    await window
      .row(/^amber,/)
      .locator(".monaco-tl-contents")
      .click();
    await window
      .row(/^dahlia,/)
      .locator(".monaco-tl-contents")
      .click({ modifiers: ["ControlOrMeta"] });
    await window.until(async () => (await selected().count()) === 2, "two rows are selected");
    await window
      .row(/^dahlia,/)
      .locator(".monaco-tl-contents")
      .click({ modifiers: ["Shift"] });
    await window.until(async () => (await selected().count()) >= 2, "a stretch is selected");
  });

  it("finds a row by typing", async () => {
    await window.focusTree();
    await window.page.keyboard.type("ced");
    await window.until(
      async () => (await window.focusedRow.getAttribute("aria-label"))?.startsWith("cedar,"),
      "the row is in focus",
    );
    await window.page.keyboard.press("Control+Alt+f");
    const find = window.page.locator(".part.sidebar .monaco-tree-type-filter input");
    await find.fill("dahl");
    await find.press("Enter");
    await window.until(
      async () => (await window.focusedRow.getAttribute("aria-label"))?.startsWith("dahlia,"),
      "the row that was looked for is in focus",
    );
    await window.page.keyboard.press("Control+Alt+f");
    await find.press("Escape");
    await find.waitFor({ state: "hidden" });
    assert.deepEqual(await models(window), ["amber", "birch", "cedar", "dahlia"]);
  });

  it("keeps open what is open when it is refreshed", async () => {
    await window.expandRow("staging");
    await window.until(
      async () => (await window.treeRows()).filter(({ label }) => label.startsWith("Saved filters")).length === 2,
      "the second gateway is read",
    );
    const rows = await window.treeRows();
    gateway.takeCalls();
    await window.titleButton("Refresh").click();
    await window.until(
      () => Promise.resolve(gateway.calls.some(({ url }) => url.includes("/staging/logs"))),
      "the gateways are read anew",
    );
    await sameRows(rows);
    await window.focusTree();
    await window.arrowTo(/^staging/);
    await window.page.keyboard.press("ArrowLeft");
    await window.runByKeys("AI Gateway: Refresh");
    await window.until(
      async () => (await window.row(/^staging/).getAttribute("aria-expanded")) === "false",
      "what is closed stays closed",
    );
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
  });

  it("applies a saved filter with a click, and clears it with another", async () => {
    await window.expandRow(/^Saved filters/);
    await window.clickRow(/^Errors, status:error/);
    await window.row(/^production, filtered: 2/).waitFor();
    await shows(window, ["birch"]);
    await window.page.locator(".part.sidebar .message", { hasText: "failed" }).waitFor();
    await window.clickRow(/^Errors, active/);
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
    await window.page.locator(".part.sidebar .message", { hasText: "failed" }).waitFor({ state: "hidden" });
    await window.clickRow(/^Errors, status:error/);
    await shows(window, ["birch"]);
    await window.titleButton("Clear Filter").click();
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
    await window.titleButton("Clear Filter").waitFor({ state: "detached" });
  });

  it("keeps a filter of one's own with a name", async () => {
    await selectInProduction();
    await keyboardPerson(window).filter(["model:elder,birch"]);
    await shows(window, ["birch"]);
    await window.clickRow(/^birch,/);
    await window.runByKeys("AI Gateway: Save Filter");
    await window.quickInput.locator("input:focus").first().waitFor();
    await window.answer("Trees", "Name");
    await window.choose("For this gateway");
    await window.row(/^Trees, active, model:elder,birch/).waitFor();
    assert.equal(await window.row(/^hazel,/).count(), 0);
    await window.focusTree();
    await window.arrowTo(/^Trees, active/);
    await window.page.keyboard.press("Enter");
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
    await window.arrowTo(/^Trees, model/);
    await window.page.keyboard.press("Enter");
    await shows(window, ["birch"]);
    // Not with the mouse: arriving rows would shift the one under the pointer.
    await window.arrowTo(/^Trees, active/);
    await window.page.keyboard.press("Enter");
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
    const trees = window.row(/^Trees/);
    await window.until(async () => {
      await trees.hover();
      await trees.locator('.action-label[aria-label^="Delete Saved Filter"]').click();
      return trees.waitFor({ state: "detached", timeout: 5000 }).then(
        () => true,
        () => false,
      );
    }, "the filter to be gone");
  });

  it("says what is wrong with a line, and where, and does not apply it", async () => {
    await selectInProduction();
    await window.runByKeys("AI Gateway: Edit Filter");
    await window.quickInput.getByText(/^Filter production/).waitFor();
    await window.page.keyboard.type("status:error cost:abc");
    await entries(window)
      .first()
      .getByText(/“cost:abc”|“abc”/)
      .waitFor();
    await window.page.keyboard.press("Enter");
    assert.equal(await window.quickInput.isVisible(), true);
    assert.equal(await typed(window), "status:error cost:abc");
    await window.page.keyboard.press("Escape");
    await window.quickInput.waitFor({ state: "detached" });
    await window.row(/^production, 7/).waitFor();
  });

  it("completes a line by Enter", async () => {
    await selectInProduction();
    await window.runByKeys("AI Gateway: Edit Filter");
    await window.quickInput.getByText(/^Filter production/).waitFor();
    await window.page.keyboard.type("modl:");
    await entries(window).filter({ hasText: "Did you mean model?" }).waitFor();
    // The completion is already selected, because the line can't be applied yet.
    await window.page.keyboard.press("Enter");
    await window.until(async () => (await typed(window)) === "model:", "the key is completed");
    await window.page.keyboard.type("bir");
    await entries(window).filter({ hasText: "birch" }).first().waitFor();
    await window.page.keyboard.press("ArrowDown");
    await window.page.keyboard.press("Enter");
    await window.until(async () => (await typed(window)) === "model:birch ", "the line is completed");
    await entries(window).first().getByText("1 log").waitFor();
    await window.page.keyboard.press("Enter");
    await window.row(/^production, filtered: 1/).waitFor();
    await window.runByKeys("AI Gateway: Clear Filter");
    await shows(window, ["amber", "birch", "cedar", "dahlia"]);
  });

  it("goes to a day, and to the one before it that has logs", async () => {
    await selectInProduction();
    await window.runByKeys("AI Gateway: Go to Date");
    await window.answer("20d", "2026-");
    await window.row(/^fern,/).waitFor();
    await window.titleMenu("Go to Date");
    await window.answer("40d", "2026-");
    await window.row(/^ginkgo,/).waitFor();
  });

  it("opens a log by what is pasted from a response's headers", async () => {
    await window.runByKeys("AI Gateway: Open Log by ID");
    await window.quickInput.locator('input[placeholder^="cf-aig-log-id"]').waitFor();
    await window.page.evaluate(`navigator.clipboard.writeText("HTTP/2 200\\ncf-aig-log-id: id-of-hazel\\nserver: x")`);
    await window.page.keyboard.press("Control+v");
    await window.page.keyboard.press("Enter");
    await window.logPage("id-of-hazel");
    // The input already has the clipboard's content.
    await window.titleMenu("Open Log by ID");
    await window.until(async () => (await typed(window)) === "id-of-hazel", "the id is offered");
    await window.page.evaluate(`navigator.clipboard.writeText("")`);
    await window.answer("no-such-log-anywhere", "cf-aig-log-id");
    await window.notification(/production/);
    await clipboard("");
  });

  it("has left no error in the window", () => {
    const unexpected = window.errors.filter((error) => !error.startsWith("There is no log or event"));
    assert.deepEqual(unexpected, []);
  });
});
