import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { CallOptions } from "../../../src/source/query.ts";
import { checkingRows, readDetail } from "../../../src/source/rows.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

const START = Date.UTC(2026, 10, 1, 10, 0, 0, 123);
const ID = 2;
const TIME = new Date(START + ID * 1000).toISOString();

const messages = [{ role: "user", content: "Is it in stock?" }];
const entry = (more: Record<string, unknown>) => ({
  kind: "model",
  model: "gpt-5",
  request_messages: messages,
  response_text: "Yes, two are left.",
  cost_usd: 0.5,
  ...more,
});

const WHOLE = ["Is it in stock?", "Yes, two are left."];
const NONE = [undefined, undefined];

describe("the bodies of a log in an agent's run", () => {
  let server: VerifyWiseServer;
  beforeEach(() => open(2));
  afterEach(() => server.close());

  async function open(generation: 1 | 2, metadata: Record<string, unknown> = {}): Promise<void> {
    server = await startVerifyWise(generation);
    server.runs = new Map();
    server.add(
      ...[1, 2, 3].map((n) => ({ createdAt: new Date(START + n * 1000), model: "gpt-5", metadata: { ...metadata } })),
    );
  }

  const run = (id: string, data: unknown, from = 0, to = 10) =>
    server.runs?.set(id, { startedAt: new Date(START + from * 1000), lastAt: new Date(START + to * 1000), data });

  function connect() {
    const { baseUrl, token } = server;
    const source = checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }));
    return { source, of: { sourceId: "vw", collectionId: collectionOf(baseUrl) } };
  }

  /** Lists the logs, opens one, and returns what its bodies say and which further calls were made. */
  async function opened(given: CallOptions = {}, { source, of } = connect()) {
    const { logs: shown } = await source.list(of, {});
    const before = server.calls.length;
    const { request, response } = await readDetail(source, { ...of, logId: String(ID) }, given);
    assert.equal(shown.length, 3);
    const sent = request.head && (JSON.parse(request.head) as { messages: typeof messages }).messages[0]?.content;
    const calls = server.calls.slice(before).map((path) => path.replace("/api/ai-gateway/mcp/runs", ""));
    return { said: [sent, response.head], calls, sides: [request, response] };
  }

  it("are read when it's opened: from the run during which it was made, by its ID", async () => {
    const entries = [entry({ id: 1, response_text: "no" }), entry({ kind: "tool", id: ID }), entry({ id: ID })];
    run("early", [entry({ id: ID, response_text: "no" })], -10, 1);
    run("it's/this one", entries, 2, 2);
    const { said, calls, sides } = await opened();
    assert.deepEqual([said, calls], [WHOLE, ["", `/${encodeURIComponent("it's/this one")}`]]);
    assert.deepEqual(
      sides.map(({ complete }) => complete),
      [true, true],
    );
    run("it's/this one", { entries, model_count: 2 });
    assert.deepEqual((await opened()).said, WHOLE, "in an object, too");
  });

  it("are read from the run that it names, in one call", async () => {
    await server.close();
    await open(2, { agent_run_id: "mine" });
    run("other", [entry({ id: ID, response_text: "no" })]);
    run("mine", [entry({ id: ID, created_at: TIME })]);
    const { said, calls } = await opened();
    assert.deepEqual([said, calls], [WHOLE, ["/mine"]]);
    server.runs?.delete("mine");
    assert.deepEqual((await opened()).said, NONE, "and from no other");
  });

  it("are those of its time if entries have no ID, and never guessed", async () => {
    const timed = (created_at: string, more = {}) => entry({ created_at, ...more });
    const cases: [what: string, entries: unknown, said: typeof WHOLE | typeof NONE][] = [
      ["to the millisecond", [timed(TIME.replace("Z", "456+00:00")), timed(TIME.replace(".123", ".124"))], WHOLE],
      ["of a millisecond later", [timed(TIME.replace(".123", ".124"))], NONE],
      ["two of one time", [timed(TIME), timed(TIME)], NONE],
      ["of another model", [timed(TIME, { model: "o3" })], NONE],
      ["of a tool", [timed(TIME, { kind: "tool" })], NONE],
      ["without a time", [entry({})], NONE],
      ["numbered in another way", [timed("2026-11-02T00:00:00Z", { id: ID })], NONE],
      ["some with an ID", [timed(TIME), timed(TIME, { id: 77 })], NONE],
      ["no entries", "none", NONE],
      ["odd entries", [null, 7, [], { kind: "model" }], NONE],
    ];
    for (const [what, entries, expected] of cases) {
      run("a", entries);
      assert.deepEqual((await opened()).said, expected, what);
    }
  });

  it("take three calls at most, and are then only those of its ID", async () => {
    for (const id of ["a", "b", "c"]) run(id, [entry(id === "a" ? { created_at: TIME } : {})]);
    const timed = await opened();
    assert.deepEqual([timed.said, timed.calls], [NONE, ["", "/a", "/b"]]);
    run("b", [entry({ id: ID })]);
    assert.deepEqual((await opened()).said, WHOLE);
  });

  it("aren't asked for in the background, nor of builds without runs after the first time", async () => {
    run("a", [entry({ id: ID })]);
    const background = await opened({ priority: "background" });
    assert.deepEqual([background.said, background.calls], [NONE, []]);
    for (const metadata of [{}, { agent_run_id: "a" }]) {
      await server.close();
      await open(2, metadata);
      server.runs = undefined;
      const connected = connect();
      const first = await opened({}, connected);
      assert.deepEqual([first.said, first.calls], [NONE, "agent_run_id" in metadata ? ["/a", ""] : [""]]);
      assert.deepEqual((await opened({}, connected)).calls, []);
    }
    await server.close();
    await open(1);
    run("a", [entry({ id: ID })]);
    assert.deepEqual((await opened()).calls, [], "the first generation lists them");
  });

  it("leave the row if they can't be read, whatever a run is called", async () => {
    for (const id of [".", "..", "", "\ud800"]) {
      await server.close();
      await open(2, { agent_run_id: id });
      assert.deepEqual((await opened()).said, NONE);
      assert.ok(server.calls.every((call) => /\/(?:spend\/logs|mcp\/runs)(?:\?|$)/.test(call)));
    }
    const { source, of } = connect();
    const { logs: shown } = await source.list(of, {});
    server.answer = { status: 500, body: "Internal Server Error", type: "text/plain" };
    const ref = { ...of, logId: String(ID) };
    assert.equal((await readDetail(source, ref)).response.head, undefined);
    await assert.rejects(readDetail(source, ref, { signal: AbortSignal.abort() }), { reason: "aborted" });
    assert.equal(shown.length, 3);
  });
});
