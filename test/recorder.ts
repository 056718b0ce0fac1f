// A recorder in front of a test's own upstream, and what its observer heard.
import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Ending, Exchange } from "../src/recorder/observer.ts";
import { type Recorder, type RecorderOptions, startRecorder } from "../src/recorder/recorder.ts";
import { startServer } from "./proxy.ts";

/** What the observer heard of one call. */
export type Heard = {
  exchange: Exchange;
  request: Uint8Array[];
  status?: number;
  headers?: Readonly<Record<string, string>>;
  response: Uint8Array[];
  tunneled: { request: number; response: number };
  ending?: Ending;
  /** Resolves with the call's end. */
  ended: Promise<Ending>;
};

/** Starts a recorder whose provider "test" is the upstream; all that its observer hears is in `heard`. */
export async function recording(
  t: TestContext,
  upstream: string,
  options: Partial<RecorderOptions> = {},
): Promise<{ recorder: Recorder; url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  let count = 0;
  const recorder = await startRecorder({
    secret: "s3cret",
    upstreams: { test: upstream },
    newId: () => `LOG${String(++count).padStart(5, "0")}`,
    observer: (exchange) => {
      const { promise, resolve } = Promise.withResolvers<Ending>();
      const call: Heard = {
        exchange,
        request: [],
        response: [],
        tunneled: { request: 0, response: 0 },
        ended: promise,
      };
      heard.push(call);
      return {
        requestChunk: (chunk) => void call.request.push(chunk),
        answered: (status, headers) => void Object.assign(call, { status, headers }),
        responseChunk: (chunk) => void call.response.push(chunk),
        tunneled: (side, bytes) => void (call.tunneled[side] += bytes),
        ended: (ending) => {
          call.ending = ending;
          resolve(ending);
        },
      };
    },
    ...options,
  });
  t.after(() => recorder.close());
  return { recorder, url: recorder.urlOf({ sourceId: "local", collectionId: "main" }, "test"), heard };
}

/** Starts an HTTP server as upstream, and a recorder in front of it. */
export async function recordingServer(
  t: TestContext,
  listener: RequestListener,
  options: Partial<RecorderOptions> = {},
) {
  const server = await startServer(listener);
  t.after(() => server.close());
  return { server, ...(await recording(t, server.url, options)) };
}

/** Starts a server of plain connections as upstream. */
export async function startSockets(t: TestContext, onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
