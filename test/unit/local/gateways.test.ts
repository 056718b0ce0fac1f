import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, serve } from "./served.ts";

const GATEWAYS = `/accounts/${ACCOUNT}/ai-gateway/gateways`;

test("gateways are paged, searched by id, and answered without errors or messages", async (t) => {
  const gateway = await serve(t);
  for (let index = 0; index < 25; index++) {
    const id = `team-${String(index).padStart(2, "0")}`;
    gateway.store.addGateway({
      accountId: ACCOUNT,
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
