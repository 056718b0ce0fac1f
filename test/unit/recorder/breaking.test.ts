// When a side goes away, the other one learns it, as it would without the recorder.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { recording, recordingServer, startSockets } from "../../recorder.ts";

describe("a program that goes away", () => {
  it("ends the call before its first byte", async (t) => {
    const upstream = Promise.withResolvers<IncomingMessage>();
    const { url, heard } = await recordingServer(t, (request) => upstream.resolve(request));
    const request = httpRequest(url).on("error", () => undefined);
    request.end();
    const received = await upstream.promise;
    const closed = once(received.socket, "close");
    request.destroy();
    await closed;
    assert.deepEqual((await heard[0]?.ended)?.outcome, "canceled");
    assert.equal(heard[0]?.status, undefined);
  });

  it("ends the call in the middle of an answer", async (t) => {
    const closed = Promise.withResolvers<void>();
    const { url, heard } = await recordingServer(t, (request, response) => {
      response.write("first");
      request.socket.once("close", closed.resolve);
    });
    const request = httpRequest(url);
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await once(response, "data");
    response.destroy();
    await closed.promise;
    assert.equal((await heard[0]?.ended)?.outcome, "canceled");
    assert.equal(Buffer.concat(heard[0]?.response ?? []).toString(), "first");
  });

  it("ends the call in the middle of an upload", async (t) => {
    const upstream = Promise.withResolvers<IncomingMessage>();
    const { url, heard } = await recordingServer(t, (request) => {
      request.on("error", () => undefined).once("data", () => upstream.resolve(request));
    });
    const request = httpRequest(url, { method: "POST" }).on("error", () => undefined);
    request.write("half");
    const received = await upstream.promise;
    const closed = new Promise((resolve) => received.socket.once("close", resolve));
    request.destroy();
    await closed;
    assert.equal(received.complete, false);
    assert.equal((await heard[0]?.ended)?.outcome, "canceled");
  });

  it("is noticed while the upstream's connection is being made", async (t) => {
    // Its backlog takes connections, but there is no answer.
    const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { url, heard } = await recording(t, `https://127.0.0.1:${port}`);
    const request = httpRequest(url, { method: "POST" }).on("error", () => undefined);
    request.end("x");
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => undefined);
    request.destroy();
    assert.equal((await heard[0]?.ended)?.outcome, "canceled");
    socket.destroy();
  });
});

describe("an upstream that breaks", () => {
  for (const [framing, head] of [
    ["chunks", "transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n"],
    ["a length", "content-length: 100\r\n\r\nfirst"],
  ] as const)
    for (const way of ["destroy", "resetAndDestroy"] as const)
      it(`cuts the answer with ${framing}: ${way}`, async (t) => {
        const upstream = Promise.withResolvers<Socket>();
        const url = await startSockets(t, (socket) =>
          socket.once("data", () => {
            socket.write(`HTTP/1.1 200 OK\r\n${head}`);
            upstream.resolve(socket);
          }),
        );
        const { url: recorded, heard } = await recording(t, url);
        const request = httpRequest(recorded);
        request.end();
        const [response] = (await once(request, "response")) as [IncomingMessage];
        const [chunk] = (await once(response, "data")) as [Buffer];
        assert.equal(chunk.toString(), "first");
        const failed = assert.rejects(buffer(response));
        (await upstream.promise)[way]();
        await failed;
        assert.equal(response.complete, false);
        assert.equal((await heard[0]?.ended)?.outcome, "cut");
        assert.ok(heard[0]?.ending?.error);
      });

  it("before it answers breaks the program's connection, and is asked once", async (t) => {
    let calls = 0;
    const url = await startSockets(t, (socket) =>
      socket.once("data", () => {
        calls++;
        socket.resetAndDestroy();
      }),
    );
    const { url: recorded, heard } = await recording(t, url);
    for (const method of ["GET", "POST"]) {
      const request = httpRequest(recorded, { method });
      request.end(method === "POST" ? "x" : undefined);
      await assert.rejects(once(request, "response"), { code: "ECONNRESET" });
    }
    assert.equal(calls, 2);
    assert.deepEqual(await Promise.all(heard.map(async ({ ended }) => (await ended).outcome)), ["cut", "cut"]);
  });

  it("gives what it sent before it broke, also to a slow reader", async (t) => {
    const body = Buffer.alloc(300_000, "x");
    const upstream = await startSockets(t, (socket) =>
      socket.once("data", () => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n`);
        socket.end(body);
      }),
    );
    const { url, heard } = await recording(t, upstream);
    const request = httpRequest(url);
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await heard[0]?.ended;
    let length = 0;
    response.on("data", (chunk: Buffer) => (length += chunk.length));
    await assert.rejects(once(response, "end"));
    assert.equal(length, body.length);
  });

  it("or isn't there gives 502 in the recorder's name", async (t) => {
    const { url, heard } = await recording(t, "http://127.0.0.1:1");
    const response = await fetch(`${url}/chat`, { method: "POST", body: "x" });
    assert.equal(response.status, 502);
    const text = await response.text();
    assert.match(text, /"type":"recorder_error","code":"unreachable","message":"[^"]*127\.0\.0\.1:1 \(ECONNREFUSED\)/);
    assert.equal(response.headers.get("cf-aig-log-id"), heard[0]?.exchange.id);
    assert.deepEqual(await heard[0]?.ended, { ...heard[0]?.ending, outcome: "unreachable", error: "ECONNREFUSED" });
  });
});

it("closing the recorder ends its calls and frees the port", async (t) => {
  const upstream = Promise.withResolvers<IncomingMessage>();
  const { recorder, url, heard } = await recordingServer(t, (request) => upstream.resolve(request));
  const call = assert.rejects(fetch(url));
  const received = await upstream.promise;
  const closed = once(received.socket, "close");
  await recorder.close();
  await Promise.all([call, closed]);
  assert.equal((await heard[0]?.ended)?.outcome, "canceled");
  await assert.rejects(fetch(url));
});
