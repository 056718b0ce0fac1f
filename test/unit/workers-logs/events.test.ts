import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseEvent } from "../../../src/sources/workers-logs/event.ts";
import { factsOf } from "../../../src/sources/workers-logs/facts.ts";
import { fieldKeys } from "../../../src/sources/workers-logs/fields.ts";

const TIME = 1_796_147_426_009;
const GATEWAYS = new Set(["prod", "test"]);
const NOT_LISTED = { complete: false, lack: "notListed" };

type Members = Record<string, unknown>;

const eventOf = (source: unknown, metadata: Members = {}, others: Members = {}): Members => ({
  dataset: "ai-gateway",
  timestamp: TIME,
  source,
  $metadata: { id: "e1", ...metadata },
  ...others,
});

function parsed(event: unknown, overrides?: unknown) {
  const found = parseEvent(event, fieldKeys(overrides), GATEWAYS, 1);
  assert.ok(found);
  return found;
}

describe("an event", () => {
  // Times without a zone are UTC, wherever the machine is.
  const { TZ } = process.env;
  before(() => (process.env["TZ"] = "Asia/Tokyo"));
  after(() => {
    if (TZ === undefined) delete process.env["TZ"];
    else process.env["TZ"] = TZ;
  });

  it("is read with the names of AI Gateway's list", () => {
    const { log, gateway, eventId } = parsed(
      eventOf({
        log_id: "l1",
        gateway: "deleted",
        provider: "openai",
        model: "gpt-4o-mini",
        tokens_in: "12",
        tokens_out: 0,
        cost: "0.0001",
        duration: 310,
        timings: { total: 320, latency: 90 },
        usage_metadata: { input_cached_tokens: 5, output_reasoning_tokens: 6 },
        location: { region: "WEUR", colo: "FRA" },
        status_code: 200,
        success: true,
        cached: true,
        path: "chat/completions",
        request_type: "chat",
        user_agent: "curl",
        event_id: "ev",
        step: 2,
        feedback: -1,
        score: 60,
        metadata: '{"team":"blue","n":1,"deep":{}}',
        request: '{"messages":[]}',
        response: { choices: [] },
      }),
    );
    assert.deepEqual([eventId, gateway], ["e1", "deleted"]);
    const { raw: _, ...values } = log;
    assert.deepEqual(values, {
      id: "l1",
      createdAt: new Date(TIME),
      provider: "openai",
      model: "gpt-4o-mini",
      path: "chat/completions",
      success: true,
      cached: true,
      customCost: false,
      statusCode: 200,
      durationMs: 310,
      latencyMs: 90,
      tokensIn: 12,
      tokensOut: 0,
      tokensCached: 5,
      tokensReasoning: 6,
      costUsd: 0.0001,
      requestType: "chat",
      userAgent: "curl",
      eventId: "ev",
      step: 2,
      feedback: -1,
      score: 60,
      region: "WEUR",
      colo: "FRA",
      metadata: { team: "blue", n: 1 },
      readAt: 1,
      request: { head: '{"messages":[]}', size: 15, complete: true },
      response: { head: '{"choices":[]}', size: 14, complete: true },
    });
  });

  it("is read with the documented names of OpenTelemetry", () => {
    const { log } = parsed(
      eventOf({
        "gen_ai.request.model": "gpt-5",
        "gen_ai.model.provider": "openai",
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.output_tokens": 4,
        "gen_ai.usage.cost": 0.5,
        "gen_ai.prompt_json": '[{"role":"user"}]',
        "gen_ai.completion_json": "{}",
        team: "blue",
      }),
    );
    assert.deepEqual(
      [log.model, log.provider, log.tokensIn, log.tokensOut, log.costUsd, log.request.head, log.response.head],
      ["gpt-5", "openai", 3, 4, 0.5, '[{"role":"user"}]', "{}"],
    );
    // Any attribute could be metadata, so none is taken for it.
    assert.deepEqual([log.metadata, log.raw["source"] instanceof Object], [{}, true]);
  });

  it("is read with the names in spans, nested as well as flat", () => {
    const messages = [{ role: "user", parts: [{ type: "text", content: "Hé" }] }];
    const { log } = parsed(
      eventOf(
        {
          gen_ai: {
            provider: { name: "internal-workers-ai" },
            "request.model": "llama",
            usage: { input_tokens: 3, cost: 1 },
            input: { messages },
          },
          "gen_ai.output.messages": '{"state":"Completed"}',
        },
        { traceId: "t1", service: "prod" },
      ),
    );
    assert.deepEqual([log.provider, log.model, log.tokensIn, log.costUsd], ["internal-workers-ai", "llama", 3, 1]);
    const text = JSON.stringify(messages);
    assert.deepEqual(log.request, { head: text, size: text.length + 1, complete: true });
    assert.deepEqual([log.response.head, log.eventId], ['{"state":"Completed"}', "t1"]);
    assert.ok(!JSON.stringify(log.raw).includes("Hé") && !JSON.stringify(log.raw).includes("Completed"));
  });

  it("of unknown names is a row with its raw members, and whole with the setting", () => {
    const event = eventOf({ call: { llm: "gpt-5", cents: 3, ask: "Hi", tags: { team: "blue" } }, "gw.name": "prod" });
    const unknown = parsed(event);
    assert.deepEqual(
      [unknown.log.id, unknown.gateway, unknown.log.model, unknown.log.success, unknown.log.request],
      ["e1", undefined, undefined, true, NOT_LISTED],
    );
    assert.deepEqual(unknown.log.raw, event);
    const { log, gateway } = parsed(event, {
      model: "source.call.llm",
      costUsd: ["nothing", "call.cents"],
      request: "call.ask",
      metadata: "call.tags",
      gateway: "gw.name",
    });
    assert.deepEqual(
      [gateway, log.model, log.costUsd, log.request.head, log.metadata],
      ["prod", "gpt-5", 3, "Hi", { team: "blue" }],
    );
    assert.ok(!JSON.stringify(log.raw).includes("Hi"));
  });

  it("is read from JSON text, which isn't indexed", () => {
    const event = eventOf('{"model":"gpt-5","request":"Hi","n":1}');
    assert.equal(factsOf(event).isIndexed, false);
    assert.equal(factsOf(eventOf({ model: "gpt-5" })).isIndexed, true);
    const { log } = parsed(event);
    assert.deepEqual([log.model, log.request.head, log.raw["source"]], ["gpt-5", "Hi", { model: "gpt-5", n: 1 }]);
    for (const source of ["no JSON", '{"cut', "[1]", "7"])
      assert.deepEqual(
        [parsed(eventOf(source)).log.raw["source"], factsOf(eventOf(source)).facts.get("source")],
        [source, source],
      );
  });

  it("has the ID that programs see, else that of the event, else one of its content", () => {
    const link = { "cloudflare.ai_gateway.log.id": "l2" };
    assert.equal(parsed(eventOf(link)).log.id, "l2");
    assert.equal(parsed(eventOf(link, {}, { dataset: "cloudflare-workers" })).log.id, "e1");
    assert.equal(parsed(eventOf({ ...link, "cf.aig.log_id": "l1", id: "other" })).log.id, "l1");
    assert.equal(parsed(eventOf({ id: "other" })).log.id, "e1");
    const ids = [{ n: 1 }, { n: 1 }, { n: 2 }].map((source) => parsed({ timestamp: TIME, source }).eventId);
    assert.ok(ids[0] === ids[1] && ids[0] !== ids[2]);
    assert.equal(parsed({ timestamp: TIME, source: { logId: 7 } }).eventId, "7");
  });

  it("has its service as gateway only if there is such a gateway", () => {
    assert.equal(parsed(eventOf({}, { service: "prod" })).gateway, "prod");
    assert.equal(parsed(eventOf({}, { service: "my-worker" })).gateway, undefined);
    assert.equal(parsed(eventOf({ gateway_id: "test" }, { service: "prod" })).gateway, "test");
  });

  it("has its own time, in milliseconds or as a date", () => {
    const at = (timestamp: unknown, source = {}) =>
      parseEvent({ timestamp, source }, fieldKeys({}), GATEWAYS, 1)?.log.createdAt.toISOString();
    const expected = "2026-12-01T10:00:00.250Z";
    for (const time of [
      Date.parse(expected),
      String(Date.parse(expected)),
      expected,
      "2026-12-01T10:00:00.250",
      "2026-12-01 10:00:00.250",
    ])
      assert.equal(at(time, { timestamp: 1 }), expected);
    assert.equal(at("soon", { created_at: expected }), expected);
    for (const none of [undefined, null, "", "soon", {}, [], true, 9e15, Number.NaN]) assert.equal(at(none), undefined);
    for (const none of [undefined, null, 1, "text", [{ timestamp: 1 }]])
      assert.equal(parseEvent(none, fieldKeys({}), GATEWAYS, 1), undefined);
  });

  it("keeps long texts whole beyond what a row shows", () => {
    const model = "m".repeat(600);
    const { log } = parsed(eventOf({ RequestedModel: model }));
    assert.deepEqual([log.model?.length, log.recorded], [512, { model }]);
  });

  it("has metadata from entries with keys of their own", () => {
    const { log } = parsed(eventOf({ "metadata.team": "blue", "metadata.a.b": 1, metadata: "no JSON", other: "x" }));
    assert.deepEqual(log.metadata, { team: "blue", "a.b": 1 });
  });
});
