import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openWindow, type Window } from "./window.ts";

describe("the sample gateway", () => {
  let window: Window;

  before(async () => {
    window = await openWindow();
    await window.openView("AI Gateway");
  });

  after(() => window.close());

  it("is one click away, with a day for each that has logs", async () => {
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).click();
    await window.expandRow(/^sample, /);
    await window.row(/^Today/).waitFor();
    const days = async () =>
      (await window.treeRows()).filter(({ level, label }) => level === 2 && /\blogs$/.test(label));
    await window.row(/^Earlier…/).waitFor();
    while (await window.row(/^Earlier…/).isVisible()) {
      const shown = (await days()).length;
      await window.clickRow(/^Earlier…/);
      await window.until(async () => (await days()).length > shown, "more days");
    }
    assert.ok((await days()).length >= 6);
  });

  it("has logs that open", async () => {
    await window.expandRow(/^Yesterday/);
    await window.row(/, succeeded, /).waitFor();
    await window.clickRow(/, succeeded, /);
    await (await window.webviewFrame("#log:not([inert]) article")).locator("footer").waitFor();
  });

  it("is there again after the window is reloaded, with the log that was open", async () => {
    await window.reload();
    await window.openView("AI Gateway");
    await window.row(/^sample, /).waitFor();
    await (await window.webviewFrame("#log:not([inert]) article")).locator("footer").waitFor();
  });

  it("is taken away after a yes, and not without one", async () => {
    await window.runCommand("AI Gateway: Remove Sample Gateway");
    await window.page.locator(".monaco-dialog-box").getByText("Cancel").click();
    await window.row(/^sample, /).waitFor();
    await window.runCommand("AI Gateway: Remove Sample Gateway");
    await window.page.locator(".monaco-dialog-box").getByText("Remove", { exact: true }).click();
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
    assert.deepEqual(await window.filesNamed("sample.sqlite"), []);
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
