import assert from "node:assert/strict";
import * as vscode from "vscode";
import { FIELD_NAMES } from "../../src/source/fields.ts";
import { wordOf } from "../../src/query/words.ts";
import { parseFilter } from "../../src/query/query-line.ts";
import { applyFilter } from "../../src/commands/filter/apply-filter.ts";
import { editFilter } from "../../src/commands/filter/edit-filter.ts";
import { clearFilter } from "../../src/commands/filter/clear-filter.ts";
import { pickFilter } from "../../src/commands/filter/pick-filter.ts";
import { quickFilter } from "../../src/commands/filter/quick-filter.ts";
import { setGroup } from "../../src/commands/browse/set-group.ts";
import { setOrder } from "../../src/commands/browse/set-order.ts";
import { setPageSize } from "../../src/commands/browse/set-page-size.ts";
import { savedFilters } from "../../src/filter/saved.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { node, startFilterBench, type FilterBench } from "./filter-bench.ts";
import { at } from "./nodes.ts";

const setting = (key: string) => vscode.workspace.getConfiguration("aiGateway").get<unknown>(key);
const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration("aiGateway").update(key, value, vscode.ConfigurationTarget.Global);

describe("the filter commands", () => {
  let bench: FilterBench;

  beforeEach(async () => {
    bench = await startFilterBench();
  });

  afterEach(() => bench.close());

  describe("pick filter", () => {
    it("reaches every key", async () => {
      const done = pickFilter(bench.needs(), node);
      const keys = await bench.person.sees();
      const offered = keys.rows.map(({ description = "" }) => description.replace(/:$/, ""));
      const wanted = [...FIELD_NAMES.map(wordOf), "since", "until"].filter(
        (key) => key !== "metadata.key" && key !== "metadata.value",
      );
      const missing = wanted.filter(
        (key) => !offered.includes(key) && !(key === "success" && offered.includes("status")),
      );
      assert.deepEqual(missing, []);
      keys.hide();
      await done;
      assert.equal(bench.line(), "");
    });

    it("adds a condition to the line by three lists", async () => {
      await bench.fill();
      bench.arrangements.setFilter(GATEWAY, "since:2h");
      const done = pickFilter(bench.needs(), node);
      (await bench.person.sees()).choose(/^cost /);
      const operators = await bench.person.sees();
      assert.equal(operators.rows.length, 4);
      operators.choose(/more/);
      const values = await bench.person.sees();
      values.value = "lots";
      values.choose(/\$\(error\)/);
      assert.equal(values.isDisposed, false);
      assert.match(values.words.at(-1) ?? "", /“lots”/);
      values.value = "0.02";
      values.choose(/^\$\(edit\) 0\.02/);
      await done;
      assert.equal(bench.line(), "since:2h cost:>0.02");
    });

    it("asks for a path by a part of it, or as a whole", async () => {
      const done = pickFilter(bench.needs(), node);
      (await bench.person.sees()).choose(/path:$/);
      const operators = await bench.person.sees();
      assert.deepEqual(operators.words, ["contains path:", "does not contain -path:", "is path:="]);
      operators.choose(/does not/);
      const values = await bench.person.sees();
      values.value = "chat";
      values.choose();
      await done;
      assert.equal(bench.line(), "-path:chat");
    });

    it("asks for no operator where there is one", async () => {
      const pickOf = async (key: RegExp, value: RegExp) => {
        const done = pickFilter(bench.needs(), node);
        (await bench.person.sees()).choose(key);
        (await bench.person.sees()).choose(value);
        await done;
      };
      await pickOf(/^since/, /today/);
      await pickOf(/^cached/, /true|yes/);
      const { problems, conditions } = parseFilter(bench.line(), new Date());
      assert.deepEqual(problems, []);
      assert.deepEqual(
        conditions.map(({ key }) => key),
        ["createdAt", "cached"],
      );
    });

    it("puts a value in quotes where it must be", async () => {
      const done = pickFilter(bench.needs(), node);
      (await bench.person.sees()).choose(/^model /);
      (await bench.person.sees()).choose(/contains/);
      const values = await bench.person.sees();
      values.value = 'my "own" model';
      values.choose();
      await done;
      const line = bench.line();
      assert.deepEqual(parseFilter(line, new Date()).conditions, [
        { key: "model", operator: "contains", value: ['my "own" model'] },
      ]);
    });

    it("takes metadata entries, those seen and others", async () => {
      await bench.fill();
      const seen = pickFilter(bench.needs(), node);
      (await bench.person.sees()).choose(/meta\.user/);
      (await bench.person.sees()).choose(/is not/);
      (await bench.person.sees()).choose(/ann/);
      await seen;
      bench.person.texts.push("my team");
      const typed = pickFilter(bench.needs(), node);
      (await bench.person.sees()).choose(/Metadata entry/);
      (await bench.person.sees()).choose(/^is meta/);
      const values = await bench.person.sees();
      values.value = "blue";
      values.choose();
      await typed;
      assert.equal(bench.line(), '-meta.user:ann meta."my team":blue');
    });
  });

  it("lists take what is typed in VS Code's own list as the best of their items, and a bound or a part as it is", async () => {
    await bench.fill();
    const shown = new vscode.EventEmitter<vscode.QuickPick<vscode.QuickPickItem>>();
    const next = () => new Promise<vscode.QuickPick<vscode.QuickPickItem>>((resolve) => shown.event(resolve));
    const ui = {
      ...bench.person.ui,
      createQuickPick: <T extends vscode.QuickPickItem>() => {
        const pick = vscode.window.createQuickPick<T>();
        shown.fire(pick);
        return pick;
      },
    };
    let list = next();
    /** Types into the list that is open and accepts the item that is then the first. */
    const type = async (text: string, wanted: RegExp) => {
      const pick = await list;
      const isActive = () => wanted.test(pick.activeItems[0]?.label ?? "");
      const active = new Promise<void>((resolve) => pick.onDidChangeActive(() => isActive() && resolve()));
      pick.value = text;
      if (!isActive()) await active;
      list = next();
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    };
    const needs = { ...bench.needs(), ui };
    const grouping = setGroup(needs);
    await type("model", /\) Model$/);
    await grouping;
    assert.equal(bench.arrangements.group, "model");
    const again = setGroup(needs);
    await type("day", /\) Day$/);
    await again;
    assert.equal(bench.arrangements.group, "day");
    for (const [sign, label] of [
      ["is", /^gpt-5$/],
      ["contains", /^\$\(edit\) gpt$/],
    ] as const) {
      const picking = pickFilter(needs, node);
      await type("model", /^model$/);
      await type(sign, new RegExp(`^${sign}$`));
      await type("gpt", label);
      await picking;
    }
    assert.equal(bench.line(), "model:gpt-5 model:~gpt");
    shown.dispose();
  });

  it("show what is recorded as it is, and no icons of it", async () => {
    bench.gateway.store.insert([
      aLog({ createdAt: at(1), model: "$(flame) odd", metadata: { "$(error) user": "$(sync~spin)" } }),
    ]);
    await bench.load();
    const icons = /(?<!\\)\$\((?:flame|error|sync~spin)\)/;
    const seen: string[] = [];
    const look = async (choose: RegExp) => {
      const pick = await bench.person.sees();
      seen.push(...pick.rows.flatMap(({ label, description = "", detail = "" }) => [label, description, detail]));
      pick.choose(choose);
    };
    const grouping = setGroup(bench.needs());
    await look(/error/);
    await grouping;
    assert.equal(bench.arrangements.group, "meta.$(error) user");
    const picking = pickFilter(bench.needs(), node);
    await look(/^meta.*error/);
    await look(/^is meta/);
    await look(/sync/);
    await picking;
    bench.arrangements.setFilter(GATEWAY, "model:");
    const editing = editFilter(bench.needs(), node);
    const editor = await bench.person.sees();
    seen.push(...editor.words);
    editor.value = 'model:"$(flame) odd"';
    bench.clock.strike();
    await editor.settled();
    seen.push(...editor.words, ...editor.rows.map(({ detail = "" }) => detail));
    editor.value = 'cost:"$(flame)"';
    seen.push(...editor.words.slice(0, 1));
    editor.hide();
    await editing;
    assert.ok(seen.filter((words) => /flame/.test(words)).length >= 4, seen.join("\n"));
    assert.deepEqual(
      seen.filter((words) => icons.test(words.replace(/^\$\(error\) /, ""))),
      [],
    );
  });

  it("quick filter changes one thing and checks what is so", async () => {
    bench.arrangements.setFilter(GATEWAY, "model:x status:error");
    const done = quickFilter(bench.needs(), node);
    const pick = await bench.person.sees();
    assert.deepEqual(
      pick.words.filter((words) => words.includes("$(check)")),
      ["$(check) Error status:error", "$(check) All Cache", "$(check) All Source"],
    );
    pick.choose(/Success/);
    await done;
    assert.equal(bench.line(), "status:success model:x");
    const again = quickFilter(bench.needs(), node);
    (await bench.person.sees()).choose(/All Status/);
    await again;
    assert.equal(bench.line(), "model:x");
  });

  it("a saved filter is applied, and taken off by the same click", async () => {
    const [errors] = savedFilters("production");
    await applyFilter(bench.needs(), node, errors);
    assert.equal(bench.line(), "status:error");
    const asked = applyFilter(bench.needs(), node);
    const pick = await bench.person.sees();
    assert.match(pick.activeItems[0]?.label ?? "", /\$\(check\) Errors/);
    pick.choose(/Cached/);
    await asked;
    assert.equal(bench.line(), "cached");
    const cached = savedFilters("production").find(({ name }) => name === "Cached");
    await applyFilter(bench.needs(), node, cached);
    assert.equal(bench.line(), "");
  });

  it("a saved filter that cannot be read is opened in the editor", async () => {
    const done = applyFilter(bench.needs(), node, { name: "odd", filter: "modle:x", ready: false });
    const pick = await bench.person.sees();
    assert.match(pick.words[0] ?? "", /“modle”/);
    pick.hide();
    await done;
    assert.equal(bench.line(), "");
  });

  it("clear filter takes off that of a gateway, or all", () => {
    const other = { ...GATEWAY, collectionId: "staging" };
    for (const ref of [GATEWAY, other]) bench.arrangements.setFilter(ref, "cached");
    clearFilter(bench, node);
    assert.deepEqual(bench.arrangements.filters, [{ gateway: other, line: "cached" }]);
    clearFilter(bench);
    assert.deepEqual(bench.arrangements.filters, []);
  });

  it("order and group are chosen from lists, with what is so checked", async () => {
    await bench.fill();
    const ordering = setOrder(bench.needs());
    const orders = await bench.person.sees();
    assert.match(orders.activeItems[0]?.label ?? "", /\$\(check\) Newest first/);
    orders.choose(/Highest cost/);
    await ordering;
    assert.equal(bench.arrangements.order, "cost");

    const grouping = setGroup(bench.needs());
    const groups = await bench.person.sees();
    assert.match(groups.activeItems[0]?.label ?? "", /\$\(check\) Day/);
    assert.ok(groups.words.some((words) => /Metadata: user 12 logs/.test(words)));
    groups.value = "team";
    groups.choose(/team/);
    await grouping;
    assert.equal(bench.arrangements.group, "meta.team");
    const again = setGroup(bench.needs());
    const lists = await bench.person.sees();
    assert.match(lists.activeItems[0]?.label ?? "", /\$\(check\) Metadata: team/);
    lists.choose(/Model/);
    await again;
    assert.equal(bench.arrangements.group, "model");
  });

  it("page size is a setting", async () => {
    try {
      const done = setPageSize(bench.person.ui);
      const pick = await bench.person.sees();
      assert.match(pick.activeItems[0]?.label ?? "", /\$\(check\) 50 logs/);
      pick.choose(/10 logs/);
      await done;
      assert.equal(setting("pageSize"), 10);
    } finally {
      await set("pageSize", undefined);
    }
  });
});
