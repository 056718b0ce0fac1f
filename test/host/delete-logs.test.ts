import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { LogRef } from "../../src/source/log.ts";
import { deleteLogs } from "../../src/deletion/delete-logs.ts";
import { deletionProgressWords, limitWords } from "../../src/deletion/deletion-words.ts";
import { resultWords } from "../../src/deletion/report.ts";
import { subsetIn } from "../../src/commands/subsets.ts";
import { SourceError } from "../../src/source/errors.ts";
import { LogPanel } from "../../src/panel/panel.ts";
import type { GatewayNode, GroupNode, Node } from "../../src/tree/nodes.ts";
import type { LogTreeView } from "../../src/tree/view.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { PageStandIn, panelNeeds } from "./page.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

/** A dialog shown to the user. */
type Asked = { message: string; options: vscode.MessageOptions; items: string[] };

describe("a person deletes logs", () => {
  let world: World;
  let person: Person;
  let asked: Asked[];
  let opened: string[];
  /** Whether the user confirms the dialog. */
  let isSure: boolean;
  /** The export's target; undefined cancels the dialog. */
  let target: string | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ai-gateway-delete-"));
    world = await startWorld({ deleteDelayMs: 1, keepTotalsMs: 600_000 });
    person = new Person();
    [asked, opened, isSure, target] = [[], [], true, join(folder, "kept.jsonl")];
    world.gateway.store.insert([
      ...["a", "b", "c"].map((id, index) => aLog({ id, createdAt: at(1, index), model: `model-${id}` })),
      ...Array.from({ length: 120 }, (_, index) =>
        aLog({ id: `many-${index}`, createdAt: at(2, index), cached: true }),
      ),
    ]);
    await world.signIn();
  });

  afterEach(async () => {
    assert.ok(
      sent().every(({ filters }) => JSON.parse(filters ?? "[]").length > 0),
      "no DELETE without a condition",
    );
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const sent = () =>
    world.gateway.calls
      .filter(({ method }) => method === "DELETE")
      .map(({ url }) => Object.fromEntries(new URLSearchParams(url.split("?")[1])));

  async function subsetOf(target: Node | LogRef, selected: readonly Node[] = []) {
    const view: Pick<LogTreeView, "selectedLogs" | "selection" | "gatewayFor"> = {
      selectedLogs: [],
      selection: [],
      gatewayFor: () => Promise.resolve(undefined),
    };
    const subset = await subsetIn(target, selected, { panels: { active: undefined }, view, format: world.format });
    return subset ?? assert.fail("a subset");
  }

  const ui = () => ({
    ...person.ui,
    showWarningMessage: (message: string, options: vscode.MessageOptions, ...items: string[]) => {
      asked.push({ message, options, items });
      return Promise.resolve(isSure ? items[0] : undefined);
    },
    showSaveDialog: () => Promise.resolve(target === undefined ? undefined : vscode.Uri.file(target)),
  });

  async function run(target: Node | LogRef, selected?: readonly Node[]): Promise<void> {
    const { deleting, unfinishedDeletions, format, logger, sessions } = world;
    const openLog = ({ logId }: LogRef) => void opened.push(logId);
    const needs = { sessions, deleting, unfinishedDeletions, openLog, format, logger, ui: ui() };
    await deleteLogs(needs, await subsetOf(target, selected));
  }

  async function days(): Promise<{ gateway: GatewayNode; days: GroupNode[] }> {
    const gateway = kind(await world.children(), "gateway");
    const found = (await world.children(gateway)).filter((node) => node.kind === "group");
    return { gateway, days: found };
  }

  const left = async () => (await world.gateway.client.listLogs(GATEWAY, {})).logs.map(({ id }) => id);

  it("of a day: seen first, asked for by name and number, and gone from the tree with its totals", async () => {
    const { gateway, days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday);
    const running = run(yesterday);
    const pick = await person.sees();
    assert.equal(pick.title, "Delete 3 logs of production");
    assert.deepEqual(
      pick.rows.map(({ label }) => label),
      [
        "$(trash) Delete 3 logs…",
        "$(save) Export, then Delete 3 logs…",
        "model-a chat",
        "model-c chat",
        "model-c chat",
        "model-b chat",
        "model-a chat",
      ],
    );
    assert.equal(pick.rows[0]?.description, world.format.date(at(1), new Date()));
    assert.match(pick.rows[2]?.description ?? "", /^oldest · /);
    pick.choose(/^model-b/);
    assert.deepEqual([opened, sent()], [["b"], []]);
    pick.choose(/^\$\(trash\)/);
    await running;
    assert.equal(asked.length, 1);
    const [{ message, options, items }] = asked as [Asked];
    assert.equal(message, "Delete 3 logs of the gateway production?");
    assert.deepEqual([options.modal, items], [true, ["Delete 3 logs"]]);
    assert.match(options.detail ?? "", /From .* to .*You can't undo this/s);
    assert.ok(!(await left()).some((id) => ["a", "b", "c"].includes(id)));
    const after = await world.children(gateway);
    assert.ok(!after.some(({ id }) => id === yesterday.id));
    assert.equal(gateway.total, 120);
  });

  it("that are chosen, and only those", async () => {
    const { days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday);
    const logs = (await world.children(yesterday)).filter((node) => node.kind === "log");
    const [first, second] = logs;
    assert.ok(first && second);
    const running = run(first, [first, second]);
    (await person.sees()).choose(/Delete 2 logs/);
    await running;
    assert.deepEqual((await left()).slice(0, 1), ["a"]);
    const { days: after } = await days();
    assert.deepEqual(await world.words(after.slice(0, 1)), ["Yesterday | 1"]);
  });

  it("of which there are more than 100 only when the gateway's name is typed", async () => {
    const { days: shown } = await days();
    const [, many] = shown;
    assert.ok(many);
    for (const text of ["productio", "", undefined, "production"]) {
      person.texts.push(text);
      const running = run(many);
      (await person.sees()).choose(/Delete 120 logs/);
      if (text === "productio" || text === "") await assert.rejects(running, /Nothing was deleted/);
      else await running;
      assert.equal(sent().length > 0, text === "production");
    }
    assert.equal(person.complaints.length, 1);
    assert.deepEqual((await left()).toSorted(), ["a", "b", "c"]);
    // Only part of this day was loaded: it was read again, and no longer exists.
    const { gateway, days: after } = await days();
    assert.deepEqual([after.map(({ known }) => known.key), gateway.total], [[shown[0]?.known.key], 3]);
  });

  it("not at all when they leave", async () => {
    const { days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday);
    const leaving = run(yesterday);
    (await person.sees()).hide();
    await leaving;
    isSure = false;
    const doubting = run(yesterday);
    (await person.sees()).choose(/Delete 3 logs/);
    await doubting;
    target = undefined;
    const keeping = run(yesterday);
    (await person.sees()).choose(/Export, then Delete/);
    await keeping;
    assert.deepEqual([sent(), asked.length], [[], 1]);
  });

  it("not without any condition, with a message what to do", async () => {
    const { gateway } = await days();
    await assert.rejects(run(gateway), /Can't delete every log in production\. Set a filter/);
    world.arrangements.setFilter(GATEWAY, "cached");
    const filtered = await world.tree.gatewayOf(GATEWAY);
    assert.ok(filtered);
    const running = run(filtered);
    const pick = await person.sees();
    assert.equal(pick.rows[0]?.description, "cached");
    pick.hide();
    await running;
    world.arrangements.setFilter(GATEWAY, "model:none");
    await assert.rejects(run(filtered), /Nothing to delete: model none/);
    assert.deepEqual(sent(), []);
  });

  it("by a filter that the API does not have", async () => {
    const { gateway } = await days();
    world.arrangements.setFilter(GATEWAY, "path:chat -cached");
    const running = run(gateway);
    (await person.sees()).choose(/Delete 3 logs/);
    await running;
    assert.ok(sent().every(({ filters = "" }) => filters.startsWith('[{"key":"id"')));
    assert.equal((await left()).length, 50);
  });

  it("and sees on rows and panels that they are being deleted, and then that they are gone", async () => {
    const { days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday);
    const row = kind(await world.children(yesterday), "log");
    const page = new PageStandIn();
    const owner = {
      view: "conversation",
      setView: () => undefined,
      open: async () => undefined,
      changed: () => undefined,
    } as const;
    const panel = new LogPanel(
      { panel: page.panel, ref: row.ref, row: row.log, isPreview: false },
      panelNeeds(world),
      owner,
    );
    page.says({ type: "ready" });
    await page.until(({ state }) => state.type === "ready");
    assert.equal(page.view?.isDeleting, false);
    const marked: unknown[] = [];
    const listening = world.deleting.onDidChange(({ gone }) => {
      const { description, contextValue, accessibilityInformation } = world.tree.item(row);
      if (gone.length === 0)
        marked.push(description, contextValue, accessibilityInformation?.label.startsWith("deleting…"));
    });
    const running = run(row);
    (await person.sees()).choose(/Delete 1 log/);
    await page.until(({ isDeleting }) => isDeleting);
    const view = await page.until(({ state }) => state.type === "failed");
    assert.match(view.state.type === "failed" ? view.state.message : "", /was deleted/);
    await running;
    listening.dispose();
    assert.deepEqual(marked.slice(0, 3), ["deleting…", "deleting", true]);
    assert.equal(world.deleting.has(row.ref, row.log), false);
    panel.dispose();
  });

  it("and keeps them in a file that is checked before", async () => {
    const { days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday && target);
    const running = run(yesterday);
    (await person.sees()).choose(/Export, then Delete/);
    await running;
    const rows = readFileSync(target, "utf8").trimEnd().split("\n");
    assert.equal(rows.length, 3);
    assert.ok(asked[0]?.options.detail?.includes(`They are in ${target}, which was checked`));
    assert.equal((await left()).length, 50);
    assert.ok(sent().every(({ filters = "" }) => filters.startsWith('[{"key":"id"')));
  });

  it("but keeps all of them when the file cannot be written", async () => {
    const { days: shown } = await days();
    const [yesterday] = shown;
    assert.ok(yesterday);
    writeFileSync(join(folder, "file"), "");
    target = join(folder, "file", "kept.jsonl");
    const running = run(yesterday);
    (await person.sees()).choose(/Export, then Delete/);
    await assert.rejects(running, /^Error: Nothing was deleted\. The folder of .*kept\.jsonl doesn't exist/);
    assert.deepEqual([sent(), asked], [[], []]);
  });

  it("with a report of what was deleted, and what is unknown, however it ends", async () => {
    const { logs } = await world.gateway.client.listLogs(GATEWAY, {});
    const [log] = logs;
    assert.ok(log);
    const preview = { gateway: GATEWAY, count: 2500 };
    const words = (result: Parameters<typeof resultWords>[0]) => resultWords(result, preview, world.format);
    const lost = new SourceError("timeout", "", { method: "DELETE" });
    const nothing = { gone: 0, absent: 0, left: [] };
    assert.equal(words({ ...nothing, end: "done", gone: 2500 }), "2,500 logs of production are deleted.");
    assert.equal(
      words({ ...nothing, end: "done", gone: 2499, absent: 1 }),
      "2,499 of 2,500 logs are deleted. Already deleted before: 1 log.",
    );
    assert.equal(words({ ...nothing, end: "canceled", gone: 1000 }), "Canceled. 1,000 of 2,500 logs are deleted.");
    assert.match(words({ ...nothing, end: "canceled", left: [log] }), /No deletions were confirmed\. .*1 more may/);
    assert.match(
      words({ ...nothing, end: "stuck", gone: 999, left: [log] }),
      /999 of 2,500 .* didn't delete 1 log .*: c\. /,
    );
    assert.match(words({ ...nothing, end: "failed", error: lost }), /No answer in time.* is unknown/);
    const ignored = { ...nothing, end: "ignored", instead: { ...log, id: "bystander" }, left: [log] } as const;
    assert.match(words({ ...ignored, isPreviewed: false }), /log c, but bystander is gone, which wasn't selected/);
  });

  it("and sees how far it is, how long the call limit makes it take, and when it goes on", () => {
    const { format } = world;
    const far = { gone: 480, absent: 20, handled: 500 };
    const of = { count: 100_000, elapsedMs: 10_000, waitingUntil: undefined };
    assert.match(deletionProgressWords(far, of, format), /^480 of 100,000 · about \d+ min left$/);
    const waiting = { ...of, waitingUntil: new Date(Date.now() + 90_500) };
    assert.match(
      deletionProgressWords(far, waiting, format),
      /call limit reached, continues at .* \(in 1 min 3[01] s\)/,
    );
    assert.equal(limitWords(10_000, format), "");
    assert.match(limitWords(100_000, format), /1,200 calls in 5 minutes, so this takes about 27 min/);
  });

  it("that were left when a deletion was interrupted, after a yes of its own", async () => {
    const { days: shown } = await days();
    const [yesterday, many] = shown;
    assert.ok(yesterday && many);
    const noted = () => world.unfinishedDeletions.of(GATEWAY);
    await world.unfinishedDeletions.begin({ gateway: GATEWAY, ids: ["gone", "a", "b"], words: "Yesterday" });
    isSure = false;
    await run(many);
    assert.match(asked[0]?.message ?? "", /Deleting 3 logs of the gateway production was interrupted\. 3 are left\./);
    assert.deepEqual([asked[0]?.items, sent(), (await noted()).length], [["Continue…", "Discard"], [], 1]);
    isSure = true;
    await run(many);
    assert.match(asked.at(-1)?.message ?? "", /^Delete 3 logs of the gateway production\?$/);
    assert.deepEqual([(await left()).includes("c"), (await left()).includes("a")], [true, false]);
    assert.deepEqual(await noted(), []);
  });
});
