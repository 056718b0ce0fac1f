import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { parseRow } from "../../../src/sources/verifywise/schema.ts";

const FIRST = {
  id: 7,
  endpoint_id: 4,
  endpoint_name: "Support",
  endpoint_slug: "support",
  model: "gpt-5",
  provider: "openai",
  prompt_tokens: 12,
  completion_tokens: 0,
  total_tokens: 12,
  cost_usd: "0.00012300",
  latency_ms: 310,
  status_code: 200,
  metadata: { team: "blue" },
  request_messages: [{ role: "user", content: "Hi" }],
  response_text: "Hello",
  error_message: null,
  created_at: "2026-11-30T10:00:00.123Z",
  virtual_key_id: null,
  user_name: "Ada",
  virtual_key_name: null,
};

const SECOND = {
  id: 8,
  endpoint_id: null,
  endpoint_name: null,
  model: "openai/gpt-5",
  status_code: 201,
  source: "virtual-key",
  cost: 0.5,
  prompt_tokens: 3,
  completion_tokens: 4,
  total_tokens: 7,
  latency_ms: null,
  metadata: null,
  error_message: null,
  created_at: "2026-11-30T10:00:00.123456+00:00",
  user_id: null,
  user_name: null,
  virtual_key_id: 2,
  virtual_key_name: "CI key",
};

function parsed(row: unknown, generation: 1 | 2 = 1) {
  const log = parseRow(row, { readAt: 1, generation });
  assert.ok(log);
  return log;
}

describe("a row of VerifyWise's list", () => {
  it("has its members, with its bodies, in the first generation", () => {
    const log = parsed(FIRST);
    assert.deepEqual(
      [log.id, log.provider, log.model, log.costUsd, log.tokensIn, log.tokensOut, log.durationMs, log.success],
      ["7", "openai", "gpt-5", 0.000123, 12, 0, 310, true],
    );
    assert.deepEqual(log.metadata, { team: "blue" });
    assert.deepEqual([log.endpoint, log.user, log.key, log.origin], ["Support", "Ada", undefined, "playground"]);
    assert.deepEqual(log.response, { head: "Hello", size: 5, complete: true });
    assert.match(log.request.head ?? "", /"content":"Hi"/);
  });

  it("has its members in the second generation", () => {
    const log = parsed(SECOND, 2);
    assert.deepEqual(
      [log.id, log.provider, log.costUsd, log.statusCode, log.success, "durationMs" in log],
      ["8", "openai", 0.5, 201, true, false],
    );
    assert.deepEqual([log.endpoint, log.user, log.key, log.origin], [null, undefined, "CI key", "key"]);
    const notListed = { complete: false, lack: "notListed" };
    assert.deepEqual([log.metadata, log.request, log.response], [{}, notListed, notListed]);
  });

  it("is a success as its generation means it", () => {
    const outcomes = ([1, 2] as const).map((generation) =>
      [200, 201, 399, 400, 500].map((status_code) => parsed({ ...FIRST, status_code }, generation).success),
    );
    assert.deepEqual(outcomes, [
      [true, false, false, false, false],
      [true, true, true, false, false],
    ]);
  });

  it("says why a body isn't there, and whether it is an excerpt", () => {
    const lacks = (members: object) => {
      const { request, response } = parsed({ ...FIRST, ...members });
      return [request.lack, request.isExcerpt, response.lack, response.isExcerpt];
    };
    const none = { request_messages: null, response_text: null };
    assert.deepEqual(lacks({}), [undefined, undefined, undefined, undefined]);
    assert.deepEqual(lacks(none), ["recordingOff", undefined, "recordingOff", undefined]);
    assert.deepEqual(lacks({ response_text: null }), [undefined, undefined, "streamed", undefined]);
    assert.deepEqual(lacks({ ...none, error_message: "no" }), ["recordingOff", undefined, undefined, undefined]);
    const cut = "a ... (truncated 1017 chars) ... b";
    const message = { role: "user", content: cut };
    assert.deepEqual(lacks({ request_messages: [message], response_text: cut }), [undefined, true, undefined, true]);
    const three = Array.from({ length: 3 }, () => ({ role: "user", content: "Hi" }));
    assert.deepEqual(lacks({ request_messages: three }), [undefined, true, undefined, undefined]);
  });

  it("has no cost if none is there, which isn't 0", () => {
    for (const cost of [null, undefined, "", "none"]) assert.equal(parsed({ ...SECOND, cost }).costUsd, undefined);
    for (const cost of [0, "0.00000000"]) assert.equal(parsed({ ...SECOND, cost }).costUsd, 0);
  });

  it("has its time with three, six or no decimals", () => {
    const times = ["2026-12-01T10:00:00.250Z", "2026-12-01T10:00:00.250999+00:00", "2026-12-01T10:00:00+00:00"];
    const milliseconds = times.map((created_at) => parsed({ ...FIRST, created_at }).createdAt.getTime());
    const second = Date.UTC(2026, 11, 1, 10);
    assert.deepEqual(milliseconds, [second + 250, second + 250, second]);
  });

  it("keeps a deleted endpoint, a cache hit, and no unknown user", () => {
    const metadata = { cache_hit: true, original_cost_usd: 0.5 };
    const deleted = { endpoint_name: "Deleted endpoint", endpoint_slug: null };
    const log = parsed({ ...FIRST, ...deleted, user_name: "unknown", cost_usd: "0", metadata });
    assert.deepEqual(
      [log.cached, log.costUsd, log.endpoint, log.user, log.origin],
      [true, 0, null, undefined, undefined],
    );
    assert.deepEqual(log.metadata, metadata);
  });

  it("is never dropped, and throws never, whatever its other members are", () => {
    const random = new Random(18);
    const junk = (depth: number): unknown => {
      const scalars = [null, true, "", "x", "-", "-1e999", "9".repeat(400), 0, -1, 1e308, "\ud800", "__proto__"];
      if (depth === 0 || random.chance(0.6)) return random.pick(scalars);
      if (random.chance(0.5)) return Array.from({ length: random.between(0, 3) }, () => junk(depth - 1));
      return JSON.parse(`{"${random.pick(["__proto__", "cache_hit", "a"])}": ${JSON.stringify(junk(depth - 1))}}`);
    };
    for (let round = 0; round < 5000; round++) {
      const like: Record<string, unknown> = { ...random.pick([FIRST, SECOND]) };
      for (const key of [...Object.keys(FIRST), ...Object.keys(SECOND)])
        if (key !== "id" && key !== "created_at" && random.chance(0.5)) like[key] = junk(3);
      const log = parsed(JSON.parse(JSON.stringify(like)));
      assert.equal(log.id, String(like["id"]));
      for (const number of [log.costUsd, log.tokensIn, log.tokensOut, log.durationMs, log.statusCode])
        assert.ok(number === undefined || Number.isFinite(number), JSON.stringify(like));
      assert.ok(Object.values(log.metadata).every((one) => ["string", "number", "boolean"].includes(typeof one)));
    }
  });

  it("is none without an ID or a time", () => {
    for (const odd of [{ id: null }, { id: undefined }, { created_at: 5 }, { created_at: "yesterday" }])
      assert.equal(parseRow({ ...FIRST, ...odd }, { readAt: 1, generation: 1 }), undefined);
  });
});
