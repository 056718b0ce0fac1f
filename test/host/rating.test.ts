import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { rate } from "../../src/commands/rate/rate.ts";
import { setScore } from "../../src/commands/rate/set-score.ts";
import type { Ui } from "../../src/platform/pick-one.ts";
import { logKey } from "../../src/logs/log-key.ts";
import type { Sent } from "../../src/logs/sent.ts";
import { LogPanel } from "../../src/panel/panel.ts";
import { SentRatings } from "../../src/rating/sent.ts";
import type { SendNeeds } from "../../src/rating/send.ts";
import type { LogNode, Node } from "../../src/tree/nodes.ts";
import { aLog, CANARY, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { PageStandIn, panelNeeds } from "./page.ts";
import { Person } from "./person.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const READ_ONLY = `${CANARY}read_only`;

describe("a rating", () => {
  let world: World;
  let needs: SendNeeds;
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const ids = Array.from({ length: 14 }, (_, index) => `log-${index}`);

  beforeEach(async () => {
    world = await startWorld({ tokens: [{ value: READ_ONLY, kind: "user", permissions: ["ai-gateway:read"] }] });
    world.gateway.store.insert(ids.map((id, index) => aLog({ id, createdAt: at(1, -index) })));
    needs = {
      sourceOf: (of) => world.sessions.sourceOf(of),
      ratings: world.ratings,
      format: world.format,
    };
  });

  afterEach(() => world.close());

  async function rows(): Promise<LogNode[]> {
    const day = kind(await world.children(kind(await world.children(), "gateway")), "group");
    return (await world.children(day)).filter((node) => node.kind === "log");
  }

  const patches = () => world.gateway.calls.filter(({ method }) => method === "PATCH");
  const feedbackOf = async (id: string) => (await world.gateway.client.getLog(ref(id))).feedback;
  const description = (node: Node) => String(world.tree.item(node).description);
  const spoken = (node: Node) => world.tree.item(node).accessibilityInformation?.label ?? "";
  const tooltip = (node: Node) => (world.tree.resolveTreeItem({}, node).tooltip as vscode.MarkdownString).value;

  it("is shown at once in its row, marked as ours until the API says it, and nothing is read for it", async () => {
    await world.signIn();
    const [row] = await rows();
    assert.ok(row);
    const fired: (Node | undefined)[] = [];
    const subscription = world.tree.onDidChangeTreeData((node) => fired.push(node));
    world.gateway.takeCalls();
    const sending = rate(needs, [row.ref], 1);
    assert.match(description(row), /^▲ · /);
    assert.deepEqual(fired, [row]);
    await sending;
    subscription.dispose();
    assert.match(spoken(row), /succeeded, rated up, /);
    assert.match(tooltip(row), /Rating\*\* up&nbsp;.*sent/);
    assert.ok(fired.every((node) => node === row));
    assert.equal(world.gateway.takeCalls().length, 1);
    assert.equal(await feedbackOf("log-0"), 1);
    world.tree.refresh();
    const [again] = await rows();
    assert.ok(again);
    assert.match(description(again), /^▲ · /);
    assert.doesNotMatch(tooltip(again), /sent/);
  });

  it("is shown in the open page with one snapshot, and goes back and forth with its thumbs", async () => {
    await world.signIn();
    const page = new PageStandIn();
    const owner = { view: "conversation" as const, setView: () => {}, open: async () => {}, changed: () => {} };
    const panel = new LogPanel(
      { panel: page.panel, ref: ref("log-0"), row: undefined, isPreview: false },
      panelNeeds(world),
      owner,
    );
    page.says({ type: "ready" });
    await page.until(({ state }) => state.type === "ready");
    const before = page.shown.length;
    const sending = rate(needs, [ref("log-0")], -1);
    assert.equal(page.shown.length, before + 1);
    assert.deepEqual(page.view?.rating, { verdict: "down", words: "down (sent from here)", score: undefined });
    await sending;
    await rate(needs, [ref("log-0")], null);
    assert.deepEqual(page.view?.rating, { verdict: undefined, words: undefined, score: undefined });
    const shown = page.shown.length;
    await rate(needs, [ref("log-1")], 1);
    assert.equal(page.shown.length, shown, "another log is nothing to this page");
    panel.dispose();
  });

  it("is undone with the reason if it isn't permitted", async () => {
    await world.signIn(READ_ONLY);
    const [row] = await rows();
    assert.ok(row);
    const before = description(row);
    const sending = rate(needs, [row.ref], 1);
    assert.match(description(row), /^▲/);
    await assert.rejects(sending, /undone\. The permission AI Gateway Edit is missing/);
    assert.equal(description(row), before);
    assert.equal(await feedbackOf("log-0"), undefined);
  });

  it("of many is one message for all that failed, and what was shown before is shown again", async () => {
    await world.signIn();
    const all = await rows();
    await rate(needs, [ref("log-0")], -1);
    await world.gateway.goAway();
    const refs = all.slice(0, 3).map((row) => row.ref);
    await assert.rejects(
      rate(needs, refs, 1),
      /^Error: 3 of 3 changes couldn't be sent and were undone\. Can't be reached\.(?!.*Can't be reached)/,
    );
    await world.gateway.comeBack();
    assert.deepEqual(
      all.slice(0, 3).map((row) => description(row).charAt(0) === "▼"),
      [true, false, false],
    );
  });

  it("of some that are gone leaves the others rated", async () => {
    await world.signIn();
    await rows();
    const refs = [ref("log-0"), ref("gone"), ref("log-1")];
    await assert.rejects(rate(needs, refs, 1), /1 of 3 changes couldn't be sent and were undone\. Not found/);
    assert.deepEqual([await feedbackOf("log-0"), await feedbackOf("log-1")], [1, 1]);
  });

  it("of more than ten is shown at once and sent one by one", async () => {
    await world.signIn();
    const all = await rows();
    const sending = rate(
      needs,
      all.map((row) => row.ref),
      1,
    );
    await sending;
    assert.equal(patches().length, ids.length);
    assert.ok(all.every((row) => description(row).startsWith("▲")));
    assert.deepEqual(
      await Promise.all(ids.map(feedbackOf)),
      ids.map(() => 1),
    );
  });

  it("given after another arrives after it", async () => {
    await world.signIn();
    const one = ref("log-0");
    await Promise.all([
      rate(needs, [one], 1),
      rate(needs, [one], -1),
      rate(needs, [one], null),
      rate(needs, [one], -1),
    ]);
    assert.equal(await feedbackOf("log-0"), -1);
    assert.equal(patches().length, 4);
  });

  it("is remembered after a restart where the API does not say it, until signed out", async () => {
    await world.signIn();
    const state = new MemoryState();
    const [row] = await rows();
    assert.ok(row);
    const first = new SentRatings(state);
    await rate({ ...needs, ratings: first }, [row.ref], 1);
    first.dispose();
    const second = new SentRatings(state);
    const silent = { ...row.log, raw: {} };
    const { log, ours } = second.shown(row.ref, silent);
    assert.deepEqual([log.feedback, [...ours]], [1, ["feedback"]]);
    second.forget("of nobody");
    assert.equal(second.shown(row.ref, silent).log.feedback, 1);
    second.forget(GATEWAY.sourceId);
    assert.equal(second.shown(row.ref, silent).log.feedback, undefined);
    second.dispose();
  });

  it("is remembered of the last 3,000 logs", async () => {
    const state = new MemoryState();
    const sent = (index: number): [string, Sent] => [logKey(ref(`n${index}`)), { score: { value: 1, at: 1 } }];
    await state.update("sentRatings", Object.fromEntries(Array.from({ length: 3000 }, (_, index) => sent(index))));
    const ratings = new SentRatings(state);
    await ratings.send(ref("n0"), { score: 1 }, () => Promise.resolve());
    await ratings.send(ref("new"), { score: 1 }, () => Promise.resolve());
    const [row] = await world.signIn().then(rows);
    assert.ok(row);
    const isKept = (id: string) => ratings.shown(ref(id), row.log).log.score === 1;
    assert.deepEqual(["n0", "n1", "n2", "n2999", "new"].map(isKept), [true, false, true, true, true]);
    ratings.dispose();
  });

  describe("with a score", () => {
    it("is asked for, checked while it is typed, and taken away", async () => {
      await world.signIn();
      const [row] = await rows();
      assert.ok(row);
      const person = new Person();
      const given: (string | undefined)[] = [];
      const ui: Ui = {
        ...person.ui,
        showInputBox: (options, token) => {
          given.push(options?.value);
          return person.ui.showInputBox(options, token);
        },
      };
      const scoring = { ...needs, ui, known: () => row.log };
      for (const text of ["101", "87.5", undefined, ""]) {
        person.texts.push(text);
        await setScore(scoring, [row.ref]);
        if (text === "87.5") assert.match(description(row), /^87\.5 · /);
      }
      assert.deepEqual(person.complaints, ["A score is a number from 0 to 100."]);
      assert.deepEqual(given, ["", "", "87.5", "87.5"]);
      assert.equal(patches().length, 2);
      assert.equal((await world.gateway.client.getLog(row.ref)).score, undefined);
    });
  });
});
