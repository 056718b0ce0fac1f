// Our own client on the local gateway's audit log.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  AUDIT_FILTERS,
  listAuditHistory,
  listAuditLogs,
  listProductCategories,
  type AuditFilter,
} from "../../../src/sources/cloudflare/audit/calls.ts";
import { parseAuditEntry, parseAuditInfo, parseProductCategory } from "../../../src/sources/cloudflare/audit/schema.ts";
import { Caller } from "../../../src/sources/cloudflare/http/call.ts";
import { SourceError, type ErrorReason } from "../../../src/source/errors.ts";
import { AUDIT_FIELD_NAMES } from "../../../src/local/audit/filters.ts";
import { ACCOUNT, LOGS, logAt, serve } from "../local/served.ts";

const START = Date.parse("2026-11-10T00:00:00Z");
const WINDOW = { since: new Date(START), before: "2026-12-01" };

async function start(t: TestContext) {
  const local = await serve(t, [logAt(START, { id: "a" })], {
    now: () => START + 1000,
    tokens: [{ value: "gateway", kind: "user", permissions: ["ai-gateway:read"] }],
  });
  const caller = (token: string) => new Caller({ baseUrl: local.baseUrl, token: () => Promise.resolve(token) });
  return { local, refused: caller("gateway"), caller: caller(local.token) };
}

const isError = (reason: ErrorReason, words: RegExp) => (error: unknown) =>
  error instanceof SourceError && error.reason === reason && words.test(error.message);

test("an entry with everything, in our words", async (t) => {
  const { local, caller } = await start(t);
  await local.call(`${LOGS}/a`, { method: "PATCH", body: '{"score":7}' });
  const { entries, ...rest } = await listAuditLogs(caller, ACCOUNT, WINDOW);
  assert.deepEqual(rest, { malformed: 0, count: 1 });
  const [entry] = entries;
  assert.ok(entry);
  const { raw, ...told } = entry;
  assert.deepEqual(told, {
    id: raw["id"],
    time: new Date(START + 1000),
    account: { id: ACCOUNT, name: "Shop" },
    action: { type: "update", result: "success", description: "Update log" },
    actor: {
      id: told.actor.id,
      type: "user",
      context: "api_token",
      ipAddress: "127.0.0.1",
      tokenId: told.actor.tokenId,
    },
    resource: {
      id: "a",
      type: "ai_gateway.log",
      product: "ai_gateway",
      scope: "accounts",
      request: { score: 7 },
      response: {},
    },
    call: { method: "PATCH", uri: `${LOGS}/a`, statusCode: 200, rayId: told.call.rayId, userAgent: "node" },
    zone: {},
  });
  assert.match(told.call.rayId ?? "", /^[0-9a-f]{16}$/);
});

test("every filter, as it is and turned around, together with others", async (t) => {
  const { local, caller } = await start(t);
  const value = (name: string, which: string) =>
    ({
      action_result: { one: "success", two: "failure" },
      action_type: { one: "create", two: "delete" },
      actor_context: { one: "dash", two: "oauth" },
      actor_type: { one: "user", two: "account" },
      resource_scope: { one: "zones", two: "user" },
      raw_status_code: { one: "200", two: "201" },
      audit_log_id: { one: "id & one", two: "id & two" },
    })[name]?.[which as "one"] ?? `${name.replace("_log", "")} & ${which}`;
  for (const which of ["one", "two"]) {
    const fields = Object.fromEntries(AUDIT_FIELD_NAMES.map((name) => [name, value(name, which)]));
    local.store.audit.add({ accountId: ACCOUNT, time: new Date(START), fields });
  }
  const ids = async (...filters: AuditFilter[]) =>
    (await listAuditLogs(caller, ACCOUNT, { ...WINDOW, filters })).entries.map(({ id }) => id);
  const [one, two] = ["id & one", "id & two"];
  for (const name of AUDIT_FILTERS) {
    const values: AuditFilter["values"] = [value(name, "one")];
    assert.deepEqual(await ids({ name, values }), [one], name);
    assert.deepEqual(await ids({ name, values, not: true }), [two], name);
    const both: AuditFilter["values"] = [value(name, "one"), value(name, "two")];
    assert.deepEqual(await ids({ name, values: both }), [two, one], name);
    assert.deepEqual(await ids({ name, values: both }, { name: "id", not: true, values: [two] }), [one], name);
  }
  const none = { name: "id", values: [] as string[] } as unknown as AuditFilter;
  await assert.rejects(ids(none), isError("invalid", /filter id/));
});

test("a walk goes on until there is no cursor", async (t) => {
  const { local, caller } = await start(t);
  for (let index = 0; index < 10; index++) {
    local.store.audit.add({ accountId: ACCOUNT, time: new Date(START + index), fields: { id: `e${index}` } });
  }
  for (const limit of [1, 3, 5, 10]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { ...WINDOW, limit, direction: "asc" as const, ...(cursor && { cursor }) };
      const page = await listAuditLogs(caller, ACCOUNT, query);
      assert.equal(page.count, page.entries.length);
      seen.push(...page.entries.map(({ id }) => id));
      ({ cursor } = page);
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      Array.from({ length: 10 }, (_, index) => `e${index}`),
      String(limit),
    );
  }
});

test("product categories, and entries of one", async (t) => {
  const { local, caller } = await start(t);
  const categories = await listProductCategories(caller, ACCOUNT);
  const ai = categories.find(({ products }) => products.some(({ value }) => value === "ai_gateway"));
  assert.equal(ai?.label, "AI");
  for (const product of ["ai_gateway", "accounts", "dns"]) {
    const fields = { id: product, resource_product: product };
    local.store.audit.add({ accountId: ACCOUNT, time: new Date(START), fields });
  }
  const productCategories = [ai.value];
  const found = await listAuditLogs(caller, ACCOUNT, { ...WINDOW, productCategories });
  assert.deepEqual(
    found.entries.map(({ id }) => id),
    ["ai_gateway"],
  );
  const filters: AuditFilter[] = [{ name: "resource_product", values: ["dns"] }];
  assert.equal((await listAuditLogs(caller, ACCOUNT, { ...WINDOW, productCategories, filters })).entries.length, 2);
  const unknown = listAuditLogs(caller, ACCOUNT, { ...WINDOW, productCategories: ["kitchen"] });
  await assert.rejects(unknown, isError("rejected", /kitchen/));
});

test("the history of what an entry is about", async (t) => {
  const { local, caller } = await start(t);
  for (const score of [1, 2]) await local.call(`${LOGS}/a`, { method: "PATCH", body: JSON.stringify({ score }) });
  local.store.audit.add({ accountId: ACCOUNT, time: new Date(START), fields: { id: "bare" } });
  const { entries } = await listAuditLogs(caller, ACCOUNT, WINDOW);
  const [newest, , bare] = entries;
  assert.ok(newest && bare);
  const first = await listAuditHistory(caller, ACCOUNT, newest, { ...WINDOW, limit: 1 });
  assert.equal(first.status, "exact");
  assert.deepEqual(first.entries, [newest]);
  const next = await listAuditHistory(caller, ACCOUNT, newest, { ...WINDOW, limit: 1, cursor: first.cursor ?? "" });
  assert.deepEqual(next.entries[0]?.resource.request, { score: 1 });
  assert.equal(next.cursor, undefined);
  const nothing = await listAuditHistory(caller, ACCOUNT, bare, WINDOW);
  assert.deepEqual(nothing, { entries: [], malformed: 0, count: 0, status: "unavailable" });
  const gone = listAuditHistory(caller, ACCOUNT, { id: "none", time: newest.time }, WINDOW);
  await assert.rejects(gone, isError("notFound", /audit log/));
});

test("without the permission it is forbidden, and a window that makes no sense is rejected in the API's words", async (t) => {
  const { caller, refused } = await start(t);
  await assert.rejects(listAuditLogs(refused, ACCOUNT, WINDOW), isError("forbidden", /Authentication/));
  await assert.rejects(listProductCategories(refused, ACCOUNT), isError("forbidden", /Authentication/));
  await assert.rejects(listAuditLogs(caller, ACCOUNT, { ...WINDOW, since: "" }), isError("rejected", /since/));
  await assert.rejects(listAuditLogs(caller, ACCOUNT, { ...WINDOW, limit: 1001 }), isError("rejected", /limit/));
});

test("what is empty, null, left out or of another type is absent; only an id and a time must be there", () => {
  const least = { id: "a", action: { time: "2026-11-20T12:00:00Z" } };
  const bare = {
    id: "a",
    time: new Date("2026-11-20T12:00:00Z"),
    account: {},
    action: {},
    actor: {},
    resource: {},
    call: {},
    zone: {},
  };
  assert.deepEqual(parseAuditEntry(least), { ...bare, raw: least });
  const odd = {
    ...least,
    action: { ...least.action, result: "", type: "", description: null },
    account: null,
    actor: { id: 7, email: "" },
    resource: { scope: 3, request: null },
    raw: "nothing",
    zone: [],
    more: 1,
  };
  assert.deepEqual(parseAuditEntry(odd), { ...bare, raw: odd });
  assert.deepEqual(parseAuditEntry({ ...least, resource: { scope: { kind: "zones" } } })?.resource.scope, {
    kind: "zones",
  });
  assert.equal(parseAuditEntry({ ...least, raw: { status_code: "204" } })?.call.statusCode, 204);
  for (const bad of [null, "a", {}, { ...least, id: "" }, { id: "a" }, { id: "a", action: { time: "never" } }]) {
    assert.equal(parseAuditEntry(bad), undefined, JSON.stringify(bad));
  }
  assert.deepEqual(parseAuditInfo({ count: 3, cursor: "x" }), { count: 3, cursor: "x" });
  assert.deepEqual(parseAuditInfo({ count: "3", cursor: "" }), { count: 3 });
  for (const none of [null, undefined, "x", { count: "many", cursor: null }])
    assert.deepEqual(parseAuditInfo(none), {});
  assert.equal(parseProductCategory({ label: "x" }), undefined);
  assert.deepEqual(parseProductCategory({ value: "x", products: [{ value: "y" }, null] }), {
    value: "x",
    label: "x",
    products: [{ value: "y", label: "y" }],
  });
});
