// What passes through the recorder is what would pass without it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { CANARY } from "../../canary.ts";
import { recordingServer, startSockets, recording } from "../../recorder.ts";
import { bodyOf, type Recorded, traffic } from "../../traffic.ts";

type Seen = {
  status: number | undefined;
  message: string | undefined;
  headers: string[];
  trailers: string[];
  body: Buffer;
};

/** Makes a call and returns all of its answer. */
async function call(url: string, options: RequestOptions = {}, body?: string | Uint8Array): Promise<Seen> {
  const request = httpRequest(url, options);
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const bytes = await buffer(response);
  const { statusCode, statusMessage, rawHeaders, rawTrailers } = response;
  return { status: statusCode, message: statusMessage, headers: rawHeaders, trailers: rawTrailers, body: bytes };
}

const OF_CONNECTION = new Set(["connection", "keep-alive", "transfer-encoding", "host", "content-length"]);
const ADDED = new Set(["cf-aig-log-id", "cf-aig-event-id", "cf-aig-step"]);

/** Headers in order, without those of a connection, which come at other places, and the recorder's own. */
const comparable = (raw: readonly string[]): string[] =>
  raw.flatMap((name, index) =>
    index % 2 === 1 || OF_CONNECTION.has(name.toLowerCase()) || ADDED.has(name.toLowerCase())
      ? []
      : [`${name}: ${raw[index + 1]}`],
  );

const lengthOf = (raw: readonly string[]): string | undefined =>
  raw[raw.findIndex((name) => name.toLowerCase() === "content-length") + 1];

describe("calls through the recorder", () => {
  it("and their answers have the bytes of direct ones: recorded traffic", async (t) => {
    const exchanges = traffic();
    const received: { method: string | undefined; url: string | undefined; headers: string[]; body: Buffer }[] = [];
    const { server, url, heard } = await recordingServer(t, (request, response) => {
      const exchange = exchanges[Number(request.headers["x-number"])];
      assert.ok(exchange);
      const answer = (body: Buffer): void => {
        received.push({ method: request.method, url: request.url, headers: request.rawHeaders, body });
        response.writeHead(exchange.status, [
          ...(exchange.response_content_type ? ["Content-Type", exchange.response_content_type] : []),
          "X-Request-ID",
          exchange.id,
          "Date",
          "Thu, 03 Dec 2026 12:00:00 GMT",
        ]);
        const bytes = Buffer.from(bodyOf(exchange.response, exchange.response_encoding));
        for (let at = 0; at < bytes.length; at += 997) response.write(bytes.subarray(at, at + 997));
        response.end();
      };
      void buffer(request).then(answer);
    });
    const send = (base: string, exchange: Recorded, number: number) =>
      call(
        `${base}${exchange.path.replace(/#.*/, "")}`,
        {
          method: "POST",
          headers: {
            "Content-Type": exchange.request_content_type || "application/json",
            Authorization: `Bearer ${CANARY}traffic`,
            "X-Number": String(number),
          },
        },
        bodyOf(exchange.request, exchange.request_encoding),
      );
    for (const [number, exchange] of exchanges.entries()) {
      const direct = await send(server.url, exchange, number);
      const recorded = await send(url, exchange, number);
      assert.deepEqual(comparable(recorded.headers), comparable(direct.headers), exchange.id);
      assert.deepEqual({ ...recorded, headers: [] }, { ...direct, headers: [] }, exchange.id);
      const [sentDirectly, passedOn] = received.splice(0);
      assert.ok(sentDirectly && passedOn);
      assert.deepEqual(comparable(passedOn.headers), comparable(sentDirectly.headers), exchange.id);
      assert.equal(lengthOf(passedOn.headers), lengthOf(sentDirectly.headers));
      assert.deepEqual({ ...passedOn, headers: [] }, { ...sentDirectly, headers: [] }, exchange.id);
      const last = heard.at(-1);
      assert.deepEqual(Buffer.concat(last?.request ?? []), passedOn.body, exchange.id);
      assert.deepEqual(Buffer.concat(last?.response ?? []), direct.body, exchange.id);
      assert.equal((await last?.ended)?.outcome, "finished");
    }
    assert.equal(heard.length, exchanges.length);
  });

  it("keep the case, order and repeats of headers, the status message and trailers", async (t) => {
    let received: string[] = [];
    const { url } = await recordingServer(t, (request, response) => {
      received = request.rawHeaders;
      response.sendDate = false;
      const headers = ["X-Un", "a\u00ff", "set-Cookie", "a=1", "Set-cookie", "b=2", "TRAILER", "X-Sum"];
      response.writeHead(299, "Quite Fine", headers);
      // Of a text, Node would write the headers in UTF-8 as well.
      response.write(Buffer.from("body"));
      response.addTrailers([
        ["X-Sum", "1"],
        ["X-Sum", "2"],
      ]);
      response.end();
    });
    const headers = [
      "x-B",
      "1",
      "X-a",
      "2",
      "X-B",
      "3",
      "Accept-Encoding",
      "br;q=0.5, zstd",
      "hOST",
      new URL(url).host,
    ];
    const answer = await call(url, { method: "PATCH", headers }, "x");
    assert.deepEqual(comparable(received), ["x-B: 1", "X-a: 2", "X-B: 3", "Accept-Encoding: br;q=0.5, zstd"]);
    assert.deepEqual(comparable(answer.headers), [
      "X-Un: a\u00ff",
      "set-Cookie: a=1",
      "Set-cookie: b=2",
      "TRAILER: X-Sum",
    ]);
    assert.deepEqual([answer.status, answer.message], [299, "Quite Fine"]);
    assert.deepEqual(answer.trailers, ["X-Sum", "1", "X-Sum", "2"]);
  });

  it("lose the headers of the connection, and those that it names", async (t) => {
    let received: IncomingMessage["headers"] = {};
    const { url } = await recordingServer(t, (request, response) => {
      received = request.headers;
      response.writeHead(200, { connection: "x-hop", "x-hop": "1", "x-end": "2" }).end();
    });
    const hop = { connection: "close, X-Named", "x-named": "1", te: "trailers", "proxy-authorization": "Basic eA==" };
    const answer = await call(url, { method: "POST", headers: { ...hop, "x-end": "2", expect: "100-continue" } }, "x");
    for (const name of ["x-named", "te", "proxy-authorization", "expect"])
      assert.equal(received[name], undefined, name);
    assert.equal(received["x-end"], "2");
    assert.deepEqual(
      comparable(answer.headers).filter((line) => line.startsWith("x-")),
      ["x-end: 2"],
    );
  });

  it("may have no body: HEAD, 204, 304, and a GET", async (t) => {
    const { url } = await recordingServer(t, (request, response) => {
      const status = Number(request.url?.slice(1) || 200);
      response.writeHead(status, request.method === "HEAD" ? { "content-length": "12345" } : {}).end();
    });
    for (const [method, path] of [
      ["HEAD", "/200"],
      ["GET", "/204"],
      ["GET", "/304"],
      ["DELETE", "/200"],
      ["POST", "/200"],
    ]) {
      const answer = await call(`${url}${path}`, { method });
      assert.equal(answer.status, Number(path?.slice(1)), `${method} ${path}`);
      assert.equal(answer.body.length, 0);
      if (method === "HEAD") assert.equal(lengthOf(answer.headers), "12345");
    }
  });

  it("may wait for 100 Continue", async (t) => {
    const { url } = await recordingServer(t, (request, response) => void request.pipe(response));
    const request = httpRequest(url, { method: "POST", headers: { expect: "100-continue", "content-length": "4" } });
    request.flushHeaders();
    await once(request, "continue");
    request.end("body");
    const [response] = (await once(request, "response")) as [IncomingMessage];
    assert.equal((await buffer(response)).toString(), "body");
  });

  it("may get hints before the answer", async (t) => {
    const upstream = await startSockets(t, (socket) =>
      socket.once("data", () =>
        socket.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
      ),
    );
    const { url } = await recording(t, upstream);
    assert.equal((await call(url)).body.toString(), "ok");
  });

  it("pass on a body of unknown length in its chunks", async (t) => {
    let headers: IncomingMessage["headers"] = {};
    const { url } = await recordingServer(t, (request, response) => {
      headers = request.headers;
      request.pipe(response);
    });
    const request = httpRequest(url, { method: "POST" });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    let echoed = "";
    request.write("first,");
    const [response] = await answered;
    response.on("data", (chunk: Buffer) => (echoed += chunk.toString()));
    // Each part comes back before the next is sent.
    for (const part of ["first,", "second,", "third"]) {
      if (part !== "first,") request.write(part);
      while (!echoed.endsWith(part)) await once(response, "data");
    }
    request.end();
    await once(response, "end");
    assert.equal(echoed, "first,second,third");
    assert.equal(headers["transfer-encoding"], "chunked");
    assert.equal(headers["content-length"], undefined);
  });

  it("get an early answer while they still upload", async (t) => {
    const { url } = await recordingServer(t, (_request, response) => response.writeHead(413).end("too large"));
    const request = httpRequest(url, { method: "POST" }).on("error", () => undefined);
    request.write(Buffer.alloc(300_000));
    const [response] = (await once(request, "response")) as [IncomingMessage];
    assert.equal(response.statusCode, 413);
    assert.equal((await buffer(response)).toString(), "too large");
    request.destroy();
  });

  it("may ask for HTTP/2, as Java's client does, and get the answer in HTTP/1.1", async (t) => {
    let received: string[] = [];
    const { recorder, url, heard } = await recordingServer(t, (request, response) => {
      received = request.rawHeaders;
      request.pipe(response);
    });
    const socket = connect(recorder.port, "127.0.0.1");
    const { host, pathname } = new URL(url);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAE\r\nContent-Length: 4\r\n\r\nbo`,
    );
    setImmediate(() => socket.write("dy"));
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    while (!text.includes("body")) await once(socket, "data");
    assert.match(text, /^HTTP\/1\.1 200 /);
    assert.ok(!received.join().toLowerCase().includes("http2-settings"));
    assert.equal((await heard[0]?.ended)?.outcome, "finished");
    socket.destroy();
  });
});
