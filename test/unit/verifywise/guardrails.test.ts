import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import { matchesRow } from "../../../src/source/match.ts";
import { redactLog } from "../../../src/export/row.ts";
import { outcomeOf } from "../../../src/logs/format.ts";
import { parseCheck } from "../../../src/sources/verifywise/guardrails.ts";
import { collectionOf, guardrailsOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

const ROW = {
  id: 7,
  guardrail_type: "pii",
  action_taken: "masked",
  matched_text: "ann@example.com",
  entity_type: "EMAIL_ADDRESS",
  endpoint_id: 4,
  guardrail_name: "Staff data",
  execution_time_ms: 12,
  created_at: "2026-11-30T10:00:00.123Z",
};

function parsed(row: unknown) {
  const log = parseCheck(row, { readAt: 1 });
  assert.ok(log);
  return log;
}

describe("a row of VerifyWise's guardrail logs", () => {
  it("says what the guardrail did, and has nothing of a call", () => {
    const { raw: _, createdAt, ...log } = parsed(ROW);
    assert.equal(createdAt.toISOString(), ROW.created_at);
    assert.deepEqual(log, {
      id: "7",
      provider: "",
      path: "",
      success: true,
      cached: false,
      customCost: false,
      durationMs: 12,
      guardrails: "Staff data · EMAIL_ADDRESS: masked",
      check: { name: "Staff data · EMAIL_ADDRESS", action: "masked" },
      metadata: {
        guardrail: "Staff data",
        type: "pii",
        entity: "EMAIL_ADDRESS",
        action: "masked",
        endpoint_id: 4,
        matched_text: "ann@example.com",
      },
      readAt: 1,
    });
  });

  it("isn't a success if the call was blocked, and has no action that isn't known", () => {
    const blocked = parsed({ ...ROW, action_taken: "blocked" });
    assert.deepEqual([blocked.success, outcomeOf(blocked)], [false, "stopped"]);
    const other = parsed({ ...ROW, action_taken: "noted" });
    assert.deepEqual([other.check, outcomeOf(other)], [{ name: "Staff data · EMAIL_ADDRESS" }, "checked"]);
    assert.match(other.guardrails ?? "", /: noted$/);
  });

  it("is named by its type if the guardrail has no name, and never by what matched", () => {
    const names = [
      { guardrail_name: null },
      { guardrail_name: null, entity_type: null },
      { guardrail_name: null, entity_type: null, guardrail_type: null },
      { guardrail_name: "x".repeat(9000) },
    ].map((odd) => parsed({ ...ROW, ...odd }).check?.name ?? "");
    assert.deepEqual(names.slice(0, 3), ["pii · EMAIL_ADDRESS", "pii", "unknown"]);
    assert.equal(names[3]?.length, 512);
  });

  it("is found by its verdict", () => {
    const finds = (value: string) =>
      matchesRow(parsed(ROW), [{ key: "guardrails", operator: "contains", value: [value] }]);
    assert.deepEqual([finds("masked"), finds("EMAIL"), finds("blocked")], [true, true, false]);
  });

  it("is redacted without what matched, whatever that is", () => {
    const { metadata } = redactLog(parsed({ ...ROW, matched_text: "Ann of Acme" }), {});
    assert.deepEqual([metadata["matched_text"], metadata["entity"]], ["[redacted: matched text]", "EMAIL_ADDRESS"]);
  });

  it("is dropped only without an ID or a time, and throws never", () => {
    for (const junk of [null, 5, {}, [], "", { ...ROW, id: null }, { ...ROW, created_at: "soon" }])
      assert.equal(parseCheck(junk, { readAt: 1 }), undefined);
    for (const odd of [null, {}, [], 5, "\ud800", true])
      for (const key of Object.keys(ROW))
        if (key !== "id" && key !== "created_at") assert.equal(parsed({ ...ROW, [key]: odd }).id, "7", key);
  });
});

const START = Date.UTC(2026, 10, 1);

describe("VerifyWise's guardrail logs", () => {
  let server: VerifyWiseServer;
  afterEach(() => server.close());

  const checks = () => ({ sourceId: "vw", collectionId: guardrailsOf(server.baseUrl) });

  async function start(generation: 1 | 2) {
    server = await startVerifyWise(generation);
    const { baseUrl, token } = server;
    return verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
  }

  for (const generation of [1, 2] as const) {
    it(`are a collection of their own: generation ${generation}`, async () => {
      const source = await start(generation);
      server.add({ createdAt: new Date(START), model: "gpt-5" });
      server.addChecks({ createdAt: new Date(START), entity: "PERSON" });
      const logs = { id: collectionOf(server.baseUrl) };
      assert.deepEqual(await source.collections(), [logs, { id: checks().collectionId, holds: "guardrails" }]);
      const [call] = (await source.list({ sourceId: "vw", collectionId: logs.id }, {})).logs;
      const page = await source.list(checks(), {});
      assert.deepEqual([call?.model, call?.check], ["gpt-5", undefined]);
      assert.deepEqual([page.logs.map(({ check }) => check?.name), page.next], [["pii · PERSON"], undefined]);
    });

    it(`have each row once while others arrive and change places: generation ${generation}`, async () => {
      const random = new Random(generation);
      const source = await start(generation);
      server.turnsTies = true;
      const at = (second: number) => ({ createdAt: new Date(START + second * 1000) });
      const made = server.addChecks(...Array.from({ length: 3000 }, (_, n) => at(Math.floor(n / 4))));
      const listed: string[] = [];
      let next: Cursor | undefined;
      let arrived = 0;
      do {
        const page = await source.list(checks(), { size: 100 }, next);
        listed.push(...page.logs.map(({ id }) => id));
        assert.deepEqual([page.total, page.malformed], [undefined, 0]);
        next = page.next;
        server.addChecks(...Array.from({ length: random.between(0, 60) }, () => at(86_400 + arrived++)));
      } while (next);
      const known = new Set(listed);
      assert.ok(arrived > 300);
      assert.equal(known.size, listed.length, "none twice");
      assert.deepEqual(
        made.filter((id) => !known.has(String(id))),
        [],
        "none missing",
      );
    });

    it(`are asked for without any condition, and checked here: generation ${generation}`, async () => {
      const source = await start(generation);
      const createdAt = new Date(START);
      server.addChecks({ createdAt, action: "blocked" }, { createdAt, text: "Ann" }, { createdAt, text: "Bob" });
      // Notes the generation.
      await source.list(checks(), {});
      const conditions = [{ key: "success", operator: "eq" as const, value: [true] }];
      const page = await source.list(checks(), { conditions, search: "ann" });
      assert.deepEqual([page.logs.map(({ id }) => id), page.rows, page.total], [["2"], 3, undefined]);
      assert.match(server.calls.at(-1) ?? "", /logs\?limit=50&offset=0$/);
    });

    it(`are refused as calls' logs are: generation ${generation}`, async () => {
      const source = await start(generation);
      server.refused.set(server.token, "expired");
      await assert.rejects(source.list(checks(), {}), { reason: "unauthorized", status: 406 });
      server.refused.clear();
      server.callsLeft = 0;
      await assert.rejects(source.list(checks(), {}), { reason: "rateLimited" });
    });

    it(`aren't empty if the gateway is down: generation ${generation}`, async () => {
      const source = await start(generation);
      assert.deepEqual((await source.list(checks(), {})).logs, []);
      server.isUp = false;
      await assert.rejects(source.list(checks(), {}), { reason: "serverError", status: 200 });
      server.tellsHealth = false;
      await assert.rejects(source.list(checks(), {}), { reason: "serverError", status: 200 });
    });
  }

  it("may come with a total, below `data`", async () => {
    const source = await start(1);
    server.answer = { status: 200, body: { message: "OK", data: { logs: [ROW], total: 1 } } };
    const page = await source.list(checks(), {});
    assert.deepEqual([page.logs.map(({ id }) => id), page.total], [["7"], 1]);
  });

  it("are none if the answer is something else", async () => {
    const source = await start(2);
    for (const body of [{ rows: [] }, { logs: "none" }, [], { data: { rows: [] } }]) {
      server.answer = { status: 200, body };
      await assert.rejects(source.list(checks(), {}), { reason: "badAnswer" });
    }
  });
});
