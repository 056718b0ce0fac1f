import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { AccountNode } from "../../src/audit/nodes.ts";
import { AUDIT_PERMISSION } from "../../src/words/explain.ts";
import { PERMISSIONS } from "../../src/local/tokens.ts";
import { ACCOUNT, CANARY } from "../gateway.ts";
import { auditKind, startAuditWorld, type AuditWorld } from "./audit-world.ts";
import { at } from "./nodes.ts";

const DELETED = {
  action_type: "delete",
  action_result: "success",
  resource_type: "ai_gateway.logs",
  resource_id: "production",
  resource_product: "ai_gateway",
  raw_uri: `/accounts/${ACCOUNT}/ai-gateway/gateways/production/logs`,
} as const;

describe("the audit log's tree", () => {
  let world: AuditWorld;

  beforeEach(async () => {
    world = await startAuditWorld();
    await world.signIn();
  });

  afterEach(() => world.close());

  const account = async (): Promise<AccountNode> => auditKind(await world.nodes(), "account");
  const children = async () => world.nodes(await account());
  const auditCalls = () => world.gateway.takeCalls().filter((call) => call.includes("/logs/audit"));

  it("reads the last seven days with one call when it is opened, and none before", async () => {
    world.add("a", at(0), { ...DELETED, actor_email: "alice@example.com" });
    world.add("b", at(1), { ...DELETED, actor_token_name: "ci", action_result: "failure" });
    const node = await account();
    assert.deepEqual(world.gateway.takeCalls(), []);
    const rows = await world.nodes(node);
    const calls = auditCalls();
    assert.equal(calls.length, 1);
    assert.match(calls[0] ?? "", /limit=100/);
    assert.match(world.said(rows).join("\n"), /^Saved filters\nToday \| 1\nYesterday \| 1\nEarlier… \| before /);
    const days = rows.filter((row) => row.kind === "day");
    const [today, yesterday] = await Promise.all(days.map((day) => world.nodes(day)));
    assert.match(world.said(today ?? []).join(), /^logs production \| \d\d:\d\d:\d\d · alice@example\.com$/);
    assert.match(world.said(yesterday ?? []).join(), /^logs production \| failed · \d\d:\d\d:\d\d · ⚷ ci$/);
    assert.deepEqual(auditCalls(), []);
    const item = world.auditTree.item(auditKind(yesterday ?? [], "entry"));
    assert.match(item.accessibilityInformation?.label ?? "", /^logs production, deleted, failed, token ci, /);
    assert.equal(item.iconPath instanceof vscode.ThemeIcon && item.iconPath.id, "trash");
    const tooltip = world.auditTree.resolveTreeItem({}, auditKind(today ?? [], "entry")).tooltip;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /alice@example/);
    assert.match(tooltip.value, /UTC/);
  });

  it("goes back over empty months with few calls, and says where the API keeps nothing older", async () => {
    world.add("old", at(200), DELETED);
    const rows = await children();
    assert.match(world.said(rows).join("\n"), /No entries since/);
    auditCalls();
    await world.auditTree.loadMore(await account());
    assert.ok(auditCalls().length <= 5);
    assert.ok(world.fired.length > 0);
    const day = auditKind(await children(), "day");
    assert.equal((await world.nodes(day)).length, 1);
    await world.auditTree.loadMore(await account());
    assert.match(world.said(await children()).join("\n"), /Nothing older is kept/);
  });

  it("is asked for the next page while there is one", async () => {
    for (let index = 0; index < 150; index++) world.add(`e${index}`, new Date(at(1).getTime() + index), DELETED);
    const rows = await children();
    assert.match(world.said(rows).join("\n"), /Yesterday \| 100\+\nLoad More/);
    const node = await account();
    await Promise.all([world.auditTree.loadMore(node), world.auditTree.loadMore(node)]);
    assert.equal(auditCalls().length, 2);
    assert.match(world.said(await children()).join("\n"), /Yesterday \| 150\n/);
  });

  it("names the permission that is missing, and leaves the logs alone", async () => {
    const value = `${CANARY}reader`;
    await world.close();
    const tokens = [{ value, kind: "user" as const, permissions: PERMISSIONS.slice(0, 2) }];
    world = await startAuditWorld({ tokens });
    await world.signIn(value);
    const state = auditKind(await children(), "state");
    const item = world.auditTree.item(state);
    assert.equal(item.label, `The permission ${AUDIT_PERMISSION} is missing`);
    assert.equal(item.command?.command, "aiGateway.signIn");
    assert.equal((await world.children()).length, 1);
    assert.equal((await world.children())[0]?.kind, "gateway");
  });

  it("says that it is offline, and reads on from there when asked again", async () => {
    for (let index = 0; index < 150; index++) world.add(`e${index}`, new Date(at(1).getTime() + index), DELETED);
    await children();
    await world.gateway.goAway();
    await world.auditTree.loadMore(await account());
    const failed = (await children()).at(-1);
    assert.ok(failed);
    assert.match(world.said([failed]).join(), /Can't be reached \| Try Again/);
    assert.equal(world.auditTree.item(failed).command?.command, "aiGateway.retryAudit");
    await world.gateway.comeBack();
    await world.auditTree.loadMore(await account());
    assert.match(world.said(await children()).join("\n"), /Yesterday \| 150\n/);
  });

  it("shows only what matches an account's saved line, and says when that is invalid", async () => {
    world.add("a", at(1), DELETED);
    world.add("b", at(1, 1), { action_type: "create", resource_id: "other" });
    world.filters.set(ACCOUNT, "action:delete");
    assert.match(world.said([await account()]).join(), /Acme Bicycles \| filtered/);
    assert.match(world.said(await children()).join("\n"), /Yesterday \| 1/);
    world.filters.set(ACCOUNT, "gateway:production");
    assert.match(world.said(await children()).join("\n"), /1 of 2 read/);
    world.filters.set(ACCOUNT, "action:view");
    assert.match(world.said(await children()).join("\n"), /No entries since .* match the filter \| Clear Filter/);
    world.filters.set(ACCOUNT, "actin:view");
    assert.match(world.said(await children()).join("\n"), /The filter can't be used/);
    world.filters.forget(ACCOUNT);
    assert.match(world.said(await children()).join("\n"), /Yesterday \| 2/);
  });

  it("has a ready filter for what was done to AI Gateway, by the product that the API names", async () => {
    world.add("other", at(1), { resource_product: "dns" });
    world.add("ours", at(1), DELETED);
    const filters = auditKind(await children(), "filters");
    const [ready] = await world.nodes(filters);
    assert.equal(world.said(ready ? [ready] : []).join(), "AI Gateway changes | product:ai_gateway");
    world.filters.set(ACCOUNT, "product:ai_gateway");
    assert.match(world.said(await children()).join("\n"), /Yesterday \| 1/);
  });

  it("goes from entry to entry over days and pages", async () => {
    for (let index = 0; index < 120; index++)
      world.add(`e${index}`, new Date(at(1).getTime() - index * 3_600_000), DELETED);
    await children();
    const ref = (id: number) => {
      const time = new Date(at(1).getTime() - id * 3_600_000).toISOString();
      return { sourceId: ACCOUNT, entryId: `e${id}`, time };
    };
    const neighbor = async (id: number, step: "next" | "previous") =>
      (await world.auditTree.neighbor(ref(id), step))?.entry.id;
    assert.equal(await neighbor(20, "next"), "e21");
    assert.equal(await neighbor(20, "previous"), "e19");
    assert.equal(await neighbor(0, "previous"), undefined);
    assert.equal(await neighbor(119, "previous").catch(() => "not listed"), "not listed");
    let at119 = 100;
    while (at119 < 119) {
      const next = await neighbor(at119, "next").catch(async () => {
        await world.auditTree.loadMore(await account());
        return neighbor(at119, "next");
      });
      assert.equal(next, `e${++at119}`);
    }
  });

  it("finds an entry again by its id and time alone", async () => {
    world.add("lone", at(3), DELETED);
    const ref = { sourceId: ACCOUNT, entryId: "lone", time: at(3).toISOString() };
    assert.equal((await world.entries.get(ref)).resource.id, "production");
    await world.entries.get(ref);
    assert.equal(auditCalls().length, 1);
    await assert.rejects(world.entries.get({ ...ref, entryId: "gone" }), /no entry/);
  });
});
