import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isLoopback } from "../http/proxy.ts";
import { createDispatcher, type PassingOn } from "../http/transport.ts";
import type { CollectionRef } from "../source/log.ts";
import { addressOf, comparing, withoutSecrets } from "./address.ts";
import { answerItself, type RefusalCode } from "./answers.ts";
import { reportedOf } from "./headers.ts";
import { type Observer, reporterOf } from "./observer.ts";
import { type Call, relay } from "./relay.ts";
import { asksForWebSocket, openTunnel, responseOn, serveWithoutUpgrade } from "./tunnel.ts";
import { type CallAddress, type Target, targetsOf, type Upstreams } from "./upstreams.ts";
import { wishesOf } from "./wishes.ts";

export type RecorderOptions = {
  /** 0 or absent for any free port. */
  port?: number;
  /** First segment of every address: random letters and digits. Who doesn't know it can't use the recorder. */
  secret: string;
  /** Providers besides the known ones, or other addresses for these. */
  upstreams?: Upstreams;
  /** Makes the calls, with the user's proxy and certificates. By default, direct connections. */
  dispatcher?: PassingOn;
  observer: Observer;
  /** Returns a new log's ID, for a time in milliseconds since 1970. Letters, digits and hyphens. */
  newId: (at: number) => string;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
  /** Called with the observer's and internal errors; calls go on. */
  onError?: (error: unknown) => void;
};

export type Recorder = {
  port: number;
  /** `http://127.0.0.1:PORT/SECRET/v1`: base for calls, like `https://gateway.ai.cloudflare.com/v1`. */
  baseUrl: string;
  /** Returns a provider's base address for programs, without a slash at its end. */
  urlOf(gateway: CollectionRef, provider: string): string;
  /** Ends all calls, closes all connections, also the dispatcher's, and frees the port. */
  close(): Promise<void>;
};

/** Limit on the bytes of a request's headers: agents send long ones. */
const MOST_HEADER_BYTES = 131_072;

/** Whether a call is signed for its host (AWS), so that another host's address in it makes it invalid. */
const isSigned = ({ headers }: IncomingMessage): boolean => /^AWS4-/i.test(headers.authorization ?? "");

/**
 * Starts a server on 127.0.0.1 that passes calls on to model providers as they are, and tells the observer what it saw.
 * Addresses are those of Cloudflare's gateway behind a secret: `/{secret}/v1/{account}/{gateway}/{provider}/{path}`. It
 * refuses any Host but its own, so a web page can't reach it by DNS rebinding, and any Origin. Programs' credentials go
 * to the upstream, and never to the observer.
 * @throws Error if it can't listen, or an upstream's address is neither https nor on this machine
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { secret, observer, newId, now = Date.now, onError = () => undefined } = options;
  const findTarget = targetsOf(options.upstreams ?? {});
  const isSecret = comparing(secret);
  const dispatcher = options.dispatcher ?? createDispatcher();
  const sockets = new Set<Duplex>();
  let port = 0;

  /** Returns where a call goes, or answers it. */
  function targetOf(
    request: IncomingMessage,
    response: ServerResponse,
  ): (CallAddress & { target: Target }) | undefined {
    const refuse = (status: number, code: RefusalCode, message: string): undefined => {
      answerItself(response, status, { code, message });
      return undefined;
    };
    const { host = "", origin } = request.headers;
    if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(host.toLowerCase()))
      return refuse(403, "host-not-allowed", "The recorder can't be called by this host name.");
    if (origin !== undefined) return refuse(403, "origin-not-allowed", "Web pages can't call the recorder.");
    const address = addressOf(request.url ?? "", isSecret);
    if (!address) return refuse(404, "unknown-address", "This isn't an address of the recorder.");
    const target = findTarget(address);
    if ("refused" in target) return refuse(target.refused === "compat" ? 501 : 404, target.refused, target.message);
    const url = new URL(target.origin);
    if (isLoopback(url) && url.port === String(port))
      return refuse(508, "calls-itself", "The recorder's upstream is the recorder itself.");
    if (isSigned(request))
      return refuse(501, "signed-for-another-host", "A call with an AWS signature can't be passed on: use an API key.");
    return { ...address, target };
  }

  /** Returns a call that was accepted, already reported; undefined if it was answered. */
  function accept(request: IncomingMessage, response: ServerResponse): Call | undefined {
    const startedAt = now();
    const found = targetOf(request, response);
    if (!found) return undefined;
    const { account, gateway, provider, rest, target } = found;
    const wishes = wishesOf(request.rawHeaders);
    const id = newId(startedAt);
    const eventId = wishes.eventId ?? id;
    const exchange = {
      id,
      eventId,
      account,
      gateway,
      provider,
      path: withoutSecrets(rest),
      host: new URL(target.origin).host,
      method: request.method ?? "GET",
      startedAt,
      requestHeaders: reportedOf(request.rawHeaders, "request"),
      wishes,
      isWebSocket: asksForWebSocket(request),
    };
    const added = ["cf-aig-log-id", id, "cf-aig-event-id", eventId, "cf-aig-step", "0"];
    return { request, response, target, added, reporter: reporterOf(observer, exchange, onError), now };
  }

  const server = createServer(
    // Uploads and answers may take any time. Programs use idle connections again after minutes.
    { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 180_000, maxHeaderSize: MOST_HEADER_BYTES },
    (request, response) => {
      const call = accept(request, response);
      if (call) relay(dispatcher, call);
    },
  );
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (!asksForWebSocket(request)) {
      serveWithoutUpgrade(server, request, socket, head);
      return;
    }
    const call = accept(request, responseOn(socket, request));
    if (call) openTunnel(dispatcher, call, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  server.on("error", onError);
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  const baseUrl = `http://127.0.0.1:${port}/${secret}/v1`;
  return {
    port,
    baseUrl,
    urlOf: ({ sourceId, collectionId }, provider) =>
      [baseUrl, ...[sourceId, collectionId, provider].map(encodeURIComponent)].join("/"),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Calls end when their connections have closed, which is later than the server counts.
      const ended = [...sockets].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, ...ended]);
      await dispatcher.close();
    },
  };
}
