import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { compare, type Compared, type CompareUi } from "../../src/commands/compare/compare.ts";
import { compareLogs } from "../../src/commands/compare/compare-logs.ts";
import { comparePrevious } from "../../src/commands/compare/compare-previous.ts";
import { Entries } from "../../src/audit/entries.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { PlainError } from "../../src/words/explain.ts";
import type { NewLog } from "../../src/local/store.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const SYSTEM = { role: "system", content: "You sell bicycles." };
const asked = (content: string) => ({ role: "user", content });
const body = (...messages: object[]) => JSON.stringify({ model: "gpt-4.1-mini", messages });
const answer = (id: string, content: string) =>
  JSON.stringify({
    id,
    created: id.length,
    system_fingerprint: `fp-${id}`,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });

describe("two logs compared", () => {
  let world: World;
  let documents: LogDocuments;
  /** The opened diffs, and the questions on the way. */
  let diffs: { left: vscode.Uri; right: vscode.Uri; title: string }[];
  let questions: { labels: string[]; placeHolder: string | undefined }[];
  let choices: RegExp[];
  const noon = new Date("2026-03-14T12:00:00.000Z").getTime();
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const insert = (id: string, seconds: number, fields: Partial<NewLog>) =>
    world.gateway.store.insert([aLog({ id, createdAt: new Date(noon + seconds * 1000), ...fields })]);

  const ui: CompareUi = {
    pick: (items, { placeHolder }) => {
      questions.push({ labels: items.map(({ label }) => label), placeHolder });
      const choice = choices.shift();
      return Promise.resolve(choice && items.find(({ label, description }) => choice.test(`${label} ${description}`)));
    },
    diff: (left, right, title) => {
      diffs.push({ left, right, title });
      return Promise.resolve();
    },
  };
  let needs: Parameters<typeof comparePrevious>[1] & Parameters<typeof compareLogs>[1];
  const textOf = async (uri: vscode.Uri | undefined) => {
    assert.ok(uri);
    return new TextDecoder().decode(await documents.readFile(uri));
  };

  beforeEach(async () => {
    world = await startWorld();
    await world.signIn();
    const { read, format, sessions, tree } = world;
    const sourceOf = (of: CollectionRef) => sessions.sourceOf(of);
    const bodies = new Bodies(sourceOf);
    const recordings = new Recordings(sourceOf, bodies);
    const entries = new Entries((sourceId) => sessions.clientOf(sourceId));
    documents = new LogDocuments({ bodies, recordings, entries, read, format });
    needs = { recordings, memory: new MemoryState(), format, sourceOf, read, tree };
    [diffs, questions, choices] = [[], [], []];
    insert("old", 0, {
      request: body(SYSTEM, asked("Is the blue frame in stock?")),
      response: answer("x-1", "Yes, two are."),
      tokensIn: 100,
      tokensOut: 20,
      cost: 0.001,
      durationMs: 900,
    });
    insert("new", 65, {
      request: body(
        SYSTEM,
        asked("Is the blue frame in stock?"),
        { role: "assistant", content: "Yes" },
        asked("And red?"),
      ),
      response: answer("yyy-22", "No."),
      tokensIn: 220,
      tokensOut: 12,
      cost: 0.0031,
      durationMs: 560,
    });
  });

  afterEach(() => world.close());

  it("have the older one on the left, both named, and a line with what the newer one took more or less", async () => {
    choices = [/Conversations/];
    await compareLogs([ref("new"), ref("old")], needs, ui);
    const [{ left, right, title } = assert.fail("a diff")] = diffs;
    assert.match(title, /^gpt-4.1-mini .*:00:00 ↔ gpt-4.1-mini .*:01:05, \+120 in · −8 out · \+\$0\.002100 · −340 ms$/);
    assert.match(left.path, /\/old\/conversation\.md$/);
    assert.match(right.path, /\/new\/conversation\.md$/);
    const [leftText, rightText] = [await textOf(left), await textOf(right)];
    assert.match(leftText, /^# Conversation/);
    assert.match(
      rightText,
      /^> \+120 in · −8 out · \+\$0\.002100 · −340 ms, compared with the log of .*\n\n# Conversation/,
    );
    assert.match(rightText, /And red\?/);
    assert.doesNotMatch(leftText, /And red\?/);
  });

  it("are read with one call each, and not again for their documents", async () => {
    choices = [/Conversations/];
    world.gateway.takeCalls();
    await compareLogs([ref("old"), ref("new")], needs, ui);
    for (const uri of [diffs[0]?.left, diffs[0]?.right]) {
      assert.ok(uri);
      await documents.stat(uri);
      await documents.readFile(uri);
    }
    assert.equal(world.gateway.takeCalls().length, 2);
  });

  it("as JSON have their keys sorted, and nothing that is new in each call", async () => {
    const compared = (what: Compared) => compare(ref("old"), ref("new"), needs, ui, what);
    await compared("response");
    const [left, right] = [await textOf(diffs[0]?.left), await textOf(diffs[0]?.right)];
    assert.equal(left.replace("Yes, two are.", "No."), right);
    assert.deepEqual(Object.keys(JSON.parse(left) as object), ["choices"]);
    assert.match(diffs[0]?.right.path ?? "", /response\.compare\.json$/);
    await compared("request");
    assert.match(await textOf(diffs[1]?.left), /^\{\n {2}"messages"/);
  });

  it("are asked about once, and then compared as the last time", async () => {
    choices = [/Requests/];
    for (let times = 0; times < 2; times++) await compare(ref("old"), ref("new"), needs, ui);
    assert.equal(questions.length, 1);
    assert.deepEqual(questions[0]?.labels, ["Conversations", "Requests", "Responses"]);
    assert.equal(diffs.length, 2);
    await compare(ref("old"), ref("new"), needs, ui, "conversation");
    await compare(ref("old"), ref("new"), needs, ui);
    assert.match(diffs[3]?.right.path ?? "", /conversation\.md$/);
  });

  it("may be one and another of those loaded; nothing is opened when the person leaves", async () => {
    const { children } = world;
    await children((await children())[0]);
    choices = [/12:00:00|:00:00/, /Conversations/];
    await compareLogs([ref("new")], needs, ui);
    assert.match(diffs[0]?.left.path ?? "", /\/old\//);
    assert.equal(questions[0]?.placeHolder, "Select a log to compare with");
    choices = [];
    await compareLogs([ref("new")], needs, ui);
    assert.equal(diffs.length, 1);
  });

  it("cannot be three, one twice, or without what is to be compared: it is said", async () => {
    insert("bare", 1, { request: null, response: null });
    const refused = async (run: Promise<void>, words: RegExp) =>
      assert.rejects(run, (error) => error instanceof PlainError && words.test(error.message));
    await refused(compareLogs([ref("old"), ref("new"), ref("bare")], needs, ui), /Select one or two logs/);
    await refused(compare(ref("old"), ref("old"), needs, ui), /Both are the same log/);
    await refused(compare(ref("bare"), ref("old"), needs, ui, "request"), /stored no request for the log of/);
    await refused(compareLogs([ref("new")], needs, ui), /No other log of production is loaded/);
    await assert.rejects(compare(ref("gone"), ref("old"), needs, ui, "request"), /./);
    assert.deepEqual(diffs, []);
  });

  it("are found by their first messages: the one with the most in common, with few calls", async () => {
    for (let index = 0; index < 30; index++)
      insert(`other-${index}`, 20 - index, { request: body(SYSTEM, asked(`Other ${index}`)) });
    insert("closer", 10.4, {
      request: body(
        SYSTEM,
        asked("Is the blue frame in stock?"),
        { role: "assistant", content: "Yes" },
        asked("And green?"),
      ),
    });
    insert("same words elsewhere", 30, { request: body(SYSTEM, asked("Is the blue frame in stock?")), model: "other" });
    insert("after", 66, { request: body(SYSTEM, asked("Is the blue frame in stock?")) });
    choices = [/Conversations/];
    world.gateway.takeCalls();
    await comparePrevious(ref("new"), needs, ui);
    assert.match(diffs[0]?.left.path ?? "", /\/closer\//);
    const calls = world.gateway.takeCalls();
    assert.equal(calls.filter((call) => /\/logs\?/.test(call)).length, 1);
    // The log, and twenty others: ten weren't enough.
    assert.equal(calls.filter((call) => /\/logs\/[^/?]+$/.test(call)).length, 21 + 1);
    assert.equal(calls.length, 23);
  });

  it("has none before: it is said, and how many were looked at", async () => {
    await assert.rejects(comparePrevious(ref("old"), needs, ui), /gpt-4.1-mini has no earlier log/);
    insert("other", 60, { request: body(SYSTEM, asked("Other")) });
    insert("later", 100, { request: body(asked("Unlike")) });
    await assert.rejects(comparePrevious(ref("later"), needs, ui), /None of the 3 logs of gpt-4.1-mini that were read/);
    insert("bare", 101, { request: null, response: null });
    await assert.rejects(comparePrevious(ref("bare"), needs, ui), /no stored messages/);
  });
});
