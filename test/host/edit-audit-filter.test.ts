import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { AccountNode } from "../../src/audit/nodes.ts";
import { EntryPanels } from "../../src/audit/panels.ts";
import { applyAuditFilter, editAuditFilter, saveAuditFilter } from "../../src/commands/audit/audit-filter.ts";
import { showAuditLog } from "../../src/commands/audit/show-audit-log.ts";
import { describeAuditLine } from "../../src/audit/filter-words.ts";
import { ownFilters } from "../../src/filter/saved.ts";
import { formatFor } from "../../src/logs/format.ts";
import { ACCOUNT, GATEWAY } from "../gateway.ts";
import { auditKind, startAuditWorld, type AuditWorld } from "./audit-world.ts";
import { at } from "./nodes.ts";
import { Person, StoppedClock } from "./person.ts";
import { MemoryState } from "./secrets.ts";

describe("the audit log's filter", () => {
  let world: AuditWorld;
  let person: Person;
  let clock: StoppedClock;
  let account: AccountNode;
  let panels: EntryPanels;

  const set = (value: unknown) =>
    vscode.workspace
      .getConfiguration("aiGateway")
      .update("savedAuditFilters", value, vscode.ConfigurationTarget.Global);

  beforeEach(async () => {
    world = await startAuditWorld();
    await world.signIn();
    world.add("deleted", at(1, 1), { action_type: "delete", resource_id: "shop", actor_email: "alice@example.com" });
    world.add("created", at(1), { action_type: "create", resource_id: "shop", resource_product: "ai_gateway" });
    person = new Person();
    clock = new StoppedClock();
    account = auditKind(await world.nodes(), "account");
    await world.nodes(account);
    const around = { neighbor: () => Promise.resolve(undefined), reveal: () => undefined };
    panels = new EntryPanels({ ...world, clientOf: (id) => world.sessions.clientOf(id), around }, new MemoryState());
  });

  afterEach(async () => {
    panels.dispose();
    await set(undefined);
    await world.close();
  });

  const needs = () => ({
    audit: { tree: world.auditTree, filters: world.filters, panels },
    format: world.format,
    tell: (error: unknown) => assert.fail(String(error)),
    ui: person.ui,
    later: clock.later,
  });

  const edit = async () => {
    const done = editAuditFilter(needs(), account);
    const pick = await person.sees();
    clock.strike();
    await pick.settled();
    return { pick, done };
  };

  it("says how many fit and shows the newest, asks once for what is typed, and Enter applies it", async () => {
    const { pick, done } = await edit();
    assert.match(pick.words[0] ?? "", /Show all entries 2 entries in the last 7 days/);
    assert.ok(pick.words.some((words) => /shop · .* · alice@example\.com/.test(words)));
    world.gateway.takeCalls();
    pick.value = "action:del";
    pick.value = "action:delete";
    clock.strike();
    await pick.settled();
    assert.equal(world.gateway.takeCalls().length, 1);
    assert.match(pick.words[0] ?? "", /^\$\(filter\) Show 1 entry/);
    pick.choose();
    await done;
    assert.equal(world.filters.of(ACCOUNT), "action:delete");
  });

  it("says what is wrong in place, and completes with what was seen and what the API names", async () => {
    const { pick, done } = await edit();
    pick.value = "acton:delete";
    assert.match(pick.words[0] ?? "", /no key “acton”.*Did you mean action or actor/);
    pick.choose();
    assert.equal(pick.value, "action:delete");
    pick.value = "actor:";
    assert.ok(pick.words.some((words) => words.includes("alice@example.com  ·  1 entry")));
    pick.value = "product:ai";
    assert.ok(pick.words.some((words) => words.includes("ai_gateway")));
    pick.value = "result:maybe";
    assert.match(pick.words[0] ?? "", /“maybe” isn't a valid value for “result”. It takes success or failure/);
    pick.hide();
    await done;
    assert.equal(world.filters.of(ACCOUNT), "");
  });

  it("opens an entry that is chosen, and applies nothing", async () => {
    const { pick, done } = await edit();
    pick.choose(/shop · .* · alice/);
    await done;
    assert.deepEqual(
      panels.all.map(({ ref }) => ref.entryId),
      ["deleted"],
    );
    assert.equal(world.filters.of(ACCOUNT), "");
  });

  it("is saved with a name, applied by it, and cleared", async () => {
    person.texts.push("Deletes");
    await saveAuditFilter(needs(), account, "action:delete");
    assert.deepEqual(ownFilters("savedAuditFilters"), [{ name: "Deletes", filter: "action:delete", ready: false }]);
    const applying = applyAuditFilter(needs(), account);
    const pick = await person.sees();
    assert.match(pick.words.join("\n"), /AI Gateway changes product ai_gateway\n.*Deletes action delete/);
    pick.choose(/Deletes/);
    await applying;
    assert.equal(world.filters.of(ACCOUNT), "action:delete");
    await applyAuditFilter(needs(), account, ownFilters("savedAuditFilters")[0]);
    assert.equal(world.filters.of(ACCOUNT), "");
    await assert.rejects(saveAuditFilter(needs(), account, "acton:x"), /no key/);
  });

  it("shows what was done to a gateway, and what was deleted of it since", async () => {
    const shown: string[] = [];
    const audit = {
      tree: world.auditTree,
      showFiltered: async (accountId: string, line: string) => void shown.push(`${accountId} ${line}`),
    };
    await showAuditLog(audit, GATEWAY);
    await showAuditLog(audit, GATEWAY, new Date("2026-11-20T12:01:00Z"));
    const line = `${ACCOUNT} product:ai_gateway gateway:production`;
    assert.deepEqual(shown, [line, `${line} action:delete since:2026-11-20T12:00:00.000Z`]);
  });

  it("reads in plain words", () => {
    const words = (line: string) => describeAuditLine(line, formatFor("en", "utc"));
    assert.equal(
      words("action:delete,create -context:dash actor:a@example.com since:2h uri:~/x two"),
      "action delete or create · signed in by not dash · email address a@example.com · URI contains /x · “two” anywhere · since 2 hours ago",
    );
    assert.equal(words("acton:delete category:ai"), "product category ai · acton");
    assert.equal(words(""), "");
  });
});
