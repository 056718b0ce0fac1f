// The official client (its own package, never part of the extension) on the local gateway: every operation, its known faults included.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import Cloudflare, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "cloudflare";
import type { LocalGatewayOptions } from "../../../src/local/server.ts";
import type { LocalToken } from "../../../src/local/tokens.ts";
import { ACCOUNT, logAt, serve } from "../local/served.ts";

const START = Date.parse("2026-11-20T12:00:00Z");
const account = { account_id: ACCOUNT };
const gateway = { ...account, gateway_id: "shop" };

async function start(t: TestContext, logs = 5, options: Partial<LocalGatewayOptions> = {}) {
  const local = await serve(
    t,
    Array.from({ length: logs }, (_, index) =>
      logAt(START + index * 1000, {
        id: `log-${index}`,
        provider: index % 2 === 0 ? "openai" : "groq",
        tokensIn: 10,
        tokensOut: 20,
        cost: 0.5,
        metadata: { team: "blue" },
        requestContentType: "application/json",
        responseContentType: "application/json",
        request: JSON.stringify({ model: "m", index }),
        response: JSON.stringify({ choices: [], index }),
      }),
    ),
    { deleteDelayMs: 0, keepTotalsMs: 0, now: () => START + 60_000, ...options },
  );
  const client = (credentials: { apiToken: string } | { apiEmail: string; apiKey: string }) =>
    new Cloudflare({
      apiToken: null,
      apiEmail: null,
      apiKey: null,
      userServiceKey: null,
      ...credentials,
      baseURL: local.baseUrl,
      maxRetries: 0,
    });
  return { local, client, official: client({ apiToken: local.token }) };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("accounts and both token checks", async (t) => {
  const tokens: LocalToken[] = [{ value: "owned", kind: "account", accounts: [ACCOUNT], permissions: [] }];
  const { official, client } = await start(t, 0, { tokens });
  const [only] = await all(official.accounts.list());
  assert.equal(only?.id, ACCOUNT);
  assert.equal(only.name, "Shop");
  assert.equal((await official.user.tokens.verify()).status, "active");
  assert.equal((await client({ apiToken: "owned" }).accounts.tokens.verify(account)).status, "active");
  await assert.rejects(official.accounts.tokens.verify(account), AuthenticationError);
});

test("gateways: list over pages, get, create, update, delete, none", async (t) => {
  const { official } = await start(t, 0);
  const settings = {
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  };
  for (const id of ["one", "two", "three"]) {
    const made = await official.aiGateway.create({ ...account, id, ...settings });
    assert.equal(made.id, id);
    assert.equal(made.created_at, "2026-11-20T12:01:00.000Z");
  }
  const listed = await all(official.aiGateway.list({ ...account, per_page: 2 }));
  assert.deepEqual(listed.map(({ id }) => id).toSorted(), ["one", "shop", "three", "two"]);
  assert.deepEqual(
    (await all(official.aiGateway.list({ ...account, search: "t" }))).map(({ id }) => id),
    ["three", "two"],
  );
  assert.equal((await official.aiGateway.get("one", account)).collect_logs, true);
  const changed = await official.aiGateway.update("one", { ...account, ...settings, collect_logs: false });
  assert.equal(changed.collect_logs, false);
  assert.equal((await official.aiGateway.delete("one", account)).id, "one");
  await assert.rejects(official.aiGateway.get("one", account), NotFoundError);
  await assert.rejects(official.aiGateway.create({ ...account, id: "No", ...settings }), BadRequestError);
});

test("logs: list over pages, get, edit, bodies", async (t) => {
  const { official } = await start(t, 45);
  const listed = await all(official.aiGateway.logs.list("shop", { ...account, per_page: 20, order_by: "created_at" }));
  assert.deepEqual(
    listed.map(({ id }) => id),
    Array.from({ length: 45 }, (_, index) => `log-${44 - index}`),
  );
  const page = await official.aiGateway.logs.list("shop", { ...account, page: 2, per_page: 20, meta_info: true });
  assert.deepEqual(page.result_info, {
    count: 20,
    page: 2,
    per_page: 20,
    total_count: 45,
    min_cost: 0.5,
    max_cost: 0.5,
    min_duration: 500,
    max_duration: 500,
    min_tokens_in: 10,
    max_tokens_in: 10,
    min_tokens_out: 20,
    max_tokens_out: 20,
    min_total_tokens: 30,
    max_total_tokens: 30,
  });
  const log = await official.aiGateway.logs.get("log-3", gateway);
  assert.equal(log.provider, "groq");
  assert.equal(log.tokens_out, 20);
  assert.equal(log.request_head, '{"model":"m","index":3}');
  assert.equal(log.request_head_complete, true);
  assert.deepEqual(await official.aiGateway.logs.edit("log-3", { ...gateway, feedback: -1, score: 40 }), {});
  const edited = (await official.aiGateway.logs.get("log-3", gateway)) as unknown as Record<string, unknown>;
  assert.deepEqual([edited["feedback"], edited["score"]], [-1, 40]);
  assert.deepEqual(await official.aiGateway.logs.request("log-3", gateway), { model: "m", index: 3 });
  assert.deepEqual(await official.aiGateway.logs.response("log-3", gateway), { choices: [], index: 3 });
  await assert.rejects(official.aiGateway.logs.get("none", gateway), NotFoundError);
  await assert.rejects(
    official.aiGateway.logs.edit("log-3", { ...gateway, score: 101 }),
    (error) => error instanceof BadRequestError && error.errors[0]?.code === 7001,
  );
});

test("its filters are passed over in silence, so that all logs are listed (API notes: Official client)", async (t) => {
  const { official, local } = await start(t);
  const filters = [{ key: "provider" as const, operator: "eq" as const, value: ["groq"] }];
  assert.equal((await all(official.aiGateway.logs.list("shop", { ...account, filters }))).length, 5);
  assert.match(local.calls.at(-1)?.url ?? "", /filters\.key=provider/);
  const deprecated = await all(official.aiGateway.logs.list("shop", { ...account, provider: "groq" }));
  assert.equal(deprecated.length, 2, "the deprecated parameters are understood");
});

test("its delete of one log takes the oldest up to the limit (API notes: Official client)", async (t) => {
  const { official, local } = await start(t);
  const filters = [{ key: "id" as const, operator: "eq" as const, value: ["log-4"] }];
  const answer = await official.aiGateway.logs.delete("shop", { ...account, filters, limit: 2 });
  assert.equal(answer.success, true);
  await local.settled();
  const left = await all(official.aiGateway.logs.list("shop", account));
  assert.deepEqual(
    left.map(({ id }) => id),
    ["log-4", "log-3", "log-2"],
    "the log that was meant is there; the two oldest are gone",
  );
});

test("the audit log: list and twins, history, product categories; its walk ends after a page (API notes: Official client)", async (t) => {
  const { official, local } = await start(t);
  for (const id of ["log-0", "log-1", "log-2"]) await official.aiGateway.logs.edit(id, { ...gateway, score: 1 });
  await official.aiGateway.logs.delete("shop", { ...account, limit: 1 });
  await local.settled();
  const { audit } = official.accounts.logs;
  const window = { ...account, since: "2026-11-01", before: "2026-12-01" };
  const entries = await all(audit.list(window));
  assert.deepEqual(
    entries.map(({ action, resource }) => [action?.type, resource?.id]),
    [
      ["delete", "shop"],
      ["update", "log-2"],
      ["update", "log-1"],
      ["update", "log-0"],
    ],
  );
  assert.equal(entries[0]?.raw?.method, "DELETE");
  const others = await all(
    audit.list({ ...window, action_type: { not: ["delete"] }, resource_id: { not: ["log-0", "log-1"] } }),
  );
  assert.deepEqual(
    others.map(({ resource }) => resource?.id),
    ["log-2"],
  );
  const first = await audit.list({ ...window, limit: 3 });
  assert.equal(first.result.length, 3);
  const { cursor } = first.result_info as unknown as { cursor: string };
  assert.notEqual(cursor, "");
  const rest = await audit.list({ ...window, limit: 3, cursor });
  assert.deepEqual(
    rest.result.map(({ resource }) => resource?.id),
    ["log-0"],
    "the cursor goes on",
  );
  const before = local.calls.length;
  assert.equal((await all(audit.list({ ...window, limit: 3 }))).length, 3, "its own walk does not");
  assert.equal(local.calls.length, before + 1);
  const [, update] = entries;
  const history = await audit.history(update?.id ?? "", { ...window, action_time: update?.action?.time ?? "" });
  assert.deepEqual(
    history.map(({ id }) => id),
    [update?.id],
  );
  const categories = await all(audit.productCategories(account));
  assert.ok(categories.some(({ products }) => products?.some(({ value }) => value === "ai_gateway")));
});

test("the global API key with its address", async (t) => {
  const keys = [{ email: "owner@example.com", key: "the-key" }];
  const { client } = await start(t, 1, { keys });
  const official = client({ apiEmail: "owner@example.com", apiKey: "the-key" });
  assert.equal((await all(official.aiGateway.logs.list("shop", account))).length, 1);
  await assert.rejects(official.user.tokens.verify(), AuthenticationError);
  const wrong = client({ apiEmail: "owner@example.com", apiKey: "another" });
  await assert.rejects(all(wrong.accounts.list()), AuthenticationError);
});

test("401, 403 and 429 are what it takes them for", async (t) => {
  const { client } = await start(t, 0, {
    tokens: [{ value: "reads", kind: "user", permissions: ["ai-gateway:read"] }],
    rateLimit: { limit: 2, windowMs: 60_000 },
  });
  await assert.rejects(client({ apiToken: "unknown" }).aiGateway.get("shop", account), AuthenticationError);
  const reads = client({ apiToken: "reads" });
  await assert.rejects(all(reads.accounts.list()), PermissionDeniedError);
  assert.equal((await reads.aiGateway.get("shop", account)).id, "shop");
  await assert.rejects(reads.aiGateway.get("shop", account), RateLimitError);
});
