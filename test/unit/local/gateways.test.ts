import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, logAt, serve } from "./served.ts";

const GATEWAYS = `/accounts/${ACCOUNT}/ai-gateway/gateways`;

test("gateways are paged, searched by id, and answered without errors or messages", async (t) => {
  const gateway = await serve(t);
  for (let index = 0; index < 25; index++) {
    const id = `team-${String(index).padStart(2, "0")}`;
    gateway.store.addGateway({
      sourceId: ACCOUNT,
      id,
      createdAt: new Date(2026, 0, 1, 0, index),
      collectLogs: index !== 0,
    });
  }
  const first = await gateway.call(GATEWAYS);
  assert.deepEqual(Object.keys(first.json).sort(), ["result", "result_info", "success"]);
  assert.deepEqual(first.json.result_info, { count: 20, page: 1, per_page: 20, total_count: 26 });
  const second = await gateway.call(`${GATEWAYS}?page=2&per_page=20`);
  assert.equal((second.json.result as unknown[]).length, 6);
  const found = await gateway.call(`${GATEWAYS}?search=eam-00&per_page=100`);
  const [only] = found.json.result as Record<string, unknown>[];
  assert.equal(found.json.result_info?.["total_count"], 1);
  assert.equal(only?.["id"], "team-00");
  assert.equal(only["collect_logs"], false);
  for (const member of ["cache_ttl", "created_at", "modified_at", "rate_limiting_limit"])
    assert.ok(member in only, member);
  for (const bad of ["per_page=101", "per_page=0", "page=0", "page=x", "per_page=1.5"]) {
    const { status, json } = await gateway.call(`${GATEWAYS}?${bad}`);
    assert.equal(status, 400, bad);
    assert.equal(json.errors?.[0]?.code, 7001);
  }
});

test("one gateway by id, or 404 with code 7002", async (t) => {
  const gateway = await serve(t);
  const found = await gateway.call(`${GATEWAYS}/shop`);
  assert.equal((found.json.result as { id: string }).id, "shop");
  const missing = await gateway.call(`${GATEWAYS}/none`);
  assert.equal(missing.status, 404);
  assert.deepEqual(missing.json, { errors: [{ code: 7002, message: "Not Found" }], success: false });
});

test("accounts carry the generic envelope and at least five a page", async (t) => {
  const gateway = await serve(t);
  const { json } = await gateway.call("/accounts?per_page=50");
  assert.deepEqual(json.errors, []);
  assert.deepEqual(json.messages, []);
  const [account] = json.result as Record<string, unknown>[];
  assert.equal(account?.["id"], ACCOUNT);
  assert.equal(account["name"], "Shop");
  assert.equal((await gateway.call("/accounts?per_page=4")).status, 400);
});

const SETTINGS = {
  cache_invalidate_on_update: true,
  cache_ttl: null,
  collect_logs: false,
  rate_limiting_interval: 60,
  rate_limiting_limit: 10,
};

test("a gateway is made, changed and removed with its logs", async (t) => {
  let now = Date.parse("2026-11-01T00:00:00Z");
  const gateway = await serve(t, [], { now: () => now, deleteDelayMs: 600_000 });
  const send = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await gateway.call(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status, result: json.result as Record<string, unknown>, error: json.errors?.[0] };
  };
  const made = await send("POST", GATEWAYS, { id: "beta", ...SETTINGS, zdr: true, nonsense: 1 });
  assert.equal(made.status, 200);
  assert.equal(made.result["id"], "beta");
  assert.equal(made.result["collect_logs"], false);
  assert.equal(made.result["zdr"], true);
  assert.ok(!("nonsense" in made.result));
  now += 60_000;
  const changed = await send("PUT", `${GATEWAYS}/beta`, { ...SETTINGS, collect_logs: true });
  assert.equal(changed.result["collect_logs"], true);
  assert.equal(changed.result["zdr"], undefined, "all settings are given anew");
  assert.equal(changed.result["created_at"], "2026-11-01T00:00:00.000Z");
  assert.equal(changed.result["modified_at"], "2026-11-01T00:01:00.000Z");
  gateway.store.insert([logAt(now, { collectionId: "beta", id: "a" }), logAt(now, { collectionId: "beta", id: "b" })]);
  gateway.store.insert([logAt(now, { id: "kept" })]);
  await send("DELETE", `${GATEWAYS}/beta/logs?limit=1`);
  assert.deepEqual((await send("DELETE", `${GATEWAYS}/beta`)).result, changed.result);
  await gateway.settled();
  assert.equal((await send("GET", `${GATEWAYS}/beta`)).status, 404);
  assert.equal((await gateway.call(`${GATEWAYS}/beta/logs`)).json.result_info?.["total_count"], 0);
  await send("POST", GATEWAYS, { id: "beta", ...SETTINGS });
  assert.equal((await gateway.call(`${GATEWAYS}/beta/logs`)).json.result_info?.["total_count"], 0);
  assert.deepEqual(
    (await gateway.rows({})).map((row) => row["id"]),
    ["kept"],
  );
});

test("a gateway that makes no sense is a 400 that says where", async (t) => {
  const gateway = await serve(t);
  for (const [body, path] of [
    [{ ...SETTINGS }, ["id"]],
    [{ id: "Not Allowed", ...SETTINGS }, ["id"]],
    [{ id: "x".repeat(65), ...SETTINGS }, ["id"]],
    [{ id: "shop", ...SETTINGS }, ["id"]],
    [{ id: "a", ...SETTINGS, cache_ttl: -1 }, ["cache_ttl"]],
    [{ id: "a", ...SETTINGS, collect_logs: null }, ["collect_logs"]],
    [{ id: "a", ...SETTINGS, rate_limiting_limit: undefined }, ["rate_limiting_limit"]],
    [[], []],
  ] as const) {
    const { status, json } = await gateway.call(GATEWAYS, { method: "POST", body: JSON.stringify(body) });
    assert.equal(status, 400, JSON.stringify(body));
    const [error] = json.errors as unknown as { code: number; path: string[] }[];
    assert.deepEqual([error?.code, error?.path], [7001, path]);
  }
  assert.equal((await gateway.call(`${GATEWAYS}/shop`, { method: "PUT", body: "{" })).status, 400);
});
