// WebSockets go through the recorder as they are.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { describe, it, type TestContext } from "node:test";
import { CANARY } from "../../canary.ts";
import { recording, recordingServer } from "../../recorder.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Reads whole frames from the beginning of `bytes`: masked ones of up to 64 KB. */
function* framesIn(bytes: Buffer): Generator<{ opcode: number; payload: Buffer; end: number }> {
  for (let at = 0; at + 6 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const maskAt = at + (short === 126 ? 4 : 2);
    const end = maskAt + 4 + length;
    if (end > bytes.length) return;
    const mask = bytes.subarray(maskAt, maskAt + 4);
    const payload = bytes.subarray(maskAt + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    yield { opcode: (bytes[at] ?? 0) & 0x0f, payload: Buffer.from(payload), end };
    at = end;
  }
}

function frame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 4 : 2);
  head[0] = 0x80 | opcode;
  head[1] = long ? 126 : payload.length;
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Starts a server that echoes the messages of WebSockets. */
async function startEcho(
  t: TestContext,
  onSocket: (socket: Duplex, request: IncomingMessage) => void = () => undefined,
) {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: realtime\r\n\r\n`,
    );
    onSocket(socket, request);
    socket.once("end", () => socket.end());
    let unread = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      let read = 0;
      for (const { opcode, payload, end } of framesIn(unread)) {
        socket.write(frame(opcode, payload));
        if (opcode === 8) socket.end();
        read = end;
      }
      unread = unread.subarray(read);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const opened = async (url: string): Promise<WebSocket> => {
  const socket = new WebSocket(url.replace("http:", "ws:"), ["realtime", `key.${CANARY}`]);
  await once(socket, "open");
  return socket;
};

async function messageOf(socket: WebSocket): Promise<unknown> {
  const [event] = (await once(socket, "message")) as [MessageEvent];
  return event.data;
}

describe("a WebSocket through the recorder", () => {
  it("carries messages both ways, which are counted", async (t) => {
    const requests: IncomingMessage[] = [];
    const { url, heard } = await recording(t, await startEcho(t, (_socket, request) => requests.push(request)));
    const socket = await opened(`${url}/v1/realtime?model=m&key=${CANARY}`);
    assert.equal(socket.protocol, "realtime");
    for (const text of ["hello", "ä".repeat(30_000), ""]) {
      socket.send(text);
      assert.equal(await messageOf(socket), text);
    }
    socket.close();
    await once(socket, "close");
    const [call] = heard;
    assert.equal((await call?.ended)?.outcome, "finished");
    assert.equal(call?.status, 101);
    assert.equal(call?.exchange.isWebSocket, true);
    assert.equal(call?.exchange.path, "v1/realtime?model=m");
    assert.ok((call?.tunneled.request ?? 0) > 60_000 && (call?.tunneled.response ?? 0) > 60_000);
    assert.equal(requests[0]?.url, `/v1/realtime?model=m&key=${CANARY}`);
    assert.match(String(requests[0]?.headers["sec-websocket-protocol"]), new RegExp(CANARY));
    assert.ok(!JSON.stringify(heard).includes(CANARY));
  });

  it("ends for the provider when the program goes away, and the other way round", async (t) => {
    let upstream: Duplex | undefined;
    const { recorder, url, heard } = await recording(t, await startEcho(t, (socket) => (upstream = socket)));
    const handshake = (): Socket => {
      const { host, pathname } = new URL(url);
      const socket = connect(recorder.port, "127.0.0.1");
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      return socket.on("error", () => undefined);
    };
    const leaving = handshake();
    const [head] = (await once(leaving, "data")) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 .*\r\ncf-aig-log-id: LOG00001\r\n/s);
    const closed = new Promise((resolve) => upstream?.once("close", resolve));
    leaving.resetAndDestroy();
    await closed;
    assert.equal((await heard[0]?.ended)?.outcome, "canceled");

    const staying = handshake();
    await once(staying, "data");
    const broken = new Promise((resolve) => staying.once("close", resolve));
    (upstream as Socket).resetAndDestroy();
    await broken;
    assert.equal((await heard[1]?.ended)?.outcome, "cut");
  });

  it("gets the provider's answer if it refuses", async (t) => {
    const { recorder, url, heard } = await recordingServer(t, (_request, response) =>
      response.writeHead(426, { "content-type": "text/plain" }).end("Use HTTP."),
    );
    const socket = connect(recorder.port, "127.0.0.1");
    const { host, pathname } = new URL(url);
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, "end");
    assert.match(text, /^HTTP\/1\.1 426 .*content-type: text\/plain\r\n.*\r\n\r\n.*Use HTTP\./s);
    assert.deepEqual([heard[0]?.status, (await heard[0]?.ended)?.outcome], [426, "finished"]);
    socket.destroy();
  });

  it("gets 502 if there is no provider, and 403 from a web page", async (t) => {
    const { recorder, url } = await recording(t, "http://127.0.0.1:1");
    for (const [more, status] of [
      ["", 502],
      ["Origin: http://evil.example\r\n", 403],
    ] as const) {
      const socket = connect(recorder.port, "127.0.0.1");
      const { host, pathname } = new URL(url);
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      const [chunk] = (await once(socket, "data")) as [Buffer];
      assert.match(chunk.toString(), new RegExp(`^HTTP/1\\.1 ${status} `));
      await once(socket, "end");
    }
  });

  it("that is abandoned while the provider thinks is abandoned there", async (t) => {
    const upstream = Promise.withResolvers<Duplex>();
    const server = createServer().on("upgrade", (_request, socket) => upstream.resolve(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { url, heard } = await recording(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const { host, pathname } = new URL(url);
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const thinking = await upstream.promise;
    const closed = new Promise((resolve) => thinking.on("error", () => undefined).once("close", resolve));
    thinking.resume();
    thinking.once("end", () => thinking.destroy());
    socket.destroy();
    await closed;
    assert.equal((await heard[0]?.ended)?.outcome, "canceled");
  });
});
