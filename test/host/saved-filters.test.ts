import assert from "node:assert/strict";
import * as vscode from "vscode";
import { parseFilter } from "../../src/query/query-line.ts";
import { deleteSavedFilter, keptForLogs } from "../../src/commands/filter/delete-saved-filter.ts";
import type { Ui } from "../../src/platform/pick-one.ts";
import { saveFilter } from "../../src/commands/filter/save-filter.ts";
import { formatFor } from "../../src/logs/format.ts";
import { savedFilters } from "../../src/filter/saved.ts";
import { Arrangements } from "../../src/tree/arrangements.ts";
import { node } from "./filter-bench.ts";
import { Person } from "./person.ts";
import { MemoryState } from "./secrets.ts";

const format = formatFor("en", "utc");
const setting = (key: string) => vscode.workspace.getConfiguration("aiGateway").get<unknown>(key);
const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration("aiGateway").update(key, value, vscode.ConfigurationTarget.Global);

describe("saved filters", () => {
  afterEach(() => set("savedFilters", undefined));

  const keptWith = (ui: Ui) => ({ ...keptForLogs("production", format), ui });
  const own = (collectionId = "production") => savedFilters(collectionId).filter(({ ready }) => !ready);

  it("come with six that can be read", () => {
    const ready = savedFilters("production");
    assert.deepEqual(
      ready.map(({ name }) => name),
      ["Errors", "Expensive", "Slow", "Unrated", "Cached", "Today"],
    );
    assert.ok(ready.every(({ ready, filter }) => ready && parseFilter(filter, new Date()).problems.length === 0));
  });

  it("omit invalid ones, and keep the rest", async () => {
    await set("savedFilters", [
      null,
      7,
      "text",
      [],
      {},
      { name: "no filter" },
      { filter: "no:name" },
      { name: "", filter: "cached" },
      { name: "x".repeat(101), filter: "cached" },
      { name: "two\nlines", filter: "cached" },
      { name: "half \ud800", filter: "cached" },
      { name: "empty", filter: "  " },
      { name: "long", filter: "x".repeat(2001) },
      { name: "odd gateway", filter: "cached", gateway: 7 },
      { name: "other gateway", filter: "cached", gateway: "staging" },
      { name: " mine ", filter: " cached ", gateway: "production", more: true },
      { name: "all", filter: "unknown:key" },
      { name: "all", filter: "twice" },
    ]);
    assert.deepEqual(own(), [
      { name: "mine", filter: "cached", gateway: "production", ready: false },
      { name: "all", filter: "unknown:key", ready: false },
    ]);
    for (const value of [{}, "text", 7, null]) {
      await set("savedFilters", value);
      assert.equal(savedFilters("production").length, 6);
    }
  });

  it("are saved, replaced and deleted, and what is not ours stays", async () => {
    await set("savedFilters", [{ name: "odd", later: true }]);
    const person = new Person();
    const arrangements = new Arrangements(new MemoryState());
    const needs = { tree: { arrangements }, format, ui: person.ui };
    await assert.rejects(saveFilter(needs, node), /no filter to save/);
    await assert.rejects(saveFilter(needs, node, "modle:x"), /“modle”/);

    const keep = async (line: string, name: string, scope: RegExp) => {
      person.texts.push(name);
      const saving = saveFilter(needs, node, line);
      (await person.sees()).choose(scope);
      await saving;
    };
    await keep("cached", "Mine", /all gateways/);
    await keep("-cached", "Mine", /this gateway/);
    await keep("cached cost:>1", "Mine", /all gateways/);
    assert.deepEqual(setting("savedFilters"), [
      { name: "odd", later: true },
      { name: "Mine", filter: "cached cost:>1" },
      { name: "Mine", filter: "-cached", gateway: "production" },
    ]);
    assert.equal(person.complaints.length, 2);
    assert.deepEqual(
      own("staging").map(({ filter }) => filter),
      ["cached cost:>1"],
    );

    const [first, second] = own();
    assert.ok(first && second);
    await deleteSavedFilter(keptWith(person.ui), second);
    const deleting = deleteSavedFilter(keptWith(person.ui));
    (await person.sees()).choose(/Mine/);
    await deleting;
    assert.deepEqual(setting("savedFilters"), [{ name: "odd", later: true }]);
    await assert.rejects(deleteSavedFilter(keptWith(person.ui)), /no saved filter/);
    const [errors] = savedFilters("production");
    await assert.rejects(deleteSavedFilter(keptWith(person.ui), errors), /came with the extension/);
  });

  it("show no icon and no link of their own", async () => {
    const hostile = { name: "$(error) Signed out", filter: 'cached "$(flame) [sign in](command:aiGateway.signOut)"' };
    await set("savedFilters", [hostile]);
    const person = new Person();
    let prompt = "";
    const ui: Ui = {
      ...person.ui,
      showInputBox: (options) => {
        prompt = options?.prompt ?? "";
        return Promise.resolve(undefined);
      },
    };
    const needs = { tree: { arrangements: new Arrangements(new MemoryState()) }, format, ui };
    const deleting = deleteSavedFilter(keptWith(ui));
    const pick = await person.sees();
    const [item] = pick.rows;
    assert.equal(item?.label, "\\$(error) Signed out");
    assert.match(item?.description ?? "", /“\\\$\(flame\)/);
    pick.hide();
    await deleting;
    await saveFilter(needs, node, hostile.filter);
    assert.match(prompt, /“\\\$\(flame\) \[sign in\] \(command/);
  });

  it("are not saved when the person leaves", async () => {
    const person = new Person();
    const needs = { tree: { arrangements: new Arrangements(new MemoryState()) }, format, ui: person.ui };
    person.texts.push(undefined, "Mine");
    await saveFilter(needs, node, "cached");
    const saving = saveFilter(needs, node, "cached");
    (await person.sees()).hide();
    await saving;
    assert.deepEqual(own(), []);
  });
});
