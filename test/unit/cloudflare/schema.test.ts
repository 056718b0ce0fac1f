import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseGateway, parseLog, parseLogDetail } from "../../../src/sources/cloudflare/schema.ts";

const row = { id: "a", created_at: "2026-11-20T12:00:00.123Z" };

describe("a row of the API", () => {
  it("needs an id and a time, and nothing else", () => {
    assert.equal(parseLog({ ...row, provider: null, path: undefined })?.provider, "unknown");
    for (const broken of [
      null,
      1,
      "row",
      [],
      {},
      { id: "a" },
      { ...row, id: "" },
      { ...row, created_at: "yesterday" },
    ]) {
      assert.equal(parseLog(broken), undefined);
    }
  });

  it("does not fail on a field of another type", () => {
    const log = parseLog({
      ...row,
      model: 7,
      tokens_in: "many",
      cost: {},
      cached: "yes",
      step: null,
      metadata: [1],
      duration: "12.5",
    });
    assert.ok(log);
    assert.deepEqual(
      [log.model, log.tokensIn, log.costUsd, log.cached, log.step, log.durationMs],
      [undefined, undefined, undefined, false, undefined, 12.5],
    );
    assert.ok(!("costUsd" in log));
  });

  it("takes metadata as an object and as JSON text, without what is no tag", () => {
    const tags = { user: "42", paying: true, seats: 3, nested: {}, nothing: null };
    for (const metadata of [tags, JSON.stringify(tags)]) {
      assert.deepEqual(parseLog({ ...row, metadata })?.metadata, { user: "42", paying: true, seats: 3 });
    }
    assert.deepEqual(parseLog({ ...row, metadata: "{broken" })?.metadata, {});
  });

  it("reads cached and reasoning tokens from the usage", () => {
    const log = parseLog({ ...row, usage_metadata: '{"input_cached_tokens":5,"reasoningTokens":7}' });
    assert.deepEqual([log?.tokensCached, log?.tokensReasoning], [5, 7]);
  });

  it("takes a time without a zone as UTC, wherever this machine is", () => {
    const { TZ } = process.env;
    try {
      for (const zone of ["America/New_York", "Asia/Kolkata", "UTC"]) {
        process.env["TZ"] = zone;
        for (const [time, utc] of [
          ["2026-11-20 12:00:00", "2026-11-20T12:00:00.000Z"],
          ["2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00.000Z"],
        ])
          assert.equal(parseLog({ ...row, created_at: time })?.createdAt.toISOString(), utc, zone);
      }
    } finally {
      if (TZ === undefined) delete process.env["TZ"];
      else process.env["TZ"] = TZ;
    }
  });

  it("takes no amount that is not a number for one", () => {
    for (const cost of ["1e999", "-1e999", "1x", "", "NaN", "Infinity", Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(parseLog({ ...row, cost })?.costUsd, undefined, String(cost));
    assert.equal(parseLog({ ...row, cost: "-0.5" })?.costUsd, -0.5);
  });

  it("reads how long the provider took, where the call came in, whose key it was and what was found in it", () => {
    const profile = (profile_id: string) => ({
      profile: { profile_id, entry_ids: ["e"] },
      policy_ids: ["p"],
      check: ["REQUEST"],
    });
    const log = parseLog({
      ...row,
      timings: { total: 500, latency: 200 },
      location: { region: "WEUR", colo: "AMS" },
      byok: true,
      guardrails: { prompt: { S1: "FLAG" } },
      dlp_profiles: [profile("a"), profile("b"), profile("a"), "odd"],
      usage_metadata: { output_reasoning_tokens: 3 },
    });
    assert.deepEqual(
      [log?.latencyMs, log?.region, log?.colo, log?.byok, log?.guardrails, log?.dlpProfiles, log?.tokensReasoning],
      [200, "WEUR", "AMS", true, '{"prompt":{"S1":"FLAG"}}', ["a", "b"], 3],
    );
    assert.equal(parseLog({ ...row, guardrails: "BLOCK" })?.guardrails, "BLOCK");
    const without = parseLog({ ...row, timings: null, location: null, byok: null, guardrails: null, dlp_profiles: [] });
    const known = Object.keys(without ?? {});
    for (const key of ["latencyMs", "region", "colo", "byok", "guardrails", "dlpProfiles"])
      assert.ok(!known.includes(key), key);
  });

  it("keeps keys that nobody declared", () => {
    assert.deepEqual(parseLog({ ...row, brand_new: { a: 1 } })?.raw["brand_new"], { a: 1 });
  });

  it("does not let a key reach the prototype", () => {
    const log = parseLog(
      JSON.parse(
        '{"id":"a","created_at":"2026-11-20T12:00:00Z","metadata":{"__proto__":{"polluted":true},"user":"42"}}',
      ),
    );
    assert.deepEqual(Object.keys(log?.metadata ?? {}), ["user"]);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("takes a head for the whole body only when the API says so", () => {
    const detail = parseLogDetail({
      ...row,
      request_head: "{}",
      request_head_complete: true,
      response_head: "{",
      response_size: 9,
    });
    assert.deepEqual(detail?.request, { head: "{}", complete: true });
    assert.deepEqual(detail?.response, { head: "{", size: 9, complete: false });
    assert.deepEqual(parseLogDetail({ ...row, request_head: null, request_head_complete: true })?.request, {
      complete: false,
    });
  });

  it("takes from a gateway only what is shown", () => {
    const gateway = parseGateway({
      id: "production",
      collect_logs: false,
      otel: [{ headers: { authorization: "secret" } }],
    });
    assert.deepEqual(gateway, { id: "production", collectLogs: false });
  });
});
