import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Bodies } from "../../src/documents/bodies.ts";
import { LogPanels, VIEW_TYPE } from "../../src/panel/panels.ts";
import { aLog, GATEWAY } from "../gateway.ts";
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
    const clientOf = (accountId: string) => world.sessions.clientOf(accountId);
    const { extensionUri, readExchange, format, logger } = world;
    panels = new LogPanels({ extensionUri, clientOf, bodies: new Bodies(clientOf), readExchange, format, logger });
  });

  afterEach(async () => {
    panels.dispose();
    await tabsToBe((labels) => labels.every((label) => !label.startsWith("model-")));
    await world.close();
  });

  it("are one a log, and know which is in front", async () => {
    panels.open(ref("a"));
    panels.open(ref("b"));
    panels.open(ref("a"));
    await tabsToBe((labels) =>
      ["model-a", "model-b"].every((model) => labels.filter((label) => label.startsWith(model)).length === 1),
    );
    assert.equal(tabs().length, 2);
    assert.deepEqual(panels.active, ref("a"));
  });

  it("take over a restored panel, and read its log again", async () => {
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
    await panels.deserializeWebviewPanel(panel, { ref: ref("a") });
    await tabsToBe((labels) => labels.some((label) => label.startsWith("model-a")));
    assert.match(panel.webview.html, /Content-Security-Policy/);
  });

  it("close a restored panel whose log is open already, or whose state is no log", async () => {
    panels.open(ref("a"));
    for (const state of [{ ref: ref("a") }, undefined, { ref: { accountId: 1 } }, "state"]) {
      const panel = vscode.window.createWebviewPanel(VIEW_TYPE, "", vscode.ViewColumn.Active, options);
      let closed = false;
      panel.onDidDispose(() => (closed = true));
      await panels.deserializeWebviewPanel(panel, state);
      assert.equal(closed, true);
    }
    assert.deepEqual(panels.active ?? ref("a"), ref("a"));
  });

  it("give up their calls when they are closed, and say nothing", async () => {
    panels.open(ref("a"));
    panels.dispose();
    await world.sessions.current();
    assert.ok(!world.lines.some((line) => /aborted|disposed/i.test(line)));
  });
});
