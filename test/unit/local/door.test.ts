import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { ACCOUNT, LOGS, logAt, rawCall, serve } from "./served.ts";

const NOT_AUTHENTICATED = {
  success: false,
  errors: [{ code: 10_000, message: "Authentication error" }],
  messages: [],
  result: null,
};

test("a missing or unknown token is 401 with the generic failure envelope", async (t) => {
  const gateway = await serve(t);
  for (const token of ["", "wrong"]) {
    const { status, json } = await gateway.call("/accounts", { token });
    assert.equal(status, 401);
    assert.deepEqual(json, NOT_AUTHENTICATED);
  }
});

test("tokens do what they may and nothing else", async (t) => {
  const gateway = await serve(t, [logAt("2026-01-01T00:00:00Z", { id: "one" })], {
    tokens: [
      { value: "reads", kind: "user", permissions: ["ai-gateway:read"] },
      { value: "lists", kind: "user", permissions: ["accounts:read"] },
      { value: "owned", kind: "account", accounts: [ACCOUNT], permissions: ["ai-gateway:write"] },
      {
        value: "elsewhere",
        kind: "account",
        accounts: ["f".repeat(32)],
        permissions: ["ai-gateway:read", "accounts:read"],
      },
      { value: "expired", kind: "user", permissions: ["ai-gateway:read", "accounts:read"], status: "expired" },
    ],
  });
  const status = async (token: string, path: string, method = "GET") =>
    (await gateway.call(path, { token, method })).status;
  assert.equal(await status("reads", LOGS), 200);
  assert.equal(await status("reads", "/accounts"), 403);
  assert.equal(await status("reads", `${LOGS}/one`, "PATCH"), 403);
  assert.equal(await status("reads", LOGS, "DELETE"), 403);
  assert.equal(await status("lists", "/accounts"), 200);
  assert.equal(await status("owned", LOGS), 200);
  assert.equal(await status("owned", `${LOGS}/one`, "PATCH"), 200);
  assert.equal(await status("elsewhere", LOGS), 403);
  assert.equal(await status("expired", LOGS), 401);
  const refused = await gateway.call(LOGS, { token: "lists" });
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.json, NOT_AUTHENTICATED);
  const { json } = await gateway.call("/accounts", { token: "elsewhere" });
  assert.deepEqual(json.result, [], "a token sees its own accounts only");
  assert.equal(await status(gateway.token, `/accounts/${"f".repeat(32)}/ai-gateway/gateways`), 403);
});

test("user tokens verify at the user's address and account tokens at their account's", async (t) => {
  const gateway = await serve(t, [], {
    tokens: [
      { value: "user", kind: "user", permissions: [] },
      { value: "account", kind: "account", accounts: [ACCOUNT], permissions: [] },
      { value: "off", kind: "user", permissions: [], status: "disabled" },
    ],
  });
  const user = "/user/tokens/verify";
  const account = `/accounts/${ACCOUNT}/tokens/verify`;
  for (const [token, path, expected] of [
    ["user", user, 200],
    ["user", account, 401],
    ["account", account, 200],
    ["account", user, 401],
    ["account", `/accounts/${"e".repeat(32)}/tokens/verify`, 401],
  ] as const) {
    assert.equal((await gateway.call(path, { token })).status, expected, `${token} at ${path}`);
  }
  const { json } = await gateway.call(user, { token: "user" });
  const result = json.result as { id: string; status: string };
  assert.match(result.id, /^[0-9a-f]{32}$/);
  assert.equal(result.status, "active");
  assert.deepEqual(json.errors, []);
  const off = await gateway.call(user, { token: "off" });
  assert.equal((off.json.result as { status: string }).status, "disabled");
});

test("only its own names are let in as Host", async (t) => {
  const gateway = await serve(t);
  const { port } = new URL(gateway.baseUrl);
  const authorization = `Bearer ${gateway.token}`;
  const path = "/client/v4/accounts";
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    assert.equal((await rawCall(gateway, path, { host, authorization })).status, 200, host);
  }
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "localhost:1",
    `127.0.0.1:${port}.evil.example`,
  ]) {
    assert.equal((await rawCall(gateway, path, { host, authorization })).status, 403, host);
  }
});

test("nobody comes in from the network", async (t) => {
  const gateway = await serve(t);
  const port = Number(new URL(gateway.baseUrl).port);
  const others = Object.values(networkInterfaces()).flatMap((all = []) => all.filter(({ internal }) => !internal));
  // On Linux every 127.x.y.z is this machine, so one without a network interface can be tested.
  const addresses = [...others.map(({ address }) => address), ...(process.platform === "linux" ? ["127.0.0.2"] : [])];
  for (const host of addresses) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port, timeout: 2000 });
      const end = (open: boolean) => {
        socket.destroy();
        resolve(open);
      };
      socket
        .on("connect", () => end(true))
        .on("error", () => end(false))
        .on("timeout", () => end(false));
    });
    assert.equal(isOpen, false, host);
  }
});

test("no page of another origin is invited", async (t) => {
  const gateway = await serve(t);
  const { port } = new URL(gateway.baseUrl);
  const headers = {
    host: `127.0.0.1:${port}`,
    authorization: `Bearer ${gateway.token}`,
    origin: "https://evil.example",
  };
  const answer = await rawCall(gateway, "/client/v4/accounts", headers);
  assert.deepEqual(
    Object.keys(answer.headers).filter((name) => name.startsWith("access-control")),
    [],
  );
  assert.equal((await gateway.call("/accounts", { method: "OPTIONS" })).status, 405);
});

test("the rate limit is told in each answer, and one call too many closes the door for a window", async (t) => {
  let now = Date.parse("2026-11-20T12:00:00Z");
  const gateway = await serve(t, [], {
    rateLimit: { limit: 3, windowMs: 60_000 },
    now: () => now,
    tokens: [{ value: "other", kind: "user", permissions: ["accounts:read"] }],
  });
  const first = await gateway.call("/accounts");
  assert.equal(first.headers.get("x-ratelimit-limit"), "3");
  assert.equal(first.headers.get("x-ratelimit-remaining"), "2");
  assert.equal(first.headers.get("x-ratelimit-reset"), "Fri, 20 Nov 2026 12:01:00 GMT");
  assert.match(first.headers.get("cf-ray") ?? "", /^[0-9a-f]{16}-[A-Z]{3}$/);
  await gateway.call("/accounts");
  await gateway.call("/accounts");
  now += 30_000;
  const refused = await gateway.call("/accounts");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "60");
  assert.equal(refused.json.success, false);
  now += 40_000;
  assert.equal((await gateway.call("/accounts")).status, 429, "the old window is over, the block is not");
  assert.equal((await gateway.call("/accounts", { token: "other" })).status, 200, "another token is counted apart");
  now += 20_000;
  assert.equal((await gateway.call("/accounts")).status, 200);
});

test("calls without a known token are not counted", async (t) => {
  const gateway = await serve(t, [], { rateLimit: { limit: 1, windowMs: 60_000 } });
  for (let count = 0; count < 5; count++) assert.equal((await gateway.call("/accounts", { token: "x" })).status, 401);
  assert.equal((await gateway.call("/accounts")).status, 200);
});

test("nonsense is refused and the gateway lives on", async (t) => {
  const failures: unknown[] = [];
  const gateway = await serve(t, [], { onError: (error) => failures.push(error) });
  const { port } = new URL(gateway.baseUrl);
  const headers = { host: `127.0.0.1:${port}`, authorization: `Bearer ${gateway.token}` };
  for (const path of [
    "/client/v4/",
    "/nothing",
    "//",
    "/client/v4//logs",
    `/client/v4${LOGS}/%E0%A4%A`,
    "/client/v4/%",
    "*",
  ]) {
    const { status } = await rawCall(gateway, path, headers);
    assert.ok(status === 400 || status === 404, `${path}: ${status}`);
  }
  for (const search of ["%E0%A4%A", "%00", "'; DROP TABLE logs; --", "a".repeat(4000)]) {
    assert.equal(
      (await rawCall(gateway, `/client/v4${LOGS}?search=${search.replaceAll(" ", "+")}`, headers)).status,
      200,
    );
  }
  assert.equal((await rawCall(gateway, `/client/v4${LOGS}?${"x".repeat(40_000)}`, headers)).status, 431);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.end("NOT HTTP\r\n\r\n"));
    socket.resume().on("close", () => resolve());
  });
  assert.equal((await gateway.call("/accounts", { method: "POST", body: "{}" })).status, 405);
  const large = await gateway
    .call(`${LOGS}/x`, { method: "PATCH", body: "x".repeat(2_000_000) })
    .catch(() => undefined);
  assert.ok(large === undefined || large.status === 413);
  assert.equal((await gateway.call("/accounts")).status, 200);
  assert.deepEqual(failures, []);
});

test("what goes wrong inside is a 500 without its reason", async (t) => {
  const failures: unknown[] = [];
  const gateway = await serve(t, [], { onError: (error) => failures.push(error) });
  const listAll = gateway.store.list.bind(gateway.store);
  gateway.store.list = () => {
    throw new Error("secret path");
  };
  const { status, text } = await gateway.call(LOGS);
  gateway.store.list = listAll;
  assert.equal(status, 500);
  assert.ok(!text.includes("secret"));
  assert.equal(failures.length, 1);
  assert.equal((await gateway.call(LOGS)).status, 200);
});

test("closing ends connections that are kept alive and frees the port", async (t) => {
  const gateway = await serve(t);
  await gateway.call("/accounts");
  await gateway.close();
  await assert.rejects(gateway.call("/accounts"));
});

test("the newest calls are kept with their answers", async (t) => {
  const gateway = await serve(t);
  await gateway.call("/accounts?page=1");
  await gateway.call("/nowhere");
  assert.deepEqual(gateway.calls, [
    { method: "GET", url: "/client/v4/accounts?page=1", status: 200 },
    { method: "GET", url: "/client/v4/nowhere", status: 404 },
  ]);
});
