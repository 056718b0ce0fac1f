import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { nameOf } from "../http/error-name.ts";
import { passedOn, type RawHeaders } from "./headers.ts";
import type { Outcome, Reporter } from "./observer.ts";
import { type Call, relay } from "./relay.ts";

/** Limit on the bytes that a program sends before the upstream has accepted its WebSocket. */
const MOST_EARLY_BYTES = 65_536;

/** Whether a request asks for a WebSocket. */
export const asksForWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.trim().toLowerCase() === "websocket";

/** Returns a response for a request that Node has left to us with its connection, which ends with it. */
export function responseOn(socket: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Typed as a Socket, but used as a stream.
  response.assignSocket(socket as never);
  response.once("finish", () => {
    response.detachSocket(socket as never);
    socket.end(() => socket.destroy());
  });
  return response;
}

/**
 * Lets the server answer a request for another protocol ("h2c", which Java's client always asks for) as a plain one, as
 * a server may that doesn't know the protocol.
 */
export function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const kept = passedOn(request.rawHeaders, "response", (name) => name === "http2-settings");
  const framing = request.headers["transfer-encoding"];
  const headers = [...kept, ...(framing === undefined ? [] : ["transfer-encoding", framing])];
  const lines = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ""}\r\n`] : []));
  const start = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n${lines.join("")}\r\n`;
  socket.unshift(Buffer.concat([Buffer.from(start, "latin1"), head]));
  server.emit("connection", socket);
}

/**
 * Asks the upstream for a WebSocket. If it accepts, bytes go both ways as they are, and are counted; if not, its answer
 * is passed on.
 */
export function openTunnel(dispatcher: Pick<Dispatcher, "dispatch">, call: Call, socket: Duplex, head: Buffer): void {
  const { response, reporter, now, added } = call;
  const early = [head];
  let size = head.length;
  // Reading shows that the program has gone away while the upstream thinks.
  const keep = (chunk: Buffer): void => {
    early.push(chunk);
    size += chunk.length;
    if (size > MOST_EARLY_BYTES) socket.pause();
  };
  const leave = (): void => void socket.destroy();
  socket.on("data", keep).once("end", leave);
  relay(dispatcher, call, {
    protocol: call.request.headers.upgrade ?? "websocket",
    onUpgrade: (status, headers, upstream) => {
      socket.pause();
      socket.off("data", keep).off("end", leave);
      response.detachSocket(socket as never);
      reporter.answered(status, {}, now());
      socket.write(headOf(status, [...headers, ...added]), "latin1");
      for (const chunk of early.filter(({ length }) => length > 0)) {
        upstream.write(chunk);
        reporter.tunneled("request", chunk.length, now());
      }
      join(socket, upstream, reporter, now);
    },
  });
}

function headOf(status: number, headers: RawHeaders): string {
  const lines = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ""}\r\n`] : []));
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

function join(socket: Duplex, upstream: Duplex, reporter: Reporter, now: () => number): void {
  const end = (outcome: Outcome, error?: Error): void =>
    reporter.ended({ outcome, at: now(), ...(error && { error: nameOf(error) }) });
  socket.on("data", (chunk: Buffer) => reporter.tunneled("request", chunk.length, now()));
  upstream.on("data", (chunk: Buffer) => reporter.tunneled("response", chunk.length, now()));
  socket.once("end", () => end("finished")).on("error", (error) => end("canceled", error));
  upstream.once("end", () => end("finished")).on("error", (error) => end("cut", error));
  socket.once("close", () => {
    end("canceled");
    upstream.destroy();
  });
  upstream.once("close", () => {
    end("cut");
    socket.end(() => socket.destroy());
  });
  socket.pipe(upstream);
  upstream.pipe(socket);
}
