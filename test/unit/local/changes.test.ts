import assert from "node:assert/strict";
import { test } from "node:test";
import { LOGS, logAt, query, serve } from "./served.ts";

const NOT_FOUND = { errors: [{ code: 7002, message: "Not Found" }], success: false };

const minute = (index: number) => Date.parse("2026-11-01T00:00:00Z") + index * 60_000;

test("PATCH answers an empty result, and what it changed can be read and filtered", async (t) => {
  const gateway = await serve(t, [
    logAt(minute(0), { id: "a", metadata: { team: "blue", n: 1 } }),
    logAt(minute(1), { id: "b" }),
  ]);
  const patch = (body: unknown) => gateway.call(`${LOGS}/a`, { method: "PATCH", body: JSON.stringify(body) });
  const read = async () => (await gateway.call(`${LOGS}/a`)).json.result as Record<string, unknown>;
  const answer = await patch({ feedback: -1, score: 40 });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { success: true, result: {} });
  let log = await read();
  assert.deepEqual([log["feedback"], log["score"], log["metadata"]], [-1, 40, { team: "blue", n: 1 }]);
  const rated = await gateway.filtered({ key: "feedback", operator: "eq", value: [-1] });
  assert.deepEqual(
    rated.map((row) => row["id"]),
    ["a"],
  );
  await patch({ metadata: { team: "red", ok: true } });
  log = await read();
  assert.deepEqual(log["metadata"], { team: "red", ok: true }, "metadata is replaced whole");
  assert.equal((await gateway.filtered({ key: "metadata.value", operator: "eq", value: ["blue"] })).length, 0);
  assert.equal((await gateway.filtered({ key: "metadata.value", operator: "eq", value: ["red"] })).length, 1);
  await patch({ feedback: null, score: null, metadata: null });
  log = await read();
  assert.deepEqual([log["feedback"], log["score"], log["metadata"]], [null, null, null]);
  assert.equal((await gateway.filtered({ key: "feedback", operator: "eq", value: [null] })).length, 2);
  assert.equal((await gateway.call(`${LOGS}/a`, { method: "PATCH" })).status, 200, "an empty body changes nothing");
});

test("PATCH refuses what is out of bounds and leaves the log as it was", async (t) => {
  const gateway = await serve(t, [logAt(minute(0), { id: "a", feedback: 1 })]);
  for (const body of [
    '{"feedback":2}',
    '{"feedback":-1.1}',
    '{"feedback":"1"}',
    '{"score":101}',
    '{"score":-1}',
    '{"feedback":-1,"metadata":{"a":{}}}',
    '{"metadata":{"a":null}}',
    '{"metadata":[]}',
    "[]",
    "{",
  ]) {
    const { status, json } = await gateway.call(`${LOGS}/a`, { method: "PATCH", body });
    assert.equal(status, 400, body);
    assert.equal(json.errors?.[0]?.code, 7001, body);
    assert.equal(json.result, null);
  }
  const { json } = await gateway.call(`${LOGS}/a`);
  assert.equal((json.result as Record<string, unknown>)["feedback"], 1);
  const missing = await gateway.call(`${LOGS}/none`, { method: "PATCH", body: "{}" });
  assert.equal(missing.status, 404);
  assert.deepEqual(missing.json, NOT_FOUND);
});

const TEN = Array.from({ length: 10 }, (_, index) =>
  logAt(minute(index), { id: `log-${index}`, provider: index < 4 ? "groq" : "openai", cost: index }),
);

test("DELETE answers before the logs go, and total_count follows last", async (t) => {
  let now = 1_000_000_000_000;
  const gateway = await serve(t, TEN, { now: () => now, keepTotalsMs: 5000, deleteDelayMs: 0 });
  const filters = JSON.stringify([{ key: "provider", operator: "eq", value: ["groq"] }]);
  const answer = await gateway.call(`${LOGS}?${query({ filters, limit: 100 })}`, { method: "DELETE" });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { success: true });
  await gateway.settled();
  const stale = await gateway.call(LOGS);
  assert.equal((stale.json.result as unknown[]).length, 6, "the rows are gone");
  assert.equal(stale.json.result_info?.["count"], 6);
  assert.equal(stale.json.result_info["total_count"], 10, "the total is not yet");
  const staleFound = await gateway.call(`${LOGS}?${query({ filters })}`);
  assert.equal(staleFound.json.result_info?.["total_count"], 4);
  now += 5000;
  assert.equal((await gateway.call(LOGS)).json.result_info?.["total_count"], 6);
  assert.equal((await gateway.call(`${LOGS}?${query({ filters })}`)).json.result_info?.["total_count"], 0);
  assert.equal((await gateway.call(`${LOGS}/log-0`)).status, 404);
});

test("DELETE takes the oldest first unless told otherwise, up to the limit", async (t) => {
  const gateway = await serve(t, TEN, { deleteDelayMs: 0 });
  const left = async () => (await gateway.rows({ per_page: 50 })).map((row) => row["id"]);
  await gateway.call(`${LOGS}?limit=2`, { method: "DELETE" });
  await gateway.settled();
  assert.deepEqual(await left(), ["log-9", "log-8", "log-7", "log-6", "log-5", "log-4", "log-3", "log-2"]);
  await gateway.call(`${LOGS}?limit=2&order_by=cost&order_by_direction=desc`, { method: "DELETE" });
  await gateway.settled();
  assert.deepEqual(await left(), ["log-7", "log-6", "log-5", "log-4", "log-3", "log-2"]);
});

test("DELETE with filters it does not understand takes everything, as the live API may", async (t) => {
  for (const form of [
    "filters.key=id&filters.operator=eq&filters.value=log-1",
    "filters%5B0%5D%5Bkey%5D=id&filters%5B0%5D%5Boperator%5D=eq&filters%5B0%5D%5Bvalue%5D=log-1",
    "filters=nonsense",
  ]) {
    const gateway = await serve(t, TEN, { deleteDelayMs: 0 });
    assert.equal((await gateway.call(`${LOGS}?${form}`, { method: "DELETE" })).status, 200);
    await gateway.settled();
    assert.deepEqual(await gateway.rows({}), [], form);
  }
});

test("DELETE refuses a limit out of bounds and unknown keys", async (t) => {
  const gateway = await serve(t, TEN, { deleteDelayMs: 0 });
  const unknownKey = query({ filters: JSON.stringify([{ key: "ids", operator: "eq", value: ["x"] }]) });
  for (const bad of ["limit=0", "limit=10001", "limit=many", "order_by=path", "order_by_direction=up", unknownKey]) {
    const { status, json } = await gateway.call(`${LOGS}?${bad}`, { method: "DELETE" });
    assert.equal(status, 400, bad);
    assert.equal(json.errors?.[0]?.code, 7001);
  }
  await gateway.settled();
  assert.equal((await gateway.rows({})).length, 10);
});

test("deletions still waiting are done when the gateway closes", async (t) => {
  const gateway = await serve(t, TEN, { deleteDelayMs: 600_000 });
  await gateway.call(`${LOGS}?limit=3`, { method: "DELETE" });
  assert.equal((await gateway.rows({})).length, 10);
  await gateway.close();
  const all = { conditions: [], orderBy: "created_at", direction: "asc" } as const;
  assert.equal(
    gateway.store.count({ sourceId: TEN[0]?.sourceId ?? "", collectionId: "shop" }, { ...all, conditions: [] }),
    7,
  );
});
