import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { CollectionRef } from "../../src/source/log.ts";
import type { Page, Query } from "../../src/source/query.ts";
import { editFilter } from "../../src/commands/filter/edit-filter.ts";
import { GATEWAY } from "../gateway.ts";
import { startCounting } from "./call-counts.ts";
import { node, startFilterBench, type FilterBench } from "./filter-bench.ts";

describe("edit filter", () => {
  let bench: FilterBench;

  beforeEach(async () => {
    bench = await startFilterBench();
  });

  afterEach(() => bench.close());

  /** The editor, with its first answer. */
  const edit = async () => {
    const done = editFilter(bench.needs(), node);
    const pick = await bench.person.sees();
    bench.clock.strike();
    await pick.settled();
    return { pick, done };
  };

  it("says where text is looked for, if that isn't everywhere", async () => {
    const needs = bench.needs();
    const sourceOf = async () => {
      const source = await needs.sourceOf();
      return { ...source, lists: { ...source.lists, search: ["model", "user"] as const } };
    };
    const done = editFilter({ ...needs, sourceOf }, node);
    const pick = await bench.person.sees();
    bench.clock.strike();
    await pick.settled();
    pick.value = "status:error";
    assert.equal(pick.rows[0]?.detail, "failed");
    pick.value = "status:error ann";
    assert.equal(pick.rows[0]?.detail, "failed · “ann”, searched for in: model, user");
    pick.hide();
    await done;
  });

  it("begins with the line of the gateway, says how many fit and shows the newest", async () => {
    await bench.fill();
    bench.arrangements.setFilter(GATEWAY, "model:gpt-5");
    const { pick, done } = await edit();
    assert.equal(pick.value, "model:gpt-5 ");
    assert.match(pick.title ?? "", /production/);
    assert.match(pick.words[0] ?? "", /3 logs/);
    assert.equal(pick.rows[0]?.detail, "model gpt-5");
    assert.equal(pick.words.filter((words) => words.includes("gpt-5 responses")).length, 3);
    assert.ok(pick.rows.every(({ alwaysShow }) => alwaysShow));
    const [call = "", ...more] = bench.gateway.takeCalls();
    assert.match(call, /per_page=5&/);
    assert.deepEqual(more, []);
    pick.hide();
    await done;
    assert.equal(bench.line(), "model:gpt-5");
  });

  it("asks once for a line that is typed, 300 ms after the last keystroke, and Enter applies it", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    assert.match(pick.words[0] ?? "", /Show all logs.*15 logs/);
    bench.gateway.takeCalls();
    const line = "status:error gpt";
    for (let end = 1; end <= line.length; end++) pick.value = line.slice(0, end);
    assert.deepEqual(bench.clock.waits, [300]);
    assert.equal(pick.busy, true);
    bench.clock.strike();
    await pick.settled();
    assert.equal(bench.gateway.takeCalls().length, 1);
    assert.match(pick.words[0] ?? "", /3 logs/);
    pick.choose();
    await done;
    assert.equal(bench.line(), line);
  });

  it("reads a line once a keystroke, whatever is shown of it", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    const line = 'status:error -cached meta.user:"ann" since:2h free te';
    const calls = await startCounting("parseQueryLine");
    for (let end = 1; end <= line.length; end++) pick.value = line.slice(0, end);
    assert.equal(await calls.taken(), line.length);
    bench.clock.strike();
    await pick.settled();
    assert.match(pick.rows[0]?.detail ?? "", /failed · not cached · user ann · since 2 hours ago · “free te”/);
    assert.equal(await calls.taken(), 0);
    calls.stop();
    pick.hide();
    await done;
  });

  it("gives up the call before, and shows the last answer only", async () => {
    const calls: { query: Query; signal: AbortSignal; answer: (page: Page) => void }[] = [];
    const page = (total: number): Page => ({ logs: [], total, rows: 0, malformed: 0, isSorted: true });
    const list = (_: CollectionRef, query: Query, signal: AbortSignal) =>
      new Promise<Page>((answer) => calls.push({ query, signal, answer }));
    const done = editFilter(bench.needs(list), node);
    const pick = await bench.person.sees();
    bench.clock.strike();
    pick.value = "one";
    bench.clock.strike();
    pick.value = "two";
    bench.clock.strike();
    assert.deepEqual(
      calls.map(({ query, signal }) => [query.search, signal.aborted]),
      [
        ["", true],
        ["one", true],
        ["two", false],
      ],
    );
    calls[2]?.answer(page(2));
    await pick.settled();
    calls[1]?.answer(page(1));
    calls[0]?.answer(page(0));
    await new Promise(setImmediate);
    assert.match(pick.words[0] ?? "", /2 logs/);
    pick.value = "three";
    bench.clock.strike();
    pick.hide();
    await done;
    assert.equal(calls[3]?.signal.aborted, true);
    assert.equal(pick.isDisposed, true);
  });

  it("says what is wrong, makes no calls, and stays open", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    bench.gateway.takeCalls();
    pick.value = "modle:gpt-5 cost:cheap";
    bench.clock.strike();
    assert.match(pick.words[0] ?? "", /\$\(error\).*“modle”/);
    assert.match(pick.words[1] ?? "", /\$\(error\).*“cheap”/);
    assert.equal(pick.busy, false);
    pick.choose();
    assert.equal(pick.isDisposed, false);
    assert.deepEqual(bench.gateway.takeCalls(), []);
    pick.value = "model:gpt-5 cost:>0";
    assert.doesNotMatch(pick.words[0] ?? "", /error/);
    pick.choose();
    await done;
    assert.equal(bench.line(), "model:gpt-5 cost:>0");
  });

  it("completes keys and values", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    pick.value = "status:error mod";
    pick.choose(/model:/);
    assert.equal(pick.value, "status:error model:");
    assert.ok(pick.words.some((words) => /gpt-4\.1-mini.*12 logs/.test(words)));
    pick.choose(/gpt-5/);
    assert.equal(pick.value, "status:error model:gpt-5 ");
    pick.choose();
    await done;
    assert.equal(bench.line(), "status:error model:gpt-5");
  });

  it("takes the first completion by Enter where the line cannot be applied yet", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    pick.value = "model:";
    assert.match(pick.words[0] ?? "", /After “model:”/);
    assert.ok(pick.words.some((words) => /~.*contains/.test(words)));
    pick.choose();
    assert.equal(pick.value, "model:gpt-4.1-mini ");
    pick.choose();
    await done;
    assert.equal(bench.line(), "model:gpt-4.1-mini");
  });

  it("puts no item that the line resembles before the first", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    for (const line of ["m", "mod", "gpt", "a", "status"]) {
      pick.value = line;
      bench.clock.strike();
      await pick.settled();
      const others = pick.rows.slice(1).map(({ label }) => label.replaceAll(/\$\([^)]*\)/g, "").trim());
      assert.ok(
        others.every((label) => label === ""),
        others.join("|"),
      );
    }
    pick.hide();
    await done;
  });

  it("opens a log that is chosen, and applies nothing", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    pick.value = "model:gpt-5";
    bench.clock.strike();
    await pick.settled();
    pick.choose(/gpt-5 responses/);
    await done;
    assert.equal(bench.opened.length, 1);
    assert.equal(bench.opened[0]?.collectionId, "production");
    assert.equal(bench.line(), "");
  });

  it("comes back with the line from which a log was opened, once and while nothing else is shown", async () => {
    await bench.fill();
    const open = async () => {
      const { pick, done } = await edit();
      pick.value = "model:gpt-5";
      bench.clock.strike();
      await pick.settled();
      pick.choose(/gpt-5 responses/);
      await done;
    };
    const begins = async () => {
      const { pick, done } = await edit();
      const { value } = pick;
      pick.hide();
      await done;
      return value;
    };
    await open();
    assert.equal(await begins(), "model:gpt-5 ");
    assert.equal(await begins(), "");
    await open();
    bench.arrangements.setFilter(GATEWAY, "cached");
    assert.equal(await begins(), "cached ");
  });

  it("tells what failed, and goes on with its line", async () => {
    await bench.fill();
    const ui = { ...bench.person.ui, showInputBox: () => Promise.reject(new Error("settings are broken")) };
    const openLog = () => Promise.reject(new Error("no window"));
    const done = editFilter({ ...bench.needs(), ui, openLog }, node);
    const first = await bench.person.sees();
    first.value = "model:gpt-5";
    first.press(/Save/);
    const second = await bench.person.sees();
    assert.equal(second.value, "model:gpt-5 ");
    bench.clock.strike();
    await second.settled();
    second.choose(/gpt-5 responses/);
    const third = await bench.person.sees();
    assert.equal(third.value, "model:gpt-5 ");
    assert.deepEqual(bench.told.map(String), ["Error: settings are broken", "Error: no window"]);
    third.choose();
    await done;
    assert.equal(bench.line(), "model:gpt-5");
  });

  it("keeps what was chosen by the arrows when the answer comes", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    pick.value = "model:";
    const chosen = pick.rows.find(({ description }) => description?.includes("gpt-5"));
    assert.ok(chosen);
    pick.value = "model:g";
    const again = pick.rows.find(({ description }) => description?.includes("gpt-5"));
    assert.ok(again);
    pick.activeItems = [again];
    bench.clock.strike();
    await pick.settled();
    assert.match(pick.activeItems[0]?.description ?? "", /gpt-5/);
    pick.hide();
    await done;
  });

  it("has toggles that change the line in place", async () => {
    const { pick, done } = await edit();
    pick.value = "half-typed wo";
    pick.press(/Show errors only/);
    assert.equal(pick.value, "status:error half-typed wo");
    pick.press(/Cache: all/);
    pick.press(/Status: error/);
    pick.press(/Source: all/);
    assert.equal(pick.value, "source:playground status:success cached half-typed wo");
    pick.press(/Status: success/);
    assert.equal(pick.value, "source:playground cached half-typed wo");
    pick.hide();
    await done;
  });

  it("says what is filtered here", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    bench.gateway.takeCalls();
    pick.value = "path:responses";
    bench.clock.strike();
    await pick.settled();
    assert.match(pick.words[0] ?? "", /3 of the newest 15 match/);
    const [call = ""] = bench.gateway.takeCalls();
    assert.match(call, /per_page=50&/);
    assert.doesNotMatch(call, /responses/);
    pick.hide();
    await done;
  });

  it("says when the API cannot be asked, and applies all the same", async () => {
    await bench.gateway.goAway();
    const { pick, done } = await edit();
    assert.match(pick.words[0] ?? "", /Can't be reached/);
    pick.value = "cached";
    pick.choose();
    await done;
    assert.equal(bench.line(), "cached");
    await bench.gateway.comeBack();
  });

  it("works in VS Code's own list", async () => {
    await bench.fill();
    bench.arrangements.setFilter(GATEWAY, "model:gpt-5");
    const shown: vscode.QuickPick<vscode.QuickPickItem>[] = [];
    const ui = {
      ...bench.person.ui,
      createQuickPick: <T extends vscode.QuickPickItem>() => {
        const pick = vscode.window.createQuickPick<T>();
        shown.push(pick);
        return pick;
      },
    };
    const done = editFilter({ ...bench.needs(), ui }, node);
    const [pick] = shown;
    assert.ok(pick);
    const typed = new Promise((resolve) => pick.onDidChangeValue((value) => value === "cached" && resolve(value)));
    pick.value = "cached";
    await typed;
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    await done;
    assert.equal(bench.line(), "cached");
  });

  it("comes back with its line after lists and after saving", async () => {
    await bench.fill();
    const { pick, done } = await edit();
    pick.value = "cached";
    pick.press(/Lists/);
    (await bench.person.sees()).choose(/^model /);
    (await bench.person.sees()).choose(/^is /);
    (await bench.person.sees()).choose(/gpt-5/);
    const second = await bench.person.sees();
    assert.equal(second.value, "cached model:gpt-5 ");
    bench.person.texts.push(undefined);
    second.press(/Save/);
    const third = await bench.person.sees();
    assert.equal(third.value, "cached model:gpt-5 ");
    third.choose();
    await done;
    assert.equal(bench.line(), "cached model:gpt-5");
  });
});
