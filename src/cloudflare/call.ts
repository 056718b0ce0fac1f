import { CloudflareError, reasonOfStatus, type ErrorFacts } from "./errors.ts";
import { parseEnvelope, type Envelope } from "./schema.ts";

export type CallOptions = { signal?: AbortSignal; priority?: "person" | "background" };

/** One line out, one line back: what the log channel shows at trace level. Never a header, never a body. */
type CallTrace = (line: string) => void;

export type CallerOptions = {
  /** Without a trailing slash, e.g. `https://api.cloudflare.com/client/v4`. */
  baseUrl: string;
  /** Asked for at each call; the client keeps no copy. */
  token: () => Promise<string | undefined>;
  fetch?: typeof fetch;
  trace?: CallTrace;
  /** Milliseconds from the start of a call to the last byte of its answer; 60,000 unless given. */
  deadlineMs?: number;
};

export type Answer = { status: number; contentType: string | undefined; bytes: Uint8Array; facts: ErrorFacts };

/** Makes calls: address, credentials, deadline, abort, and an answer or a CloudflareError. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #fetch: typeof fetch;
  #count = 0;

  constructor(options: CallerOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, "") };
    this.#fetch = options.fetch ?? fetch;
  }

  /** GET, with the envelope checked: 200 with `success: false` is a failure too (facts 1.2). */
  async get(path: string, query?: URLSearchParams, options?: CallOptions): Promise<Envelope> {
    return envelopeOf(await this.#call("GET", path, query, options));
  }

  /** GET of a stored body: any 2xx answer is the body itself, whatever it holds (facts 0.7). */
  async getRaw(path: string, options?: CallOptions): Promise<Answer> {
    const answer = await this.#call("GET", path, undefined, options);
    if (answer.status < 200 || answer.status > 299) throw failure(answer);
    return answer;
  }

  async #call(method: string, path: string, query?: URLSearchParams, options?: CallOptions): Promise<Answer> {
    const facts: ErrorFacts = { method, path };
    const aborted = () => new CloudflareError("aborted", "The call was given up.", facts);
    if (options?.signal?.aborted) throw aborted();
    const token = await this.#options.token();
    if (!token) throw new CloudflareError("unauthorized", "There is no token for this account.", facts);
    const deadline = AbortSignal.timeout(this.#options.deadlineMs ?? 60_000);
    const signal = options?.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    const id = ++this.#count;
    const search = query?.size ? `?${query.toString()}` : "";
    const started = performance.now();
    const took = () => `${Math.round(performance.now() - started)} ms`;
    this.#options.trace?.(`→ ${id} ${method} ${path}${search}`);
    try {
      // A redirect is not followed: it could carry the token to another host.
      const response = await this.#fetch(`${this.#options.baseUrl}${path}${search}`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: "*/*" },
        redirect: "manual",
        signal,
      });
      const rayId = response.headers.get("cf-ray") ?? undefined;
      const answerFacts: ErrorFacts = {
        ...facts,
        status: response.status,
        ...(rayId ? { rayId } : {}),
        ...retryAt(response),
      };
      const bytes = await response.bytes();
      this.#options.trace?.(`← ${id} ${response.status} ${took()} ${bytes.byteLength} bytes`);
      const contentType = response.headers.get("content-type") ?? undefined;
      return { status: response.status, contentType, bytes, facts: answerFacts };
    } catch (cause) {
      this.#options.trace?.(`← ${id} failed after ${took()}: ${nameOf(cause)}`);
      if (options?.signal?.aborted) throw aborted();
      if (deadline.aborted || nameOf(cause).endsWith("_TIMEOUT"))
        throw new CloudflareError("timeout", "No complete answer came in time.", { ...facts, cause });
      throw new CloudflareError("offline", `The API could not be reached (${nameOf(cause)}).`, { ...facts, cause });
    }
  }
}

/** The code of a network error ("ECONNREFUSED"), which undici keeps one or two causes deep. */
function nameOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return error instanceof Error ? error.name : "unknown error";
}

function retryAt(response: Response): Pick<ErrorFacts, "retryAt"> {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAt: new Date(Date.now() + seconds * 1000) } : {};
}

function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.bytes));
  } catch {
    return undefined;
  }
}

/** The error that an answer other than success stands for, with Cloudflare's own code and words where it has some. */
function failure(answer: Answer, envelope = parseEnvelope(jsonOf(answer))): CloudflareError {
  const first = envelope?.errors?.[0];
  const reason = answer.status === 200 ? "rejected" : reasonOfStatus(answer.status);
  const message = first?.message ?? `The API answered with status ${answer.status}.`;
  return new CloudflareError(reason, message, {
    ...answer.facts,
    ...(first?.code == null ? {} : { code: first.code }),
  });
}

function envelopeOf(answer: Answer): Envelope {
  const envelope = parseEnvelope(jsonOf(answer));
  if (answer.status < 200 || answer.status > 299) throw failure(answer, envelope);
  if (!envelope) {
    const kind = answer.contentType ?? "no content type";
    throw new CloudflareError(
      "badAnswer",
      `The answer is not from the Cloudflare API (${kind}, ${answer.bytes.byteLength} bytes).`,
      answer.facts,
    );
  }
  if (!envelope.success) throw failure(answer, envelope);
  return envelope;
}
