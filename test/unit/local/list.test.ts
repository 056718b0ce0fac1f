import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, LOGS, logAt, query, serve } from "./served.ts";

const ids = (rows: Record<string, unknown>[]) => rows.map((row) => row["id"]);

const minute = (index: number) => Date.parse("2026-11-01T00:00:00Z") + index * 60_000;

test("a row has what is known, and what is unknown is absent or null as live", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { id: "bare" }),
    logAt(minute(1), {
      id: "full",
      modelType: "chat",
      statusCode: 200,
      cached: true,
      tokensIn: 10,
      tokensOut: 20,
      cost: 0,
      customCost: true,
      usageMetadata: { input_tokens: 10 },
      timings: { total: 500, latency: 100 },
      metadata: { a: "x", n: 1, b: false },
      feedback: 1,
      score: 90,
      eventId: "event",
      step: 1,
      requestType: "universal",
      requestContentType: "application/json",
      responseContentType: "text/event-stream",
      userAgent: "curl/8",
      dlpAction: "FLAG",
      authentication: true,
      wholesale: false,
      compatibilityMode: false,
    }),
  ]);
  const { json } = await gateway.call(LOGS);
  assert.deepEqual(Object.keys(json).sort(), ["result", "result_info", "success"]);
  assert.deepEqual(json.result_info, { count: 2, page: 1, per_page: 20, total_count: 2 });
  const base = {
    provider: "openai",
    model: "gpt-4.1-mini",
    path: "chat/completions",
    duration: 500,
    success: true,
  };
  assert.deepEqual(json.result, [
    {
      ...base,
      id: "full",
      created_at: "2026-11-01T00:01:00.000Z",
      model_type: "chat",
      status_code: 200,
      cached: true,
      tokens_in: 10,
      tokens_out: 20,
      cost: 0,
      custom_cost: true,
      usage_metadata: { input_tokens: 10 },
      timings: { total: 500, latency: 100 },
      metadata: { a: "x", n: 1, b: false },
      feedback: 1,
      score: 90,
      event_id: "event",
      step: 1,
      request_type: "universal",
      request_content_type: "application/json",
      response_content_type: "text/event-stream",
      user_agent: "curl/8",
      dlp_action: "FLAG",
      authentication: true,
      wholesale: false,
      compatibilityMode: false,
    },
    {
      ...base,
      id: "bare",
      created_at: "2026-11-01T00:00:00.000Z",
      cached: false,
      tokens_in: null,
      tokens_out: null,
      metadata: null,
      feedback: null,
      score: null,
    },
  ]);
});

test("a wrong gateway id is 200 with nothing", async (t) => {
  const gateway = await serve(t, [logAt(minute(0))]);
  const { status, json } = await gateway.call(`/accounts/${ACCOUNT}/ai-gateway/gateways/wrong/logs`);
  assert.equal(status, 200);
  assert.deepEqual(json, {
    success: true,
    result: [],
    result_info: { count: 0, page: 1, per_page: 20, total_count: 0 },
  });
});

test("filters in any form but one JSON array are ignored in silence", async (t) => {
  const gateway = await serve(t, [logAt(minute(0), { provider: "groq" }), logAt(minute(1))]);
  const filter = JSON.stringify([{ key: "provider", operator: "eq", value: ["groq"] }]);
  assert.equal((await gateway.rows({ filters: filter })).length, 1);
  for (const form of [
    "filters.key=provider&filters.operator=eq&filters.value=groq",
    "filters%5B0%5D%5Bkey%5D=provider&filters%5B0%5D%5Boperator%5D=eq&filters%5B0%5D%5Bvalue%5D=groq",
    "filters=%5B%7B",
    "filters=",
    `filters=${encodeURIComponent('{"key":"provider","operator":"eq","value":["groq"]}')}`,
    `filters=${encodeURIComponent(filter)}&filters=${encodeURIComponent(filter)}`,
  ]) {
    const { status, json } = await gateway.call(`${LOGS}?${form}`);
    assert.equal(status, 200);
    assert.equal(json.result_info?.["total_count"], 2, form);
  }
});

test("an unknown key or operator is a 400 with code 7001 in the API's words", async (t) => {
  const gateway = await serve(t);
  const message = async (filter: unknown) => {
    const { status, json } = await gateway.call(`${LOGS}?${query({ filters: JSON.stringify([filter]) })}`);
    assert.equal(status, 400);
    assert.equal(json.success, false);
    assert.equal(json.result, null);
    assert.equal(json.errors?.[0]?.code, 7001);
    return json.errors[0].message;
  };
  const key = await message({ key: "metadata.run_id", operator: "eq", value: ["x"] });
  assert.match(key, /^Invalid enum value\. Expected id \| created_at \| .*user_agent, received "metadata\.run_id"$/);
  assert.equal(key.split(" | ").length, 24);
  assert.equal(
    await message({ key: "id", operator: "gte", value: ["x"] }),
    'Invalid enum value. Expected eq | neq | contains | lt | gt, received "gte"',
  );
  assert.equal(await message({ key: "id", operator: "eq", value: "x" }), "Expected array, received string");
  await message({ key: "id", operator: "eq" });
  await message({ key: "id", operator: "eq", value: [{}] });
  await message(null);
});

test("pages have bounds", async (t) => {
  const gateway = await serve(t);
  for (const [bad, words] of [
    ["per_page=51", "Number must be less than or equal to 50"],
    ["per_page=0", "Number must be greater than or equal to 1"],
    ["page=0", "Number must be greater than or equal to 1"],
    ["page=-1", "Number must be greater than or equal to 1"],
    ["page=x", "Expected number, received nan"],
    ["page=", "Expected number, received nan"],
    ["per_page=2.5", "Expected integer, received float"],
  ]) {
    const { status, json } = await gateway.call(`${LOGS}?${bad}`);
    assert.equal(status, 400, bad);
    assert.equal(json.errors?.[0]?.message, words, bad);
  }
  for (const bad of ["order_by=path", "order_by_direction=up", "direction=up", "start_date=soon", "success=maybe"]) {
    assert.equal((await gateway.call(`${LOGS}?${bad}`)).status, 400, bad);
  }
});

test("newest first, ties by id, and pages neither repeat nor skip", async (t) => {
  const logs = Array.from({ length: 57 }, (_, index) =>
    logAt(minute(Math.floor(index / 10)), { id: `log-${String((index * 7) % 57).padStart(2, "0")}` }),
  );
  const gateway = await serve(t, logs);
  const expected = logs
    .toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt) || ((a.id ?? "") < (b.id ?? "") ? 1 : -1))
    .map((log) => log.id);
  const seen: unknown[] = [];
  for (let page = 1; page <= 7; page++) seen.push(...ids(await gateway.rows({ page, per_page: 10 })));
  assert.deepEqual(seen, expected);
  assert.equal((await gateway.rows({})).length, 20);
  const oldest = ids(await gateway.rows({ per_page: 50, order_by: "created_at", order_by_direction: "asc" }));
  assert.deepEqual(oldest, expected.toReversed().slice(0, 50));
  assert.deepEqual(ids(await gateway.rows({ per_page: 50, direction: "asc" })), oldest);
});

test("any of the order keys", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { id: "a", provider: "groq", model: "m2", cost: 3, tokensIn: 1, durationMs: 10, feedback: 1 }),
    logAt(minute(1), {
      id: "b",
      provider: "openai",
      model: "m1",
      cost: 20,
      tokensIn: 100,
      durationMs: 9,
      success: false,
    }),
    logAt(minute(2), {
      id: "c",
      provider: "azure-openai",
      model: "m3",
      tokensIn: 20,
      durationMs: 100,
      feedback: -1,
      cached: true,
    }),
  ]);
  for (const [key, expected] of [
    ["provider", "c,a,b"],
    ["model", "b,a,c"],
    ["success", "b,a,c"],
    ["cached", "a,b,c"],
    ["cost", "c,a,b"],
    ["tokens_in", "a,c,b"],
    ["tokens_out", "a,b,c"],
    ["duration", "b,a,c"],
    ["feedback", "b,c,a"],
    ["model_type", "a,b,c"],
  ] as const) {
    const up = ids(await gateway.rows({ order_by: key, order_by_direction: "asc" })).join();
    assert.equal(up, expected, key);
    const down = ids(await gateway.rows({ order_by: key, order_by_direction: "desc" })).join();
    assert.equal(down, expected.split(",").reverse().join(), key);
  }
});

test("created_at compares with the whole second of the value", async (t) => {
  const gateway = await serve(t, [
    logAt("2026-11-20T10:00:20.000Z", { id: "start" }),
    logAt("2026-11-20T10:00:20.710Z", { id: "inside" }),
    logAt("2026-11-20T10:00:21.000Z", { id: "next" }),
  ]);
  const found = async (operator: string, ...value: string[]) =>
    ids(await gateway.filtered({ key: "created_at", operator, value }))
      .sort()
      .join();
  assert.equal(await found("gt", "2026-11-20T10:00:20.999Z"), "inside,next");
  assert.equal(await found("lt", "2026-11-20T10:00:20.999Z"), "");
  assert.equal(await found("lt", "2026-11-20T10:00:21.500Z"), "inside,start");
  assert.equal(await found("eq", "2026-11-20T10:00:20.300Z"), "inside,start");
  assert.equal(await found("neq", "2026-11-20T10:00:20.300Z"), "next");
  assert.equal(await found("eq", "2026-11-20T10:00:20Z", "2026-11-20T10:00:21Z"), "inside,next,start");
  assert.equal(await found("contains", "10:00:20"), "inside,start");
  assert.equal(await found("gt", "2026-11-20T12:00:19+02:00"), "inside,next,start");
});

test("metadata.key and metadata.value are not paired", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { id: "other-key", metadata: { tenant: "blue", owner: "X" } }),
    logAt(minute(1), { id: "pair", metadata: { tenant: "X" } }),
    logAt(minute(2), { id: "no-key", metadata: { owner: "X" } }),
    logAt(minute(3), { id: "none" }),
  ]);
  const key = { key: "metadata.key", operator: "eq", value: ["tenant"] };
  const value = { key: "metadata.value", operator: "eq", value: ["X"] };
  assert.deepEqual(ids(await gateway.filtered(key, value)), ["pair", "other-key"]);
  assert.deepEqual(ids(await gateway.filtered({ ...key, operator: "neq" })), ["none", "no-key"]);
  assert.deepEqual(ids(await gateway.filtered({ ...key, value: ["tenant", "owner"] })), [
    "no-key",
    "pair",
    "other-key",
  ]);
  assert.deepEqual(ids(await gateway.filtered({ ...key, value: [null] })), ["none"]);
});

test("search is partial, whatever the case, over path, model, provider and metadata", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { id: "path", path: "v1/Messages" }),
    logAt(minute(1), { id: "model", model: "Claude-Opus" }),
    logAt(minute(2), { id: "provider", provider: "workers-ai" }),
    logAt(minute(3), { id: "metadata", metadata: { note: "50%_off" } }),
    logAt(minute(4), { id: "body", request: "opus in the body" }),
  ]);
  for (const [text, expected] of [
    ["messages", "path"],
    ["OPUS", "model"],
    ["Workers", "provider"],
    ["50%_OFF", "metadata"],
    ["%", "metadata"],
    ["_", "metadata"],
    ["note", "metadata"],
    ["\\", ""],
  ] as const) {
    assert.equal(ids(await gateway.rows({ search: text })).join(), expected, text);
  }
  assert.equal((await gateway.rows({ search: "" })).length, 5);
});

test("the deprecated parameters still work, their bounds included", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), {
      id: "a",
      provider: "groq",
      success: false,
      cost: 1,
      tokensIn: 10,
      tokensOut: 5,
      durationMs: 100,
    }),
    logAt(minute(1), {
      id: "b",
      cached: true,
      feedback: 1,
      model: "m",
      modelType: "chat",
      cost: 2,
      tokensIn: 20,
      durationMs: 200,
    }),
    logAt(minute(2), {
      id: "c",
      requestContentType: "text/plain",
      responseContentType: "image/png",
      tokensOut: 30,
      durationMs: 300,
    }),
  ]);
  for (const [parameters, expected] of [
    [{ success: "false" }, "a"],
    [{ cached: "true" }, "b"],
    [{ feedback: 1 }, "b"],
    [{ provider: "groq" }, "a"],
    [{ model: "m" }, "b"],
    [{ model_type: "chat" }, "b"],
    [{ request_content_type: "text/plain" }, "c"],
    [{ response_content_type: "image/png" }, "c"],
    [{ min_cost: 1 }, "b,a"],
    [{ max_cost: 1 }, "a"],
    [{ min_duration: 200, max_duration: 200 }, "b"],
    [{ min_tokens_in: 20 }, "b"],
    [{ max_tokens_out: 5 }, "a"],
    [{ min_total_tokens: 15, max_total_tokens: 20 }, "b,a"],
    [{ start_date: "2026-11-01T00:01:00Z" }, "c,b"],
    [{ end_date: "2026-11-01T00:01:00Z" }, "b,a"],
  ] as const) {
    assert.equal(ids(await gateway.rows(parameters)).join(), expected, JSON.stringify(parameters));
  }
});

test("meta_info adds the bounds of what was found", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { cost: 1, tokensIn: 10, tokensOut: 5, durationMs: 100 }),
    logAt(minute(1), { cost: 0.5, tokensIn: 20, durationMs: 300 }),
    logAt(minute(2), { provider: "groq", durationMs: 9000 }),
  ]);
  const filters = JSON.stringify([{ key: "provider", operator: "eq", value: ["openai"] }]);
  const { json } = await gateway.call(`${LOGS}?${query({ meta_info: "true", filters })}`);
  assert.deepEqual(json.result_info, {
    count: 2,
    page: 1,
    per_page: 20,
    total_count: 2,
    min_cost: 0.5,
    max_cost: 1,
    min_duration: 100,
    max_duration: 300,
    min_tokens_in: 10,
    max_tokens_in: 20,
    min_tokens_out: 5,
    max_tokens_out: 5,
    min_total_tokens: 15,
    max_total_tokens: 20,
  });
});
