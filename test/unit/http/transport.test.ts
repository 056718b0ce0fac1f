import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer, type Socket } from "node:net";
import { type TestContext, describe, test } from "node:test";
import { createTransport, type TransportOptions } from "../../../src/http/transport.ts";
import { hasAddress, startServer } from "../../proxy.ts";

const hello: RequestListener = (_request, response) => void response.end("hello");

async function serving(t: TestContext, listener: RequestListener, options: TransportOptions = {}, host?: string) {
  const server = await startServer(listener, host ? { host } : {});
  const transport = createTransport({ retry: { attempts: 1 }, ...options });
  t.after(async () => {
    await transport.close();
    await server.close();
  });
  return { server, transport };
}

/** The code of the error that a call fails with. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(() => undefined).catch((error: unknown) => error);
  assert.ok(error instanceof Error && error.cause instanceof Error, String(error));
  return "code" in error.cause ? error.cause.code : error.cause.message;
}

test("works without any options", async (t) => {
  const { server } = await serving(t, hello);
  const transport = createTransport();
  t.after(() => transport.close());
  assert.equal(await (await transport.fetch(server.url)).text(), "hello");
});

test("a redirect is handed through, whatever was asked for", async (t) => {
  let calls = 0;
  const redirect: RequestListener = (_request, response) => {
    calls++;
    response.writeHead(302, { location: "/elsewhere" }).end();
  };
  const { server, transport } = await serving(t, redirect);
  const answer = await transport.fetch(server.url, { redirect: "follow", headers: { authorization: "Bearer secret" } });
  assert.equal(answer.status, 302);
  assert.equal(calls, 1);
});

test("plain http leaves this machine neither by us nor by the fallback", async (t) => {
  const transport = createTransport({ fallback: () => assert.fail("the fallback was called") });
  t.after(() => transport.close());
  assert.equal(await codeOf(transport.fetch("http://api.example.com/")), "NOT_SECURE");
  assert.equal(await codeOf(transport.fetch("http://localhost.example.com/")), "NOT_SECURE");
  assert.equal(await codeOf(transport.fetch("ftp://127.0.0.1/")), "NOT_SECURE");
});

test("at most 6 connections are open, and they are used again", async (t) => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const listener: RequestListener = (_request, response) => {
    waiting.push(() => response.end("done"));
    most = Math.max(most, waiting.length);
    if (most === 6) for (const answer of waiting.splice(0)) answer();
  };
  const { server, transport } = await serving(t, listener);
  const calls = Array.from({ length: 24 }, async () => (await transport.fetch(server.url)).text());
  await Promise.all(calls);
  assert.equal(most, 6);
  assert.equal(server.connections, 6);
});

describe("time limits", () => {
  test("for the headers", async (t) => {
    const { server, transport } = await serving(t, () => undefined, { timeouts: { headers: 50 } });
    assert.equal(await codeOf(transport.fetch(server.url)), "UND_ERR_HEADERS_TIMEOUT");
  });

  test("between parts of the body", async (t) => {
    const stops: RequestListener = (_request, response) => void response.writeHead(200).write("half");
    const { server, transport } = await serving(t, stops, { timeouts: { body: 50 } });
    const answer = await transport.fetch(server.url);
    assert.equal(await codeOf(answer.text()), "UND_ERR_BODY_TIMEOUT");
  });

  test("for a connection that is accepted but never secured", async (t) => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const transport = createTransport({ timeouts: { connect: 50 } });
    t.after(async () => {
      await transport.close();
      silent.close();
    });
    assert.equal(await codeOf(transport.fetch(`https://127.0.0.1:${port}/`)), "UND_ERR_CONNECT_TIMEOUT");
  });
});

describe("IPv6", () => {
  test("an address", async (t) => {
    if (!(await hasAddress("::1"))) return t.skip("this machine has no ::1");
    const { server, transport } = await serving(t, hello, {}, "::1");
    assert.equal(await (await transport.fetch(server.url)).text(), "hello");
  });

  test("a name, at whichever of its addresses there is an answer", async (t) => {
    // One of them on some machines, both on others.
    for (const { address } of await lookup("localhost", { all: true })) {
      const { server, transport } = await serving(t, hello, {}, address);
      assert.equal(await (await transport.fetch(`http://localhost:${server.port}/`)).text(), "hello");
    }
  });
});

describe("closing", () => {
  test("ends calls under way and all connections, and nothing is called afterwards", async (t) => {
    let calls = 0;
    const started = Promise.withResolvers<void>();
    const listener: RequestListener = (request, response) => {
      calls++;
      if (request.url === "/kept") response.end("kept alive");
      else if (request.url === "/half") response.writeHead(200).write("half");
      if (calls === 3) started.resolve();
    };
    const { server, transport } = await serving(t, listener);
    await (await transport.fetch(`${server.url}/kept`)).text();
    const half = (await transport.fetch(`${server.url}/half`)).text();
    const never = transport.fetch(`${server.url}/never`);
    const failures = Promise.allSettled([half, never]);
    await started.promise;
    const closed = [...server.sockets].map((socket) => once(socket, "close"));
    await transport.close();
    assert.deepEqual(
      (await failures).map(({ status }) => status),
      ["rejected", "rejected"],
    );
    await Promise.all(closed);
    assert.equal(server.sockets.size, 0);
    assert.equal(await codeOf(transport.fetch(server.url)), "CLOSED");
    assert.equal(calls, 3);
  });

  test("ends a connection that is still being made", { timeout: 10_000 }, async (t) => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => silent.close());
    const address = silent.address();
    const transport = createTransport({ timeouts: { connect: 60_000 } });
    const connected = once(silent, "connection");
    const call = transport.fetch(`https://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
    const failure = assert.rejects(call);
    const [socket] = (await connected) as [Socket];
    const closed = once(socket.on("error", () => undefined).resume(), "close");
    await transport.close();
    await Promise.all([failure, closed]);
  });

  test("before the first call", async () => {
    await createTransport().close();
  });
});
