import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { shows } from "./browse-person.ts";
import { openWindow, type Window } from "./window.ts";

/** Returns yesterday at noon plus some minutes. */
const yesterday = (minutes: number) => {
  const day = new Date();
  day.setDate(day.getDate() - 1);
  return new Date(day.setHours(12, minutes, 0, 0));
};

describe("a person who deletes logs", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway({ deleteDelayMs: 300, keepTotalsMs: 60_000 });
    gateway.store.insert([
      ...["one", "two", "three"].map((id, index) => aLog({ id, model: id, createdAt: yesterday(index) })),
      aLog({ id: "today", model: "today", createdAt: new Date() }),
    ]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.signIn(gateway.token);
    await window.expandRow("production");
    await window.expandRow(/^Today/);
    await window.expandRow(/^Yesterday/);
    await shows(window, ["today", "three", "two", "one"]);
  });

  after(async () => {
    const deleted = gateway.calls.filter(({ method }) => method === "DELETE");
    assert.ok(deleted.every(({ url }) => (new URLSearchParams(url.split("?")[1]).get("filters") ?? "[]").length > 2));
    await window.close();
    await gateway.close();
  });

  it("of a day sees them first, says yes, and sees them go", async () => {
    const { page, quickInput } = window;
    await window.rowMenu(/^Yesterday/, "Delete Logs…");
    await quickInput.getByText("Delete 3 logs of production").waitFor();
    // A log of the list can be opened; the list stays.
    await quickInput.locator(".monaco-list-row", { hasText: "two" }).last().click();
    await window.logPage("two");
    await quickInput.locator(".monaco-list-row", { hasText: "Delete 3 logs…" }).first().click();
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByText("Delete 3 logs of the gateway production?").waitFor();
    assert.equal(gateway.calls.filter(({ method }) => method === "DELETE").length, 0);
    await dialog.getByRole("button", { name: "Delete 3 logs" }).click();
    await window.notification("3 logs of production are deleted.");
    await shows(window, ["today"]);
    await window.row(/^production, 1\b/).waitFor();
    assert.equal(await window.row(/^Yesterday/).isVisible(), false);
    await (await window.webviewFrame(".failed")).getByText("it was deleted").waitFor();
  });

  it("with the keyboard alone deletes the log in focus", async () => {
    const { page } = window;
    await window.runCommand("Notifications: Clear All Notifications");
    await window.focusTree();
    await window.arrowTo(/^today, /);
    // The space bar selects it, and shows it with the focus still in the tree.
    await page.keyboard.press("Space");
    await window.logPage("today");
    await window.focusedRow.and(page.locator(".selected")).waitFor();
    await page.keyboard.press("Delete");
    await window.quickInput.getByText("Delete 1 log of production").waitFor();
    await page.keyboard.press("Enter");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Delete 1 log" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Enter");
    await window.notification("1 log of production is deleted.");
    await window.row("No logs yet").waitFor();
    assert.equal((await gateway.client.listLogs(GATEWAY, {})).logs.length, 0);
  });
});
