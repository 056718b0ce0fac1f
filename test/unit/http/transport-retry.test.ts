import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type TestContext, describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { delayBeforeRetry, RETRY_LIMITS } from "../../../src/http/retry.ts";
import { createTransport, type TransportOptions } from "../../../src/http/transport.ts";
import { startServer } from "../../proxy.ts";

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that gives the replies one after the other, the last one again and again, and a transport to it. */
async function serving(t: TestContext, replies: Reply[], options: TransportOptions = {}) {
  const calls: { method: string; range: string | undefined; body: string }[] = [];
  const server = await startServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      calls.push({ method: request.method ?? "", range: request.headers.range, body });
      replies[Math.min(calls.length, replies.length) - 1]?.(response, request);
    });
  });
  const transport = createTransport({ retry: { firstDelayMs: 1 }, ...options });
  t.after(async () => {
    await transport.close();
    await server.close();
  });
  return { ...server, sockets: server.sockets, calls, transport };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = `{"code":${code}}`): Reply =>
  (response) =>
    response.writeHead(code, headers).end(body);
/** Comes back when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

/** Comes back when a connection is gone, in peace or not. */
const closing = (socket: Socket) => new Promise<void>((resolve) => void socket.once("close", () => resolve()));

const hangUp: Reply = (response) => response.socket?.destroy();
const ok = status(200, {}, '{"success":true}');

describe("how often a call is made", () => {
  const cases: [method: string, reply: string, times: number][] = [
    ...["429", "500", "502", "503", "504", "520", "522", "530", "hangs up"].map((reply) => ["GET", reply, 3] as const),
    ["HEAD", "503", 3],
    ...["200", "302", "304", "400", "401", "403", "404", "409"].map((reply) => ["GET", reply, 1] as const),
    ...["PATCH", "DELETE", "POST", "PUT"].flatMap((method) =>
      ["200", "302", "404", "421", "429", "500", "503", "hangs up"].map((reply) => [method, reply, 1] as const),
    ),
  ].map(([method, reply, times]) => [String(method), String(reply), Number(times)]);
  for (const [method, reply, times] of cases) {
    test(`${method}, ${reply}: ${times}`, async (t) => {
      const server = await serving(t, [reply === "hangs up" ? hangUp : status(Number(reply))]);
      const body = method === "GET" || method === "HEAD" ? {} : { body: '{"score":1}' };
      const answer = await server.transport.fetch(server.url, { method, ...body }).catch(() => undefined);
      if (reply !== "hangs up" && reply !== "421") assert.equal(answer?.status, Number(reply));
      await answer?.text();
      assert.equal(server.calls.length, times);
    });
  }
});

test("the answer after failed attempts is the answer", async (t) => {
  const server = await serving(t, [hangUp, status(503), ok]);
  const answer = await server.transport.fetch(server.url);
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { success: true });
  assert.equal(server.calls.length, 3);
});

test("the last answer reaches the caller with its status, headers and body", async (t) => {
  const headers = { "cf-ray": "8f00-FRA", "content-type": "application/json" };
  const body = '{"success":false,"errors":[{"code":971,"message":"Please wait"}]}';
  const server = await serving(t, [status(503, headers, "first"), status(429, headers, body)]);
  const answer = await server.transport.fetch(server.url);
  assert.equal(answer.status, 429);
  assert.equal(answer.headers.get("cf-ray"), "8f00-FRA");
  assert.equal(await answer.text(), body);
});

test("a long failure in several parts reaches the caller whole", async (t) => {
  const body = "x".repeat(300_000);
  const server = await serving(t, [(response) => void response.writeHead(500).write(body, () => response.end(body))]);
  const answer = await server.transport.fetch(server.url);
  assert.equal((await answer.text()).length, 600_000);
  assert.equal(server.calls.length, 3);
});

describe("retry-after", () => {
  test("is waited for", async (t) => {
    const server = await serving(t, [status(429, { "retry-after": "0" }), ok], { retry: { firstDelayMs: 60_000 } });
    assert.equal((await server.transport.fetch(server.url)).status, 200);
  });

  test("too long: the answer comes at once, with its retry-after", async (t) => {
    const server = await serving(t, [status(429, { "retry-after": "120" }, "wait"), ok]);
    const answer = await server.transport.fetch(server.url);
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get("retry-after"), "120");
    assert.equal(await answer.text(), "wait");
    assert.equal(server.calls.length, 1);
  });

  const limits = { ...RETRY_LIMITS, firstDelayMs: 100 };
  const delayFor = (value: string | string[], attempt = 1) =>
    delayBeforeRetry(
      Object.assign(new Error(), { statusCode: 429, headers: { "retry-after": value } }),
      attempt,
      limits,
    );
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  test("as seconds and as a date", () => {
    assert.equal(delayFor("7"), 7000);
    assert.equal(delayFor(["7", "9"]), 7000);
    assert.equal(delayFor("10"), 10_000);
    assert.equal(delayFor("11"), undefined);
    const untilDate = delayFor(inSeconds(8)) ?? 0;
    assert.ok(untilDate > 5000 && untilDate <= 8000, String(untilDate));
    assert.equal(delayFor(inSeconds(-60)), 0);
    assert.equal(delayFor(inSeconds(60)), undefined);
  });

  test("missing: a refusal's ratelimit-reset is waited for, which other answers have as well", async (t) => {
    const reset = { "ratelimit-reset": "900" };
    const server = await serving(t, [status(503, reset), status(429, reset, "wait"), ok]);
    assert.equal((await server.transport.fetch(server.url)).status, 429);
    assert.equal(server.calls.length, 2);
  });

  test("that makes no sense counts as missing", () => {
    for (const value of ["soon", "", "-5x"]) {
      const delay = delayFor(value) ?? Number.NaN;
      assert.ok(delay >= 50 && delay <= 100, `${value}: ${delay}`);
    }
  });

  test("missing: the delay doubles and is shortened by up to a half", () => {
    for (let i = 0; i < 200; i++) {
      const [first = 0, second = 0] = [delayFor("", 1), delayFor("", 2)];
      assert.ok(first >= 50 && first <= 100, String(first));
      assert.ok(second >= 100 && second <= 200, String(second));
    }
    assert.equal(delayFor("", 3), undefined);
  });
});

test("a body that breaks off is an error: nothing is asked for again", async (t) => {
  const half: Reply = (response) => {
    response.writeHead(200, { "content-length": "1000", etag: '"1"', "accept-ranges": "bytes" });
    response.write('{"success":', () => response.socket?.destroy());
  };
  const server = await serving(t, [half, ok]);
  const answer = await server.transport.fetch(server.url);
  await assert.rejects(answer.text());
  assert.deepEqual(
    server.calls.map(({ range }) => range),
    [undefined],
  );
});

test("a failure whose body breaks off while its retry waits is tried again once", async (t) => {
  const half: Reply = (response) => {
    response.writeHead(503, { "content-length": "1000" });
    response.write("half", () => response.socket?.destroy());
  };
  const server = await serving(t, [half, ok], { retry: { firstDelayMs: 20 } });
  const answer = await server.transport.fetch(server.url);
  assert.deepEqual(await answer.json(), { success: true });
  assert.equal(server.calls.length, 2);
});

test("a failure that breaks off while a long retry-after is waited for does not disturb the answer after it", async (t) => {
  const half: Reply = (response) => {
    response.writeHead(503, { "content-length": "1000", "retry-after": "1" }).flushHeaders();
    setTimeout(() => response.socket?.destroy(), 50);
  };
  // Still under way when the second that the first answer asked for is over.
  const slow: Reply = (response) => {
    response.writeHead(200).write('{"success":');
    setTimeout(() => response.end("true}"), 1100);
  };
  const server = await serving(t, [half, slow]);
  const answer = await server.transport.fetch(server.url);
  assert.deepEqual(await answer.json(), { success: true });
  assert.equal(server.calls.length, 2);
});

test("a hint before a failure is no answer", async (t) => {
  const hinting: Reply = (response) => {
    response.writeProcessing();
    response.writeHead(503).end("{}");
  };
  const server = await serving(t, [hinting, ok]);
  assert.equal((await server.transport.fetch(server.url)).status, 200);
});

describe("giving up", () => {
  const patient = { retry: { firstDelayMs: 60_000 } };

  test("while a retry waits, amid the failure's body: the socket is freed", async (t) => {
    const received = Promise.withResolvers<Socket[]>();
    const refuse: Reply = (response, request) => {
      received.resolve([request.socket]);
      response.writeHead(503).write("{");
    };
    const server = await serving(t, [refuse], patient);
    const abort = new AbortController();
    const call = server.transport.fetch(server.url, { signal: abort.signal });
    const closed = (await received.promise).map(closing);
    abort.abort();
    await assert.rejects(call, { name: "AbortError" });
    await Promise.all(closed);
    assert.equal(server.calls.length, 1);
  });

  test("while a retry waits, after the failure's body: the next call has an answer", async (t) => {
    const server = await serving(t, [status(503), ok], patient);
    const abort = new AbortController();
    const call = server.transport.fetch(server.url, { signal: abort.signal });
    const rejected = assert.rejects(call, { name: "AbortError" });
    await until(() => server.calls.length === 1);
    abort.abort();
    await rejected;
    assert.deepEqual(await (await server.transport.fetch(server.url)).json(), { success: true });
  });

  test("while a refused connection is waited for: no attempt follows", async (t) => {
    const server = await serving(t, [ok], patient);
    await server.close();
    const abort = new AbortController();
    const call = server.transport.fetch(server.url, { signal: abort.signal });
    const rejected = assert.rejects(call, { name: "AbortError" });
    await setImmediate();
    abort.abort();
    await rejected;
  });

  test("amid a body: the socket is freed", async (t) => {
    const received = Promise.withResolvers<Socket[]>();
    const endless: Reply = (response, request) => {
      received.resolve([request.socket]);
      response.writeHead(200).write('{"success":');
    };
    const server = await serving(t, [endless]);
    const abort = new AbortController();
    const answer = await server.transport.fetch(server.url, { signal: abort.signal });
    const closed = (await received.promise).map(closing);
    const rejected = assert.rejects(answer.text(), { name: "AbortError" });
    abort.abort();
    await rejected;
    await Promise.all(closed);
  });

  test("by closing, while a retry waits", async (t) => {
    const server = await serving(t, [hangUp], patient);
    const rejected = assert.rejects(server.transport.fetch(server.url));
    await until(() => server.calls.length > 0);
    await server.transport.close();
    await rejected;
    assert.equal(server.calls.length, 1);
  });
});
