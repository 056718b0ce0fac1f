import { isClosed, isTimeout, nameOf } from "../../../http/error-name.ts";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CallBudgets } from "./budget.ts";
import type { CallOptions } from "../../../source/query.ts";
import { SourceError, reasonOfStatus, type ErrorFacts } from "../../../source/errors.ts";
import { SERVICE } from "../service.ts";
import { InFlight } from "./in-flight.ts";
import type { CountedInit } from "../../../http/retry.ts";
import { parseEnvelope, type Envelope } from "../schema.ts";
import { hiddenError, hiderOf, type Hide } from "../../../http/secret-hiding.ts";

/**
 * An email with a global API key: the older credentials, accepted everywhere except token verify
 * (API notes: Credentials).
 */
type GlobalKey = { email: string; key: string };

export type CallerOptions = {
  /** Without a trailing slash, e.g. `https://api.cloudflare.com/client/v4`. */
  baseUrl: string;
  /** An API token or a global key. Requested for each call; the client keeps no copy. */
  token: () => Promise<string | GlobalKey | undefined>;
  fetch?: typeof fetch;
  /** Receives one line per request and response for the log channel's trace level. Never a header, never a body. */
  trace?: (line: string) => void;
  /** Milliseconds from a call's start to its last byte; 60,000 by default. */
  deadlineMs?: number;
  /** Shared by a process's clients, so that clients with the same token share its budget. */
  budgets?: CallBudgets;
};

/** `bytes` are verbatim; anything taken from them for an error goes through `hide`, which removes the credential. */
export type Answer = {
  status: number;
  contentType: string | undefined;
  bytes: Uint8Array;
  facts: ErrorFacts;
  hide: Hide;
};

/**
 * A successful envelope, with the call's facts for errors about its content. Text for such an error must go through
 * `hide`.
 */
export type Received = Envelope & { facts: ErrorFacts; hide: Hide };

type Outgoing = { method: "GET" | "POST" | "PATCH" | "DELETE"; path: string; query?: URLSearchParams; body?: unknown };

/** Whether a call changes nothing: it may be aborted and repeated. POSTs are questions with a body. */
const isRead = ({ method }: Outgoing): boolean => method === "GET" || method === "POST";
/** `signal`: aborted by the caller or by the deadline. */
type Opened = { response: Response; facts: ErrorFacts; hide: Hide; signal: AbortSignal };

/** Makes calls: address, credentials, budget, deadline, abort, and a response or a SourceError. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #fetch: typeof fetch;
  readonly #budgets: CallBudgets;
  readonly #inFlight = new InFlight<Answer>();
  /** The API's time in its last response, and the monotonic `performance.now()` of its arrival. */
  #clock: { time: number; at: number } | undefined;
  /** Counted over all clients, which share one log. */
  static #count = 0;

  constructor(options: CallerOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, "") };
    this.#fetch = options.fetch ?? fetch;
    this.#budgets = options.budgets ?? new CallBudgets();
  }

  /**
   * Returns the API's time: from the `Date` header of its last response, so at most a second plus the latency behind,
   * never ahead. Before the first response, this machine's time.
   */
  now(): Date {
    return new Date(this.#clock ? this.#clock.time + (performance.now() - this.#clock.at) : Date.now());
  }

  /** Makes a GET and checks the envelope: 200 with `success: false` is also a failure (API notes: Errors). */
  async get(path: string, query?: URLSearchParams, options?: CallOptions): Promise<Received> {
    return envelopeOf(await this.#shared({ method: "GET", path, ...(query ? { query } : {}) }, options));
  }

  /**
   * Gets a stored body: any 2xx response is the body itself, whatever it contains (API notes: Log detail and bodies).
   */
  async getRaw(path: string, options?: CallOptions): Promise<Answer> {
    const answer = await this.#shared({ method: "GET", path }, options);
    if (!isSuccess(answer.status)) throw failure(answer);
    return answer;
  }

  /** Streams a stored body into `sink`, at constant memory; returns its content type and number of bytes. */
  async stream(path: string, sink: WritableStream<Uint8Array>, options: CallOptions = {}) {
    return this.#exchange({ method: "GET", path }, options, async (opened) => {
      const { response, signal } = opened;
      if (!isSuccess(response.status)) throw failure(await answerOf(opened));
      const bytes = await pour(response, sink, signal);
      return { contentType: contentTypeOf(opened), bytes };
    });
  }

  /** Asks a question by POST, and checks the envelope as `get` does. */
  async ask(path: string, body: unknown, options: CallOptions = {}): Promise<Received> {
    return envelopeOf(await this.#exchange({ method: "POST", path, body }, options, answerOf));
  }

  /** Asks a question by POST whose answer has no envelope; returns its JSON, whatever the status. */
  async askRaw(path: string, body: unknown, options: CallOptions = {}): Promise<Answer & { json: unknown }> {
    const answer = await this.#exchange({ method: "POST", path, body }, options, answerOf);
    return { ...answer, json: jsonOf(answer) };
  }

  /** Makes a PATCH or DELETE once: never shared, never retried. */
  async send(outgoing: Outgoing & { method: "PATCH" | "DELETE" }, options: CallOptions = {}): Promise<Received> {
    try {
      return envelopeOf(await this.#exchange(outgoing, options, answerOf));
    } finally {
      // A read that began before the change may not include it.
      this.#inFlight.forget();
    }
  }

  /** Deduplicates equal concurrent GETs of the same priority. */
  #shared(outgoing: Outgoing, options: CallOptions = {}): Promise<Answer> {
    const { signal, ...rest } = options;
    const key = JSON.stringify([rest.priority, outgoing.path, outgoing.query?.toString()]);
    const start = (given: AbortSignal) => this.#exchange(outgoing, { ...rest, signal: given }, answerOf);
    return this.#inFlight.share(key, start, signal);
  }

  #learnTime(headers: Headers): void {
    const time = Date.parse(headers.get("date") ?? "");
    if (!Number.isNaN(time)) this.#clock = { time, at: performance.now() };
  }

  async #credentials(facts: ErrorFacts): Promise<string | GlobalKey> {
    let credentials: string | GlobalKey | undefined;
    try {
      credentials = await this.#options.token();
    } catch (cause) {
      throw new SourceError("unauthorized", "The token could not be read.", { ...facts, cause });
    }
    if (!credentials) throw new SourceError("unauthorized", "There is no token for this account.", facts);
    // Checked here, because an error about a header would include the token.
    const texts = typeof credentials === "string" ? [credentials] : [credentials.email, credentials.key];
    if (texts.some((text) => /[^\x21-\x7e]/.test(text))) {
      throw new SourceError("unauthorized", "The token holds characters that no token has.", facts);
    }
    return credentials;
  }

  async #exchange<T>(outgoing: Outgoing, options: CallOptions, read: (opened: Opened) => Promise<T>): Promise<T> {
    const { method, path, query, body } = outgoing;
    const facts: ErrorFacts = { service: SERVICE, method, path };
    const { signal, priority = "person", onWait } = options;
    const aborted = () => new SourceError("aborted", "The call was canceled.", facts);
    if (signal?.aborted) throw aborted();
    const credentials = await this.#credentials(facts);
    const secret = typeof credentials === "string" ? credentials : credentials.key;
    const hide = hiderOf(secret);
    facts.path = hide(path);
    const trace = (line: string) => this.#options.trace?.(hide(line));
    const budget = this.#budgets.of(secret);
    const release = await budget.take(priority, signal, onWait);
    // Not AbortSignal.timeout: its timer would outlive the call.
    const deadline = new AbortController();
    // A sent change isn't aborted, because its outcome would be unknown.
    const given = isRead(outgoing) ? signal : undefined;
    const timer = setTimeout(() => deadline.abort(), this.#options.deadlineMs ?? 60_000);
    const over = given ? AbortSignal.any([given, deadline.signal]) : deadline.signal;
    const id = ++Caller.#count;
    const search = query?.size ? `?${query.toString()}` : "";
    const started = performance.now();
    const took = () => `${Math.round(performance.now() - started)} ms`;
    try {
      trace(`→ ${id} ${method} ${path}${search}`);
      const init: CountedInit = {
        method,
        headers: { ...headersOf(credentials), ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Not followed: a redirect could carry the token to another host.
        redirect: "manual",
        signal: over,
        onRetry: () => budget.countRetry(),
        isRead: isRead(outgoing),
      };
      const response = await this.#fetch(`${this.#options.baseUrl}${path}${search}`, init);
      budget.learn(response.headers);
      this.#learnTime(response.headers);
      const answered = { ...facts, status: response.status, ...rayOf(response, hide), ...retryAtOf(response) };
      if (response.status === 429 && answered.retryAt) budget.block(answered.retryAt);
      const value = await read({ response, facts: answered, hide, signal: over });
      trace(`← ${id} ${response.status} ${took()} ${sizeOf(value)} bytes`);
      return value;
    } catch (error) {
      const name = hide(nameOf(error));
      trace(`← ${id} failed after ${took()}: ${name}`);
      if (error instanceof SourceError) throw error;
      const cause = hiddenError(error, hide);
      // Connections close when VS Code's settings change or the extension shuts down.
      if (given?.aborted || isClosed(name)) throw aborted();
      if (deadline.signal.aborted || isTimeout(name)) {
        throw new SourceError("timeout", "No complete answer came in time.", { ...facts, cause });
      }
      throw new SourceError("offline", `The API could not be reached (${name}).`, { ...facts, cause });
    } finally {
      clearTimeout(timer);
      release();
    }
  }
}

/** Writes a response's body piece by piece; returns the number of bytes. */
async function pour(response: Response, sink: WritableStream<Uint8Array>, signal: AbortSignal): Promise<number> {
  const writer = sink.getWriter();
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
  over.catch(() => undefined);
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      await Promise.race([saved(writer.write(chunk)), over]);
      bytes += chunk.byteLength;
    }
    await Promise.race([saved(writer.close()), over]);
    return bytes;
  } catch (error) {
    // Not awaited: a hanging sink would block the call.
    writer.abort(error).catch(() => undefined);
    throw error;
  }
}

async function saved(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError("notSaved", `What was read could not be written: ${message}`, { cause });
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

function headersOf(credentials: string | GlobalKey): Record<string, string> {
  return typeof credentials === "string"
    ? { authorization: `Bearer ${credentials}`, accept: "*/*" }
    : { "x-auth-email": credentials.email, "x-auth-key": credentials.key, accept: "*/*" };
}

function contentTypeOf({ response, hide }: Pick<Opened, "response" | "hide">): string | undefined {
  const contentType = response.headers.get("content-type");
  return contentType === null ? undefined : hide(contentType);
}

/** Bytes to join in one turn of the event loop: allocating takes milliseconds per MB. */
const A_TURN = 1024 * 1024;

/**
 * Returns all bytes of a response; a large one doesn't block the event loop, and is in shared memory, so that a thread
 * can read it without a copy.
 */
async function bytesOf({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  // A reader, because a stream's iterator creates several more promises per chunk.
  const reader = body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) chunks.push(read.value);
  const [only = new Uint8Array()] = chunks;
  if (chunks.length <= 1) return only;
  const bytes = new Uint8Array(new SharedArrayBuffer(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)));
  let [at, turn] = [0, 0];
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
    turn += chunk.byteLength;
    if (turn < A_TURN) continue;
    turn = 0;
    await nextTurn();
  }
  return bytes;
}

async function answerOf(opened: Opened): Promise<Answer> {
  const { response, facts, hide } = opened;
  const contentType = contentTypeOf(opened);
  return { status: response.status, contentType, bytes: await bytesOf(response), facts, hide };
}

function sizeOf(value: unknown): number {
  const bytes = typeof value === "object" && value !== null && "bytes" in value ? value.bytes : 0;
  return typeof bytes === "number" ? bytes : bytes instanceof Uint8Array ? bytes.byteLength : 0;
}

function rayOf(response: Response, hide: Hide): Pick<ErrorFacts, "requestId"> {
  const rayId = response.headers.get("cf-ray");
  return rayId ? { requestId: `cf-ray ${hide(rayId)}` } : {};
}

/**
 * Returns `retry-after`, in seconds or as a date; else, at the rate limit, the time in `x-ratelimit-reset`
 * (API notes: Call limits).
 */
function retryAtOf(response: Response): Pick<ErrorFacts, "retryAt"> {
  const after = response.headers.get("retry-after");
  const seconds = after === null || after.trim() === "" ? Number.NaN : Number(after);
  const reset = response.status === 429 ? response.headers.get("x-ratelimit-reset") : null;
  const time = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(after ?? reset ?? "");
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? {} : { retryAt: date };
}

function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.bytes));
  } catch {
    return undefined;
  }
}

/** Limit on an API message's characters in an error: whatever responds in the API's place may send any number. */
const LONGEST_MESSAGE = 4000;

/** Returns the error for a failed response, with Cloudflare's code and message if it has them. */
function failure(answer: Answer, envelope = parseEnvelope(jsonOf(answer))): SourceError {
  const { message, code } = envelope?.errors?.[0] ?? {};
  const reason = answer.status === 200 ? "rejected" : reasonOfStatus(answer.status);
  const said = (text: string) => answer.hide(text.slice(0, LONGEST_MESSAGE));
  return new SourceError(reason, said(message ?? `The API answered with status ${answer.status}.`), {
    ...answer.facts,
    ...(code === undefined ? {} : { code: typeof code === "string" ? said(code) : code }),
  });
}

function envelopeOf(answer: Answer): Received {
  const envelope = parseEnvelope(jsonOf(answer));
  if (!isSuccess(answer.status)) throw failure(answer, envelope);
  if (!envelope) {
    const kind = answer.contentType ?? "no content type";
    const message = `The answer is not from the Cloudflare API (${kind}, ${answer.bytes.byteLength} bytes).`;
    throw new SourceError("badAnswer", message, answer.facts);
  }
  if (!envelope.success) throw failure(answer, envelope);
  return { ...envelope, facts: answer.facts, hide: answer.hide };
}
