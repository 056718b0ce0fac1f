import assert from "node:assert/strict";
import * as vscode from "vscode";
import { parseLog } from "../../src/sources/cloudflare/schema.ts";
import { LogPanels, VIEW_TYPE } from "../../src/panel/panels.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { MemoryState } from "./secrets.ts";
import { panelNeeds } from "./page.ts";
import { startWorld, type World } from "./world.ts";

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));

/** Waits for the tabs to be as expected, by their events. */
async function tabsToBe(expected: (labels: string[]) => boolean): Promise<void> {
  while (!expected(tabs())) {
    await new Promise<void>((resolve) => {
      const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
        subscription.dispose();
        resolve();
      });
    });
  }
}

const memory = () => ({ global: new MemoryState(), workspace: new MemoryState() });

describe("the panels", () => {
  let world: World;
  let panels: LogPanels;
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const options = { enableScripts: true };

  beforeEach(async () => {
    world = await startWorld();
    await world.signIn();
    world.gateway.store.insert([
      aLog({ id: "a", createdAt: new Date(), model: "model-a" }),
      aLog({ id: "b", createdAt: new Date(), model: "model-b" }),
    ]);
    panels = new LogPanels(panelNeeds(world), memory());
  });

  afterEach(async () => {
    panels.dispose();
    await tabsToBe((labels) => labels.every((label) => !label.startsWith("model-")));
    await world.close();
  });

  it("are one a log, and know which is in front", async () => {
    await panels.open(ref("a"));
    panels.keepOpen();
    await panels.open(ref("b"));
    panels.keepOpen();
    await panels.open(ref("a"));
    await tabsToBe((labels) =>
      ["model-a", "model-b"].every((model) => labels.filter((label) => label.startsWith(model)).length === 1),
    );
    assert.equal(tabs().length, 2);
    assert.deepEqual(panels.active, ref("a"));
  });

  const log = (id: string, model: string) =>
    parseLog({ id, created_at: new Date().toISOString(), model }) ?? assert.fail();
  const labels = () => tabs().map((label) => label.replace(/ · .*/, ""));

  it("have one preview, which the next log takes over, until it is kept", async () => {
    await panels.openFromTree(ref("a"), log("a", "model-a"));
    await panels.openFromTree(ref("b"), log("b", "model-b"));
    await tabsToBe(() => labels().join() === "model-b");
    await tabsToBe(() => panels.active !== undefined);
    panels.keepOpen();
    await panels.openFromTree(ref("a"), log("a", "model-a"));
    await tabsToBe(() => labels().length === 2);
    assert.deepEqual(labels().sort(), ["model-a", "model-b"]);
  });

  it("keep a log that is opened twice at once, as a double click does", async () => {
    await panels.openFromTree(ref("a"), log("a", "model-a"));
    await panels.openFromTree(ref("a"), log("a", "model-a"));
    await panels.openFromTree(ref("b"), log("b", "model-b"));
    await tabsToBe(() => labels().length === 2);
    assert.deepEqual(labels().sort(), ["model-a", "model-b"]);
  });

  it("open each log in a tab of its own where the setting says so", async () => {
    const configuration = vscode.workspace.getConfiguration("aiGateway");
    await configuration.update("openInPreview", false, vscode.ConfigurationTarget.Global);
    try {
      await panels.openFromTree(ref("a"), log("a", "model-a"));
      await panels.openFromTree(ref("b"), log("b", "model-b"));
      await tabsToBe(() => labels().length === 2);
    } finally {
      await configuration.update("openInPreview", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("open next to the editor if the setting is on, all in one column", async () => {
    const configuration = vscode.workspace.getConfiguration("aiGateway");
    await configuration.update("openBeside", true, vscode.ConfigurationTarget.Global);
    try {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: "code" }));
      await panels.open(ref("a"));
      await tabsToBe(() => panels.active !== undefined);
      panels.keepOpen();
      await panels.open(ref("b"));
      await tabsToBe(() => labels().filter((label) => label.startsWith("model-")).length === 2);
      const columns = vscode.window.tabGroups.all.map(({ tabs }) => tabs.length);
      assert.deepEqual(columns, [1, 2]);
    } finally {
      await configuration.update("openBeside", undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    }
  });

  it("remember over a restart which one was the preview, and which view was chosen", async () => {
    const remembered = memory();
    const before = new LogPanels(panelNeeds(world), remembered);
    await before.open(ref("a"));
    before.setView("raw");
    before.dispose();
    await tabsToBe((all) => all.length === 0);
    const after = new LogPanels(panelNeeds(world), remembered);
    try {
      const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
      await after.deserializeWebviewPanel(panel, { ref: ref("a") });
      await after.openFromTree(ref("b"), log("b", "model-b"));
      await tabsToBe(() => labels().join() === "model-b");
      assert.equal(remembered.global.get("panelView"), "raw");
    } finally {
      after.dispose();
    }
  });

  it("know the preview also when another tab is restored before it", async () => {
    const remembered = memory();
    const before = new LogPanels(panelNeeds(world), remembered);
    await before.open(ref("a"));
    before.dispose();
    await tabsToBe((all) => all.length === 0);
    const after = new LogPanels(panelNeeds(world), remembered);
    try {
      for (const id of ["b", "a"]) {
        const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
        await after.deserializeWebviewPanel(panel, { ref: ref(id) });
      }
      await after.openFromTree(ref("c"), log("c", "model-c"));
      await tabsToBe(() => labels().sort().join() === "model-b,model-c");
    } finally {
      after.dispose();
    }
  });

  it("take over a restored panel, and read its log again", async () => {
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
    await panels.deserializeWebviewPanel(panel, { ref: ref("a") });
    await tabsToBe((labels) => labels.some((label) => label.startsWith("model-a")));
    assert.match(panel.webview.html, /Content-Security-Policy/);
  });

  it("close a restored panel whose log is open already, or whose state is no log", async () => {
    await panels.open(ref("a"));
    for (const state of [{ ref: ref("a") }, undefined, { ref: { sourceId: 1 } }, "state"]) {
      const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
      let closed = false;
      panel.onDidDispose(() => (closed = true));
      await panels.deserializeWebviewPanel(panel, state);
      assert.equal(closed, true);
    }
    assert.deepEqual(panels.active ?? ref("a"), ref("a"));
  });

  it("abort their calls when they are closed, without a message", async () => {
    await panels.open(ref("a"));
    panels.dispose();
    await world.sessions.current();
    assert.ok(!world.lines.some((line) => /aborted|disposed/i.test(line)));
  });
});
