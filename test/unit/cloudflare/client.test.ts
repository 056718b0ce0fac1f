import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { SourceError, type ErrorReason } from "../../../src/source/errors.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { FAULTS, startFaultyServer, type Fault } from "../../faults.ts";
import { ACCOUNT, aLog, CANARY, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const TOKEN = `${CANARY}0000`;

async function errorOf(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, `a SourceError, not ${String(error)}`);
  return error;
}

describe("the API's time", () => {
  const HOUR = 3_600_000;
  const answering = (headers: Record<string, string>[]) =>
    new CloudflareClient({
      baseUrl: "https://api.example/client/v4",
      token: () => Promise.resolve(TOKEN),
      fetch: () => Promise.resolve(Response.json({ success: true, result: [] }, { headers: headers.shift() ?? {} })),
    });
  const isNear = (time: Date, other: number) => Math.abs(time.getTime() - other) < 5000;

  it("is this machine's before the first answer, then that of the last answer that says it", async () => {
    const [ahead, behind] = [Date.now() + HOUR, Date.now() - HOUR];
    const client = answering([
      { date: new Date(ahead).toUTCString() },
      {},
      { date: "soon" },
      { date: new Date(behind).toUTCString() },
    ]);
    assert.ok(isNear(client.now(), Date.now()));
    for (const time of [ahead, ahead, ahead, behind]) {
      await client.listLogs(GATEWAY, {});
      assert.ok(isNear(client.now(), time));
    }
  });

  it("goes on when this machine's clock is set", async (t) => {
    const time = Date.now();
    const client = answering([{ date: new Date(time).toUTCString() }]);
    await client.listLogs(GATEWAY, {});
    t.mock.timers.enable({ apis: ["Date"], now: time + HOUR });
    assert.ok(isNear(client.now(), time));
  });
});

describe("CloudflareClient against the local gateway", () => {
  let gateway: TestGateway;
  const createdAt = new Date("2026-11-20T12:00:00.500Z");

  before(async () => {
    gateway = await startTestGateway({
      tokens: [
        { value: "account-owned", kind: "account", accounts: [ACCOUNT], permissions: ["ai-gateway:read"] },
        { value: "no-gateways", kind: "user", permissions: ["accounts:read"] },
      ],
    });
    gateway.store.insert([
      aLog({
        id: "whole",
        createdAt,
        metadata: { user: "42", paying: true },
        eventId: "event-1",
        step: 1,
        userAgent: "test/1",
      }),
      aLog({
        id: "long",
        createdAt: new Date("2026-11-19T12:00:00Z"),
        response: "ä".repeat(100_000),
        responseContentType: "text/plain",
      }),
      aLog({
        id: "bytes",
        createdAt: new Date("2026-11-18T12:00:00Z"),
        response: new Uint8Array([0, 255, 1]),
        responseContentType: "audio/mpeg",
      }),
      aLog({ id: "bare", createdAt: new Date("2026-11-17T12:00:00Z"), request: null, response: null }),
    ]);
  });

  after(() => gateway.close());

  const as = (token: string) => new CloudflareClient({ baseUrl: gateway.baseUrl, token: () => Promise.resolve(token) });

  it("lists accounts and gateways", async () => {
    assert.deepEqual(await gateway.client.listAccounts(), [
      { id: ACCOUNT, name: "Acme Bicycles", createdAt: new Date("2025-01-01T00:00:00Z") },
    ]);
    const [listed] = await gateway.client.listGateways(ACCOUNT);
    assert.deepEqual(listed, await gateway.client.getGateway(GATEWAY));
    assert.equal(listed?.id, "production");
    assert.equal(listed?.collectLogs, true);
  });

  it("tells the bounds of a result when asked for them", async () => {
    const { bounds } = await gateway.client.listLogs(GATEWAY, { metaInfo: true, perPage: 1 });
    assert.deepEqual(bounds, {
      costUsd: { min: 0.01821, max: 0.01821 },
      durationMs: { min: 842, max: 842 },
      tokensIn: { min: 2180, max: 2180 },
      tokensOut: { min: 226, max: 226 },
      tokens: { min: 2406, max: 2406 },
    });
    assert.equal((await gateway.client.listLogs(GATEWAY, { perPage: 1 })).bounds, undefined);
  });

  it("searches gateways by their id", async () => {
    assert.equal((await gateway.client.listGateways(ACCOUNT, { search: "roduct" })).length, 1);
    assert.equal((await gateway.client.listGateways(ACCOUNT, { search: "elsewhere" })).length, 0);
  });

  it("walks all pages of gateways", async () => {
    const many = await startTestGateway();
    try {
      for (let i = 0; i < 120; i++) many.store.addGateway({ sourceId: ACCOUNT, id: `gateway-${i}`, createdAt });
      const ids = (await many.client.listGateways(ACCOUNT)).map(({ id }) => id);
      assert.equal(new Set(ids).size, 121);
    } finally {
      await many.close();
    }
  });

  it("verifies a user's token as such and an account's by its account", async () => {
    assert.equal((await gateway.client.verifyToken()).status, "active");
    assert.equal((await as("account-owned").verifyToken(ACCOUNT)).status, "active");
    assert.equal((await errorOf(as("account-owned").verifyToken())).reason, "unauthorized");
    assert.equal((await errorOf(as("wrong").verifyToken())).reason, "unauthorized");
  });

  it("tells a missing permission from a token that is no good", async () => {
    const forbidden = await errorOf(as("no-gateways").listGateways(ACCOUNT));
    assert.deepEqual([forbidden.reason, forbidden.status, forbidden.code], ["forbidden", 403, 10_000]);
    assert.match(forbidden.requestId ?? "", /^cf-ray ./);
  });

  it("parses a row, and keeps it whole", async () => {
    const { logs, total, malformed } = await gateway.client.listLogs(GATEWAY, { perPage: 1 });
    assert.deepEqual([total, malformed], [4, 0]);
    const { raw, readAt: _, ...log } = logs[0] ?? assert.fail("no log");
    assert.deepEqual(log, {
      id: "whole",
      createdAt,
      provider: "openai",
      model: "gpt-4.1-mini",
      path: "chat/completions",
      success: true,
      cached: false,
      statusCode: 200,
      durationMs: 842,
      tokensIn: 2180,
      tokensOut: 226,
      costUsd: 0.01821,
      customCost: false,
      metadata: { user: "42", paying: true },
      requestContentType: "application/json",
      responseContentType: "application/json",
      eventId: "event-1",
      step: 1,
      userAgent: "test/1",
      ...("request_type" in raw && typeof raw["request_type"] === "string" ? { requestType: raw["request_type"] } : {}),
      ...("model_type" in raw && typeof raw["model_type"] === "string" ? { modelType: raw["model_type"] } : {}),
      ...("authentication" in raw && typeof raw["authentication"] === "boolean"
        ? { authentication: raw["authentication"] }
        : {}),
    });
    assert.equal(raw["created_at"], createdAt.toISOString());
  });

  it("gives a body with the detail while it is whole there, and says when it is not", async () => {
    const whole = await gateway.client.getLog({ ...GATEWAY, logId: "whole" });
    assert.equal(whole.response.complete, true);
    assert.match(whole.response.head ?? "", /Yes, two are/);
    const long = await gateway.client.getLog({ ...GATEWAY, logId: "long" });
    assert.equal(long.response.complete, false);
    assert.equal(long.response.size, 200_000);
    const bare = await gateway.client.getLog({ ...GATEWAY, logId: "bare" });
    assert.equal(bare.response.complete, false);
  });

  it("reads stored bodies as they are: text as text, bytes as bytes, none as not found", async () => {
    assert.deepEqual(await gateway.client.getResponse({ ...GATEWAY, logId: "long" }), {
      contentType: "text/plain",
      body: "ä".repeat(100_000),
    });
    const { body } = await gateway.client.getResponse({ ...GATEWAY, logId: "bytes" });
    assert.deepEqual(body, new Uint8Array([0, 255, 1]));
    assert.equal((await errorOf(gateway.client.getRequest({ ...GATEWAY, logId: "bare" }))).reason, "notFound");
    assert.equal((await errorOf(gateway.client.getLog({ ...GATEWAY, logId: "nothing/../here?" }))).reason, "notFound");
  });

  it("passes the API's own complaint on", async () => {
    const tooMany = await errorOf(gateway.client.listLogs(GATEWAY, { perPage: 51 }));
    assert.deepEqual([tooMany.reason, tooMany.status], ["rejected", 400]);
    assert.match(tooMany.message, /less than or equal to 50/);
    const unknownKey = await errorOf(
      gateway.client.listLogs(GATEWAY, { filters: [{ key: "colour", operator: "eq", value: ["red"] }] }),
    );
    assert.equal(unknownKey.code, 7001);
  });

  it("sends filters as one JSON array", async () => {
    gateway.takeCalls();
    const filters = [{ key: "createdAt", operator: "gt" as const, value: ["2026-11-18T11:59:59Z"] }];
    const { logs } = await gateway.client.listLogs(GATEWAY, { filters });
    assert.deepEqual(
      logs.map(({ id }) => id),
      ["whole", "long", "bytes"],
    );
    const query = new URLSearchParams(gateway.takeCalls()[0]?.split("?")[1]);
    assert.equal(query.get("filters"), JSON.stringify([{ ...filters[0], key: "created_at" }]));
  });

  it("does not show logs that a filter should have kept out", async () => {
    // Like a server that ignores the parameter and returns everything.
    const ignoring: typeof fetch = (input, init) => fetch((input as string).replace(/filters=/, "filter="), init);
    const client = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      fetch: ignoring,
    });
    const filters = [{ key: "provider", operator: "eq" as const, value: ["anthropic"] }];
    assert.equal((await errorOf(client.listLogs(GATEWAY, { filters }))).reason, "filterIgnored");
  });

  it("gives a call up when it is told to, before and while it waits", async () => {
    assert.equal((await errorOf(gateway.client.listAccounts({ signal: AbortSignal.abort() }))).reason, "aborted");
    const abort = new AbortController();
    const call = gateway.client.listAccounts({ signal: abort.signal });
    abort.abort();
    assert.equal((await errorOf(call)).reason, "aborted");
  });

  it("asks for the token at each call, and makes none without", async () => {
    gateway.takeCalls();
    const client = new CloudflareClient({ baseUrl: gateway.baseUrl, token: () => Promise.resolve(undefined) });
    assert.equal((await errorOf(client.listAccounts())).reason, "unauthorized");
    assert.deepEqual(gateway.takeCalls(), []);
  });

  it("tells at the rate limit when to come back", async () => {
    const limited = await startTestGateway({ rateLimit: { limit: 2, windowMs: 300_000 } });
    try {
      await limited.client.listAccounts();
      await limited.client.listAccounts();
      const error = await errorOf(limited.client.listAccounts());
      assert.equal(error.reason, "rateLimited");
      assert.ok(error.retryAt && error.retryAt.getTime() > Date.now());
    } finally {
      await limited.close();
    }
  });
});

describe("CloudflareClient against what is not the API", () => {
  const expected: Record<Fault, ErrorReason> = {
    html: "badAnswer",
    empty: "badAnswer",
    cutJson: "badAnswer",
    failedWith200: "rejected",
    hangsUp: "offline",
    hangsUpHalfWay: "offline",
    neverAnswers: "timeout",
    stopsHalfWay: "timeout",
    redirects: "badAnswer",
    limited: "rateLimited",
    broken: "serverError",
    otherShape: "badAnswer",
  };

  for (const fault of Object.keys(FAULTS) as Fault[]) {
    it(`says ${expected[fault]} when the server does this: ${fault}`, async () => {
      const server = await startFaultyServer(fault);
      const transport = createTransport({ retry: { attempts: 1 } });
      const traced: string[] = [];
      const client = new CloudflareClient({
        baseUrl: server.baseUrl,
        token: () => Promise.resolve(TOKEN),
        fetch: transport.fetch,
        deadlineMs: expected[fault] === "timeout" ? 300 : 10_000,
        trace: (line) => traced.push(line),
      });
      try {
        const error = await errorOf(client.listLogs(GATEWAY, {}));
        assert.equal(error.reason, expected[fault]);
        assert.equal(server.state.calls.length, 1);
        assert.equal(server.state.calls[0]?.authorization, `Bearer ${TOKEN}`);
        assert.equal(traced.length, 2);
        assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)} ${traced.join()}`.includes(CANARY));
      } finally {
        await transport.close();
        await server.close();
      }
    });
  }

  it("counts what the transport tries again in the budget", async () => {
    const server = await startFaultyServer("broken");
    const transport = createTransport({ retry: { attempts: 3, firstDelayMs: 1 } });
    const budgets = new CallBudgets();
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(TOKEN),
      fetch: transport.fetch,
      budgets,
    });
    try {
      assert.equal((await errorOf(client.listAccounts())).reason, "serverError");
      assert.deepEqual([server.state.calls.length, budgets.of(TOKEN).used], [3, 3]);
    } finally {
      await transport.close();
      await server.close();
    }
  });

  it("says offline when nobody listens", async () => {
    const client = new CloudflareClient({
      baseUrl: "http://127.0.0.1:1/client/v4",
      token: () => Promise.resolve(TOKEN),
    });
    assert.equal((await errorOf(client.listAccounts())).reason, "offline");
  });
});
