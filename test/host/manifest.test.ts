import assert from "node:assert/strict";
import * as vscode from "vscode";

import { Run } from "../../src/debugging/core/run.ts";
import { commandTable, type CommandNeeds } from "../../src/commands/table.ts";
import { itemOf } from "../../src/audit/items.ts";
import { accountNode, dayNode, entryNode } from "../../src/audit/nodes.ts";
import { parseAuditEntry } from "../../src/sources/cloudflare/audit/schema.ts";
import type { Format } from "../../src/logs/format.ts";
import { kind } from "./nodes.ts";
import { startWorld } from "./world.ts";

type Properties = Record<string, { scope?: string; default?: unknown; order: number }>;

type Manifest = {
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string }[];
    keybindings: { key: string; when?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: { title: string; properties: Properties }[];
    views: Record<string, { id: string }[]>;
  };
};

function manifest(): Manifest {
  const extension = vscode.extensions.getExtension("ai-gateway-logs.ai-gateway-logs");
  assert.ok(extension);
  return extension.packageJSON as Manifest;
}

/** Items of the audit log, as the menus distinguish them. */
function auditItems(format: Format): vscode.TreeItem[] {
  const account = accountNode({ id: "a", name: "Acme", kind: "cloudflare" }, "action:delete", true);
  const entry = parseAuditEntry({
    id: "e",
    action: { time: "2026-11-20T12:00:00Z" },
    resource: { id: "shop", type: "ai_gateway.gateway" },
  });
  assert.ok(entry);
  return [account, entryNode(dayNode(account, "2026-11-20", 1, true), entry)].map((node) => itemOf(node, format));
}

const ids = Object.keys(commandTable({} as CommandNeeds)).sort();

describe("package.json", () => {
  it("declares exactly the commands that there are", () => {
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(declared.sort(), ids);
  });

  it("puts only declared commands into menus, and hides those that need a node from the palette", () => {
    const { menus } = manifest().contributes;
    const used = Object.values(menus).flat();
    assert.deepEqual(
      used.filter(({ command }) => !ids.includes(command)),
      [],
    );
    const hidden = menus["commandPalette"]?.filter(({ when }) => when === "false").map(({ command }) => command) ?? [];
    assert.deepEqual(hidden.sort(), [
      "aiGateway.focusNextAuditEntry",
      "aiGateway.focusNextLog",
      "aiGateway.loadEarlier",
      "aiGateway.loadMore",
      "aiGateway.loadMoreAudit",
      "aiGateway.openAuditEntry",
      "aiGateway.openLog",
      "aiGateway.openLogOf",
      "aiGateway.openLogOfVariable",
      "aiGateway.refreshGateway",
      "aiGateway.refreshGroup",
      "aiGateway.retry",
      "aiGateway.retryAudit",
      "aiGateway.showCalls",
      "aiGateway.showInAuditLog",
    ]);
  });

  it("gives no key to two commands in one place", () => {
    const keys = manifest().contributes.keybindings.map(({ key, when }) => `${key} ${when}`);
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    );
  });

  it("looks only for words that the tree's items have", async () => {
    const whens = (manifest().contributes.menus["view/item/context"] ?? []).map(({ when = "" }) => when);
    const words = whens.flatMap((when) =>
      [...when.matchAll(/viewItem (?:==|=~) \/?(?:\\b|\^)?(\w+)/g)].map((match) => match[1] ?? ""),
    );
    assert.ok(whens.every((when) => when.includes("viewItem")));
    assert.equal(words.length, whens.join(" ").match(/viewItem/g)?.length);
    const world = await startWorld();
    try {
      await world.sample.open();
      const gateway = kind(await world.children(), "gateway");
      world.arrangements.setFilter(gateway.ref, "since:30d");
      const children = await world.children(gateway);
      const [filters, group] = [kind(children, "filters"), kind(children, "group")];
      const log = kind(await world.children(group), "log");
      await vscode.workspace
        .getConfiguration("aiGateway")
        .update("savedFilters", [{ name: "Mine", filter: "cached" }], vscode.ConfigurationTarget.Global);
      const saved = (await world.children(filters)).at(-1);
      await vscode.workspace
        .getConfiguration("aiGateway")
        .update("savedFilters", undefined, vscode.ConfigurationTarget.Global);
      assert.ok(saved);
      world.runs.add(new Run("1", "Launch", new Date()));
      const run = kind(await world.children(), "run");
      // Only gateways online have a web page.
      await world.signIn();
      const online = (await world.children()).find((node) => node.kind === "gateway" && node.account.kind !== "sample");
      assert.ok(online);
      // Only a server purges its logs.
      const baseUrl = "http://127.0.0.1:1";
      await world.tokens.store({ id: baseUrl, name: "127.0.0.1:1", server: { kind: "verifywise", baseUrl } }, "tok");
      const own = (await world.children()).find(
        (node) => node.kind === "gateway" && node.account.kind === "verifywise",
      );
      assert.ok(own);
      await world.recorded.open();
      const { id: sourceId } = world.recorded;
      (await world.recorded.store()).addGateway({ sourceId, id: "shop", createdAt: new Date() });
      const recorded = (await world.children()).find(
        (node) => node.kind === "gateway" && node.account.kind === "recordings",
      );
      assert.ok(recorded);
      const items = [run, gateway, online, own, recorded, group, log, saved].map((node) => world.tree.item(node));
      const present = [...items, ...auditItems(world.format)].flatMap(
        ({ contextValue }) => contextValue?.split(" ") ?? [],
      );
      assert.deepEqual(
        words.filter((word) => !present.includes(word)),
        [],
      );
    } finally {
      await world.close();
    }
  });

  it("has a default for every setting, and lets no workspace redirect a token", () => {
    const categories = manifest().contributes.configuration;
    const properties = Object.assign({}, ...categories.map((category) => category.properties)) as Properties;
    for (const [key, property] of Object.entries(properties)) assert.ok("default" in property, key);
    for (const key of ["aiGateway.apiBaseUrl", "aiGateway.gatewayUrl"])
      assert.equal(properties[key]?.scope, "application", key);
  });

  it("has its settings in three categories, in the order of the manifest", () => {
    const categories = manifest().contributes.configuration;
    assert.deepEqual(
      categories.map(({ title }) => title),
      ["Logs", "Debugging", "Connection"],
    );
    for (const { title, properties } of categories)
      assert.deepEqual(
        Object.values(properties).map(({ order }) => order),
        Object.keys(properties).map((_, index) => index + 1),
        title,
      );
  });

  it("has no activation event but those that VS Code does not derive", () => {
    assert.deepEqual(manifest().activationEvents, [
      // A restored window shows a recorded body or a draft.
      "onFileSystem:ai-gateway-log",
      "onFileSystem:ai-gateway-resend",
      // A link that is followed.
      "onUri",
      // A debug session: its calls are found from its first output on.
      "onDebugAdapterProtocolTracker",
      // A text is shown: it may contain IDs and calls, in any language.
      "onLanguage",
    ]);
  });
});
