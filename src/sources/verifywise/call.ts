import { isClosed, isTimeout, nameOf } from "../../http/error-name.ts";
import { hiddenError, hiderOf } from "../../http/secret-hiding.ts";
import { reasonOfStatus, SourceError, type ErrorFacts, type ErrorReason } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import { secondsUntilAccepted, type RateLimit } from "./rate-limit.ts";
import { isObject } from "../../source/parsing.ts";

/** The name of the service in errors. */
export const SERVICE = "VerifyWise";

export type CallerOptions = {
  /** Without a trailing slash. */
  baseUrl: string;
  /** An API token, or an access token of a login. Requested for each call; no copy is kept. */
  token: () => Promise<string | undefined>;
  fetch: typeof fetch;
  /** The calls that are left, of a source. */
  limit?: RateLimit;
};

/**
 * Returns the reason for a refusal (docs/verifywise-api.md: Refusals): 400 is also a token without an ID, unless there is a
 * `detail` about a parameter, or a proxy's page; 406 is an expired one. Words are translated, so they decide nothing.
 */
function reasonOf(status: number, json: unknown): ErrorReason {
  const isOfToken = status === 400 && isObject(json) && !("detail" in json);
  if (status === 406 || isOfToken) return "unauthorized";
  if (status === 404 && json === undefined) return "badAnswer";
  return reasonOfStatus(status);
}

/** Returns a parsed text; undefined if it isn't JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns when a limit ends. */
const retryAtOf = ({ status, headers }: Response): { retryAt?: Date } =>
  status === 429 ? { retryAt: new Date(Date.now() + secondsUntilAccepted(headers) * 1000) } : {};

async function tokenOf({ token }: CallerOptions, facts: ErrorFacts): Promise<string> {
  const given = await token().catch((cause: unknown) => {
    throw new SourceError("unauthorized", "The token could not be read.", { ...facts, cause });
  });
  if (!given) throw new SourceError("unauthorized", "There is no token.", facts);
  // An error about a header would include it.
  if (/[^\x21-\x7e]/.test(given))
    throw new SourceError("unauthorized", "The token holds characters that no token has.", facts);
  return given;
}

/** What is sent; a body is sent as JSON. */
type Sent = { method: "GET" | "POST"; path: string; query?: URLSearchParams; body?: unknown };

/** What a call is authorized by: a token, or a secret in its body. Neither gets into an error. */
type Secret = { token?: string; password?: string };

/**
 * Sends a call and returns the parsed JSON of a success, or of the status `also`.
 * @throws SourceError
 */
export async function send(
  { baseUrl, fetch, limit }: Pick<CallerOptions, "baseUrl" | "fetch" | "limit">,
  { method, path, query, body }: Sent,
  { token, password = "" }: Secret = {},
  { signal, priority, also }: CallOptions & { also?: number } = {},
): Promise<unknown> {
  const facts: ErrorFacts = { service: SERVICE, method, path };
  const aborted = () => new SourceError("aborted", "The call was canceled.", facts);
  if (signal?.aborted) throw aborted();
  const heldUntil = priority === "background" ? limit?.heldUntil : undefined;
  if (heldUntil)
    throw new SourceError("rateLimited", "The last calls are left to the user.", { ...facts, retryAt: heldUntil });
  const hide = hiderOf(token ?? password);
  const end = limit?.begin();
  try {
    const response = await fetch(`${baseUrl}${path}${query ? `?${query.toString()}` : ""}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        accept: "application/json",
        "accept-language": "en",
      },
      redirect: "manual",
      credentials: "omit",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    limit?.learn(response);
    const json = jsonOf(await response.text());
    const { status } = response;
    if (!response.ok && status !== also) {
      const told = { ...facts, status, ...retryAtOf(response) };
      throw new SourceError(reasonOf(status, json), `It answered with status ${status}.`, told);
    }
    if (json === undefined) throw new SourceError("badAnswer", "The answer is not JSON.", { ...facts, status });
    return json;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const [name, cause] = [nameOf(error), hiddenError(error, hide)];
    if (signal?.aborted || isClosed(name)) throw aborted();
    if (isTimeout(name)) throw new SourceError("timeout", "No answer came in time.", { ...facts, cause });
    throw new SourceError("offline", `It could not be reached (${hide(name)}).`, { ...facts, cause });
  } finally {
    end?.();
  }
}

/** Calls a path below the base URL with the token; returns the parsed JSON. @throws SourceError */
export async function call(options: CallerOptions, sent: Sent, given?: CallOptions): Promise<unknown> {
  const { method, path } = sent;
  const token = await tokenOf(options, { service: SERVICE, method, path });
  return send(options, sent, { token }, given);
}
