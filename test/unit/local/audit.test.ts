import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { NewAuditEntry } from "../../../src/local/audit/trail.ts";
import { ACCOUNT, LOGS, logAt, query, serve, type Served } from "./served.ts";

const AUDIT = `/accounts/${ACCOUNT}/logs/audit`;
const GATEWAYS = `/accounts/${ACCOUNT}/ai-gateway/gateways`;
const START = Date.parse("2026-11-01T00:00:00Z");
const WINDOW = { since: "2026-11-01", before: "2026-12-01" };

type Entry = { id: string } & Record<string, Record<string, unknown>>;
type Info = { count: string; cursor?: string; history_status?: string };

async function entriesOf(gateway: Served, parameters: string | Record<string, string | number> = {}) {
  const search = typeof parameters === "string" ? parameters : query(parameters);
  const { status, json, text } = await gateway.call(`${AUDIT}?${query(WINDOW)}&${search}`);
  assert.equal(status, 200, text);
  return json.result as Entry[];
}

function entryAt(minute: number, fields: NewAuditEntry["fields"], more: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return { accountId: ACCOUNT, time: new Date(START + minute * 60_000), fields, ...more };
}

async function serveEntries(t: TestContext, entries: NewAuditEntry[]): Promise<Served> {
  const gateway = await serve(t);
  for (const entry of entries) gateway.store.audit.add(entry);
  return gateway;
}

const SETTINGS = {
  cache_invalidate_on_update: false,
  cache_ttl: 60,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

test("each change made here is an entry: who, from where, what, on what, and the call", async (t) => {
  let now = Date.parse("2026-11-02T10:00:00Z");
  const gateway = await serve(t, [logAt(START, { id: "a" })], {
    now: () => now,
    deleteDelayMs: 0,
    tokens: [
      { value: "owned", kind: "account", name: "Nightly", permissions: ["ai-gateway:write"] },
      { value: "ann", kind: "user", name: "Ann's", email: "ann@example.com", permissions: ["ai-gateway:write"] },
    ],
  });
  const change = async (token: string, method: string, path: string, body?: unknown) => {
    now += 1000;
    const sent = body === undefined ? { token, method } : { token, method, body: JSON.stringify(body) };
    const answer = await gateway.call(path, sent);
    assert.equal(answer.status, 200, answer.text);
    return answer;
  };
  const patched = await change("ann", "PATCH", `${LOGS}/a`, { feedback: 1 });
  await change("owned", "DELETE", `${LOGS}?limit=1`);
  const created = await change("ann", "POST", GATEWAYS, { id: "beta", ...SETTINGS });
  await change("ann", "PUT", `${GATEWAYS}/beta`, { ...SETTINGS, cache_ttl: 5 });
  await change("ann", "DELETE", `${GATEWAYS}/beta`);
  const entries = await entriesOf(gateway);
  assert.deepEqual(
    entries.map(({ action, resource }) => [action?.["type"], resource?.["type"], resource?.["id"]]),
    [
      ["delete", "ai_gateway.gateway", "beta"],
      ["update", "ai_gateway.gateway", "beta"],
      ["create", "ai_gateway.gateway", "beta"],
      ["delete", "ai_gateway.logs", "shop"],
      ["update", "ai_gateway.log", "a"],
    ],
  );
  const [, , creation, deletion, patch] = entries;
  const actor = patch?.["actor"];
  assert.deepEqual(patch, {
    id: patch?.id,
    account: { id: ACCOUNT, name: "Shop" },
    action: { description: "Update log", result: "success", time: "2026-11-02T10:00:01.000Z", type: "update" },
    actor: {
      id: actor?.["id"],
      context: "api_token",
      email: "ann@example.com",
      ip_address: "127.0.0.1",
      token_id: actor?.["token_id"],
      token_name: "Ann's",
      type: "user",
    },
    raw: {
      cf_ray_id: patched.headers.get("cf-ray")?.slice(0, 16),
      method: "PATCH",
      status_code: 200,
      uri: `${LOGS}/a`,
      user_agent: "node",
    },
    resource: {
      id: "a",
      product: "ai_gateway",
      request: { feedback: 1 },
      response: {},
      scope: "accounts",
      type: "ai_gateway.log",
    },
  });
  assert.match(patch.id, /^[0-9a-f]{32}$/);
  assert.match(String(actor?.["token_id"]), /^[0-9a-f]{32}$/);
  assert.deepEqual(creation?.["resource"]?.["response"], created.json.result);
  assert.equal(deletion?.["raw"]?.["uri"], `${LOGS}?limit=1`);
  assert.equal(deletion["actor"]?.["type"], "account");
  assert.equal(deletion["actor"]["id"], ACCOUNT);
  assert.ok(!JSON.stringify(entries).includes("owned"), "no entry holds a token");
});

test("views, refused calls and changes that fail leave no entry", async (t) => {
  const gateway = await serve(t, [logAt(START, { id: "a" })], {
    now: () => START + 1000,
    tokens: [{ value: "reads", kind: "user", permissions: ["ai-gateway:read"] }],
  });
  await gateway.call(LOGS);
  for (const [method, path, body, token, status] of [
    ["PATCH", `${LOGS}/a`, '{"score":101}', gateway.token, 400],
    ["PATCH", `${LOGS}/none`, "{}", gateway.token, 404],
    ["PATCH", `${LOGS}/a`, "{}", "reads", 403],
    ["DELETE", `${LOGS}?limit=0`, undefined, gateway.token, 400],
    ["POST", GATEWAYS, '{"id":"x"}', gateway.token, 400],
    ["PUT", `${GATEWAYS}/none`, JSON.stringify(SETTINGS), gateway.token, 404],
    ["DELETE", `${GATEWAYS}/none`, undefined, gateway.token, 404],
  ] as const) {
    const answer = await gateway.call(path, { method, token, ...(body !== undefined && { body }) });
    assert.equal(answer.status, status, `${method} ${path}`);
  }
  const add = gateway.store.audit.add.bind(gateway.store.audit);
  gateway.store.audit.add = () => {
    throw new Error("full");
  };
  assert.equal((await gateway.call(`${LOGS}/a`, { method: "PATCH", body: '{"score":7}' })).status, 500);
  gateway.store.audit.add = add;
  const { json } = await gateway.call(`${LOGS}/a`);
  assert.equal((json.result as Record<string, unknown>)["score"], null, "what cannot be kept is not done");
  assert.deepEqual(await entriesOf(gateway), []);
});

test("the audit log asks for its own permission", async (t) => {
  const gateway = await serve(t, [], {
    tokens: [
      { value: "gateway", kind: "user", permissions: ["ai-gateway:read", "ai-gateway:write", "accounts:read"] },
      { value: "audit", kind: "user", permissions: ["account-settings:read"] },
    ],
  });
  for (const path of [`${AUDIT}?${query(WINDOW)}`, `${AUDIT}/product_categories`, `${AUDIT}/x/history`]) {
    const refused = await gateway.call(path, { token: "gateway" });
    assert.equal(refused.status, 403, path);
    assert.equal(refused.json.errors?.[0]?.message, "Authentication error");
    assert.notEqual((await gateway.call(path, { token: "audit" })).status, 403, path);
  }
  assert.equal((await gateway.call(LOGS, { token: "audit" })).status, 403);
});

test("what is missing or out of bounds is a 400 in the audit log's own envelope", async (t) => {
  const gateway = await serve(t);
  const window = query(WINDOW);
  for (const [search, named] of [
    ["before=2026-11-02", "since"],
    ["since=2026-11-02", "before"],
    ["since=&before=2026-11-02", "since"],
    ["since=yesterday&before=2026-11-02", "since"],
    ["since=2026-11-01&before=2026-13-02", "before"],
    ["since=2026-11-01&before=2026-11-02T10:00:00", "before"],
    [`${window}&limit=0`, "limit"],
    [`${window}&limit=1001`, "limit"],
    [`${window}&limit=1.5`, "limit"],
    [`${window}&limit=`, "limit"],
    [`${window}&direction=up`, "direction"],
    [`${window}&cursor=nonsense`, "cursor"],
    [`${window}&action_type=paint`, "action_type"],
    [`${window}&actor_context.not=telnet`, "actor_context"],
    [`${window}&raw_status_code=ok`, "raw_status_code"],
    [`${window}&product_category=kitchen`, "product_category"],
  ] as const) {
    const { status, json } = await gateway.call(`${AUDIT}?${search}`);
    assert.equal(status, 400, search);
    const message = json.errors?.[0]?.message ?? "";
    assert.match(message, new RegExp(`\\b${named}\\b`), search);
    assert.deepEqual(json, { errors: [{ message }], messages: [{ message }], success: false });
  }
});

test("the window is since, included, to before, excluded; a date is midnight UTC", async (t) => {
  const gateway = await serveEntries(t, [
    entryAt(-1, { id: "before" }),
    entryAt(0, { id: "midnight" }),
    entryAt(1, { id: "later" }),
  ]);
  const ids = async (window: Record<string, string>) => {
    const { json } = await gateway.call(`${AUDIT}?${query(window)}`);
    return (json.result as Entry[]).map(({ id }) => id);
  };
  assert.deepEqual(await ids({ since: "2026-11-01", before: "2026-11-02" }), ["later", "midnight"]);
  assert.deepEqual(await ids({ since: "2026-10-31", before: "2026-11-01" }), ["before"]);
  assert.deepEqual(await ids({ since: "2026-11-01T01:00:00+01:00", before: "2026-11-01T00:01:00Z" }), ["midnight"]);
});

const FIELDS = {
  account_name: ["Shop", "Other"],
  action_result: ["success", "failure"],
  action_type: ["create", "delete"],
  actor_context: ["dash", "api_key"],
  actor_email: ["a@example.com", "b+c@example.com"],
  actor_id: ["1", "2"],
  actor_ip_address: ["127.0.0.1", "::1"],
  actor_token_id: ["t1", "t2"],
  actor_token_name: ["Ann's token", "b & c"],
  actor_type: ["user", "system"],
  raw_cf_ray_id: ["r1", "r2"],
  raw_method: ["GET", "PUT"],
  raw_status_code: ["200", "404"],
  raw_uri: ["/a?b=c", "/d"],
  resource_id: ["x", "y"],
  resource_product: ["ai_gateway", "accounts"],
  resource_scope: ["accounts", "zones"],
  resource_type: ["p", "q"],
  zone_id: ["z1", "z2"],
  zone_name: ["example.com", "example.org"],
} as const;

test("every filter and its twin: the same value, any of several, none of them", async (t) => {
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  const fieldsAt = (index: 0 | 1) => Object.fromEntries(names.map((name) => [name, FIELDS[name][index]]));
  const gateway = await serveEntries(t, [
    entryAt(1, { id: "one", ...fieldsAt(0) }),
    entryAt(2, { id: "two", ...fieldsAt(1) }),
    entryAt(3, { id: "bare" }),
  ]);
  const ids = async (...pairs: [string, string][]) =>
    (await entriesOf(gateway, new URLSearchParams(pairs).toString())).map(({ id }) => id);
  for (const name of names) {
    const [first, second] = FIELDS[name];
    assert.deepEqual(await ids([name, first]), ["one"], name);
    assert.deepEqual(await ids([name, first], [name, second]), ["two", "one"], name);
    assert.deepEqual(await ids([`${name}.not`, first]), ["bare", "two"], name);
    assert.deepEqual(await ids([`${name}.not`, first], [`${name}.not`, second]), ["bare"], name);
    assert.deepEqual(await ids([name, first], [`${name}.not`, first]), [], name);
  }
  for (const name of ["id", "audit_log_id"]) {
    assert.deepEqual(await ids([name, "two"]), ["two"], name);
    assert.deepEqual(await ids([`${name}.not`, "two"]), ["bare", "one"], name);
  }
  assert.deepEqual(await ids(["product_category", "AI"]), ["one"]);
  assert.deepEqual(await ids(["product_category", "ai"], ["resource_product", "accounts"]), ["two", "one"]);
  assert.deepEqual(await ids(["product_category", "ai"], ["resource_product.not", "ai_gateway"]), []);
});

test("a walk by cursor sees each entry once, also those of the same moment and while new ones come", async (t) => {
  const entries = Array.from({ length: 250 }, (_, index) =>
    entryAt(Math.floor(index / 7), { id: `e${index}`, action_type: index % 2 === 0 ? "create" : "delete" }),
  );
  const gateway = await serveEntries(t, entries);
  for (const direction of ["asc", "desc"]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const parameters = { ...WINDOW, direction, limit: 9, action_type: "create", ...(cursor && { cursor }) };
      const { json } = await gateway.call(`${AUDIT}?${query(parameters)}`);
      const info = json.result_info as unknown as Info;
      const rows = json.result as Entry[];
      assert.equal(info.count, String(rows.length));
      seen.push(...rows.map(({ id }) => id));
      ({ cursor } = info);
      if (direction === "desc") gateway.store.audit.add(entryAt(500 + seen.length, { action_type: "create" }));
    } while (cursor);
    const expected = entries.map(({ fields }) => fields).filter((fields) => fields.action_type === "create");
    const ids = expected.map(({ id }) => id);
    assert.deepEqual(seen, direction === "asc" ? ids : ids.toReversed());
  }
});

test("a hundred entries a page, newest first; the count is a text; a single page has no cursor", async (t) => {
  const gateway = await serveEntries(
    t,
    Array.from({ length: 101 }, (_, index) => entryAt(index, { id: `e${index}` })),
  );
  const page = async (search: string) => {
    const { json } = await gateway.call(`${AUDIT}?${query(WINDOW)}${search}`);
    return { rows: json.result as Entry[], info: json.result_info as unknown as Info };
  };
  const first = await page("");
  assert.equal(first.rows.length, 100);
  assert.equal(first.rows[0]?.id, "e100");
  assert.equal(first.info.count, "100");
  const second = await page(`&cursor=${first.info.cursor}`);
  assert.deepEqual(second.info, { count: "1", cursor: "" });
  assert.deepEqual((await page("&limit=1000")).info, { count: "101" });
});

test("product categories name their products", async (t) => {
  const gateway = await serve(t);
  const { json } = await gateway.call(`${AUDIT}/product_categories`);
  const categories = json.result as { value: string; products: { value: string; label: string }[] }[];
  const ai = categories.find(({ value }) => value === "ai");
  assert.ok(ai?.products.some(({ value, label }) => value === "ai_gateway" && label === "AI Gateway"));
});

test("a history is of the resource's address, else of its id, type and product, else not to be had", async (t) => {
  const made = { raw_method: "POST", raw_uri: GATEWAYS, resource_id: "beta", resource_type: "g" };
  const gateway = await serveEntries(t, [
    entryAt(1, { id: "create", ...made }),
    entryAt(2, { id: "other", ...made, resource_id: "gamma" }),
    entryAt(3, { id: "update", raw_method: "PUT", raw_uri: `${GATEWAYS}/beta?x=1`, resource_id: "beta" }),
    entryAt(4, { id: "loose", resource_id: "beta", resource_type: "g" }),
    entryAt(5, { id: "nothing" }),
  ]);
  const history = async (id: string, more: Record<string, string> = {}) => {
    const parameters = { ...WINDOW, action_time: "2026-11-01T00:04:00Z", ...more };
    const { status, json } = await gateway.call(`${AUDIT}/${id}/history?${query(parameters)}`);
    if (status !== 200) return status;
    const { history_status: found } = json.result_info as unknown as Info;
    return [found, ...(json.result as Entry[]).map((entry) => entry.id)];
  };
  assert.deepEqual(await history("update"), ["exact", "update", "create"]);
  assert.deepEqual(await history("create", { direction: "asc" }), ["exact", "create", "update"]);
  assert.deepEqual(await history("loose"), ["approximate", "loose", "create"]);
  assert.deepEqual(await history("nothing"), ["unavailable"]);
  assert.equal(await history("none"), 404);
  assert.equal(await history("update", { action_time: "2026-11-20T00:00:00Z" }), 404);
  for (const missing of ["since", "before", "action_time"])
    assert.equal(await history("update", { [missing]: "" }), 400);
});

test("a global API key with its address may do everything but verify itself", async (t) => {
  const keys = [{ email: "owner@example.com", key: "the-key" }];
  const gateway = await serve(t, [logAt(START, { id: "a" })], { keys, now: () => START + 1000 });
  const call = async (path: string, headers: Record<string, string>, method = "GET") =>
    fetch(gateway.baseUrl + path, { method, headers });
  const good = { "X-Auth-Email": "owner@example.com", "X-Auth-Key": "the-key" };
  for (const path of ["/accounts", GATEWAYS, LOGS, `${AUDIT}?${query(WINDOW)}`]) {
    assert.equal((await call(path, good)).status, 200, path);
  }
  assert.equal((await call(`${LOGS}/a`, good, "PATCH")).status, 200);
  const [entry] = await entriesOf(gateway);
  assert.equal(entry?.["actor"]?.["context"], "api_key");
  assert.equal(entry["actor"]["email"], "owner@example.com");
  assert.equal(entry["actor"]["token_id"], undefined);
  for (const path of ["/user/tokens/verify", `/accounts/${ACCOUNT}/tokens/verify`]) {
    assert.equal((await call(path, good)).status, 401, path);
  }
  for (const bad of [
    { "X-Auth-Email": "owner@example.com" },
    { "X-Auth-Key": "the-key" },
    { ...good, "X-Auth-Key": "another" },
    { ...good, "X-Auth-Email": "other@example.com" },
    { authorization: "Bearer the-key" },
  ]) {
    assert.equal((await call("/accounts", bad as Record<string, string>)).status, 401, JSON.stringify(bad));
  }
});
