import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { nameOf } from "../http/error-name.ts";
import { answerItself } from "./answers.ts";
import { passedOn, type RawHeaders, rawOf, reportedOf, valuesOf } from "./headers.ts";
import type { Outcome, Reporter } from "./observer.ts";
import { hasBody, uploadOf } from "./upload.ts";
import type { Target } from "./upstreams.ts";
import { isForGateway } from "./wishes.ts";

/** A call to pass on. */
export type Call = {
  request: IncomingMessage;
  response: ServerResponse;
  target: Target;
  /** Headers that the answer carries besides the upstream's. */
  added: RawHeaders;
  reporter: Reporter;
  now: () => number;
};

/** Takes over the upstream's connection after it has switched protocols; headers as on the wire. */
export type OnUpgrade = (status: number, headers: RawHeaders, upstream: Duplex) => void;

/**
 * Passes a call on to its target, and the answer back, as they come: neither side is waited for longer than the other
 * takes. Nothing is sent twice.
 */
export function relay(
  dispatcher: Pick<Dispatcher, "dispatch">,
  call: Call,
  upgrade?: { protocol: string; onUpgrade: OnUpgrade },
): void {
  const { request, target, reporter, now } = call;
  const handler = new Relay(call, upgrade?.onUpgrade);
  const isDropped = target.isGateway ? undefined : isForGateway;
  try {
    dispatcher.dispatch(
      {
        origin: target.origin,
        path: target.path,
        method: request.method ?? "GET",
        headers: passedOn(request.rawHeaders, "request", isDropped),
        body: hasBody(request) && !upgrade ? uploadOf(request, (chunk) => reporter.requestChunk(chunk, now())) : null,
        // Models may think for longer than any limit.
        headersTimeout: 0,
        bodyTimeout: 0,
        ...(upgrade && { upgrade: upgrade.protocol }),
      },
      handler,
    );
  } catch (error) {
    handler.onResponseError(undefined, error);
  }
}

const NOTHING = Buffer.alloc(0);

class Relay implements Dispatcher.DispatchHandler {
  readonly #call: Call;
  readonly #onUpgrade: OnUpgrade | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** Whether a part of the request may have been sent. */
  #isSent = false;
  /** Whether the call has ended for one side, so that what the other side says no longer counts. */
  #isOver = false;
  #lastAt: number | undefined;
  /** Whether the program can tell a whole response from one that was cut. */
  #isFramed = true;

  constructor(call: Call, onUpgrade: OnUpgrade | undefined) {
    this.#call = call;
    this.#onUpgrade = onUpgrade;
    call.response.on("error", () => undefined);
    call.response.on("drain", () => this.#controller?.resume());
    call.response.once("finish", () => this.#end("finished"));
    call.response.once("close", () => {
      if (this.#isOver) return;
      this.#end("canceled");
      this.#controller?.abort(new Error("The program has closed the connection."));
    });
  }

  #end(outcome: Outcome, error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { reporter, now } = this.#call;
    reporter.ended({ outcome, at: this.#lastAt ?? now(), ...(error !== undefined && { error: nameOf(error) }) });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error("The program has closed the connection."));
    else this.#isSent = true;
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, parsed: unknown, upstream: Duplex): void {
    if (this.#isOver || !this.#onUpgrade) {
      upstream.destroy();
      return;
    }
    this.#isOver = true;
    this.#onUpgrade(status, rawOf(controller.rawHeaders ?? (parsed as Record<string, string>)), upstream);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    parsed: Record<string, string | string[] | undefined>,
    message = "",
  ): void {
    // Hints before the response are for the first hop only.
    if (status < 200 || this.#isOver) return;
    const { request, response, added, reporter, now } = this.#call;
    const at = now();
    const raw = rawOf(controller.rawHeaders ?? parsed);
    // Node announces trailers with chunks only; a response without a body has neither.
    const hasLength = valuesOf(raw, "content-length").length > 0;
    const isChunked = request.httpVersionMinor > 0 && request.method !== "HEAD" && !hasLength;
    this.#isFramed = isChunked || hasLength;
    const names = new Set(added.filter((_, index) => index % 2 === 0));
    const headers = passedOn(raw, "response", (name) => name === "trailer" && !isChunked);
    for (const [index, name] of raw.entries()) if (index % 2 === 0) names.delete(name.toLowerCase());
    for (const name of names) headers.push(name, ...valuesOf(added, name));
    response.sendDate = false;
    // Undici reads the message as UTF-8, Node writes Latin-1.
    response.writeHead(status, Buffer.from(message).toString("latin1"), headers);
    // Sends the headers now and as Latin-1; flushHeaders would send them as UTF-8.
    response.write(NOTHING);
    reporter.answered(status, reportedOf(raw, "response"), at);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    const { response, reporter, now } = this.#call;
    if (!response.write(chunk)) controller.pause();
    reporter.responseChunk(chunk, now());
  }

  onResponseEnd(
    controller: Dispatcher.DispatchController,
    parsed: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#isOver) return;
    const { response, now } = this.#call;
    this.#lastAt = now();
    const trailers = rawOf(controller.rawTrailers ?? parsed);
    const pairs = trailers.flatMap((name, index) =>
      index % 2 === 0 ? [[name, trailers[index + 1] ?? ""] as [string, string]] : [],
    );
    if (pairs.length > 0) response.addTrailers(pairs);
    response.end();
  }

  onResponseError(_controller: unknown, error: unknown): void {
    if (this.#isOver) return;
    const { response, target, added } = this.#call;
    if (this.#isSent) {
      this.#end("cut", error);
      cut(response, this.#isFramed);
      return;
    }
    this.#end("unreachable", error);
    const message = `The recorder couldn't connect to ${new URL(target.origin).host} (${nameOf(error)}).`;
    answerItself(response, 502, { code: "unreachable", message }, added);
  }
}

/**
 * Breaks the program's connection as the upstream's broke: what was passed on before still arrives, but not the end of
 * the response.
 */
function cut(response: ServerResponse, isFramed: boolean): void {
  const { socket } = response;
  if (!response.headersSent || !socket || socket.destroyed) {
    response.destroy();
    return;
  }
  // Without chunks or a length, closing the connection is a clean end; a reset isn't.
  socket.end(() => (isFramed ? socket.destroy() : socket.resetAndDestroy()));
}
