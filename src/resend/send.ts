import { textOf } from "../chat/body/utf8.ts";
import { isTimeout, nameOf } from "../http/error-name.ts";
import { SourceError } from "../source/errors.ts";
import type { Metadata } from "../source/log.ts";
import type { CallHeaders } from "../source/names.ts";
import { hiddenError, hiderOf, type Hide } from "../http/secret-hiding.ts";

/** A request to send through a gateway. */
export type Sending = {
  url: string;
  /** The gateway token: in one header, and nowhere else. */
  token: string;
  contentType: string;
  headers: Readonly<Record<string, string>>;
  /** The names of the service's own headers. */
  names: Pick<CallHeaders, "logId" | "token" | "metadata" | "skipCache">;
  metadata: Metadata;
  body: string;
};

/** The response, whatever its status. Headers, and the body of a failure, are without the token. */
export type Answer = {
  status: number;
  contentType: string | undefined;
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the response exceeded the limit. */
  cut: boolean;
  /** ID of the log that the gateway writes, if any. */
  logId: string | undefined;
  durationMs: number;
};

/** Limit on a response in bytes: the gateway's own for a log (API notes: Limits). */
const MOST_BYTES = 10 * 1024 * 1024;

/** Limit on a failed response in bytes, which is searched for the token. */
const MOST_OF_REFUSAL = 256 * 1024;

/** Deadline of a request including its whole response, in ms: some models think for minutes. */
const DEADLINE = 600_000;

/** Timeouts for the start and the continuation of a response, in ms, for the transport. */
export const ANSWER_TIMEOUTS = { headers: 300_000, body: 120_000 };

/** The gateway accepts five metadata entries (API notes: Limits). */
const MOST_METADATA = 5;

/** Returns a resent request's metadata: the original log, and as many of its entries as fit. */
export function resentMetadata(logId: string, own: Metadata): Metadata {
  const others = Object.entries(own).filter(([key]) => key !== "resent_from");
  return Object.fromEntries([["resent_from", logId], ...others.slice(0, MOST_METADATA - 1)]);
}

/** Returns JSON in characters valid in a header. */
function headerJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function readBounded(response: Response, most: number): Promise<Pick<Answer, "bytes" | "cut">> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    parts.push(chunk.subarray(0, most - size));
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > most) return { bytes: Buffer.concat(parts), cut: true };
  }
  return { bytes: Buffer.concat(parts), cut: false };
}

/** Returns a failed response's bytes without the token, because its words are shown. */
function withoutToken(bytes: Uint8Array<ArrayBuffer>, hide: Hide): Uint8Array<ArrayBuffer> {
  const text = textOf(bytes);
  const clean = text === undefined ? undefined : hide(text);
  return clean === undefined || clean === text ? bytes : new TextEncoder().encode(clean);
}

/**
 * Sends a request once and reads the whole response, also a streamed one. Bypasses the cache, never retries. Rejects
 * with a SourceError: `aborted`, `offline` (it may not have arrived), or `timeout` (it may have been processed).
 * @param fetch of a transport with `ANSWER_TIMEOUTS`
 */
export async function send(fetch: typeof globalThis.fetch, sending: Sending, signal: AbortSignal): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), DEADLINE);
  const started = performance.now();
  const hide = hiderOf(sending.token);
  const { names } = sending;
  try {
    const response = await fetch(sending.url, {
      method: "POST",
      headers: {
        ...sending.headers,
        "content-type": /^[\x20-\x7e]+$/.test(sending.contentType) ? sending.contentType : "application/json",
        [names.token]: `Bearer ${sending.token}`,
        [names.metadata]: headerJson(sending.metadata),
        [names.skipCache]: "true",
      },
      body: sending.body,
      // Not followed: a redirect could carry the token to another host.
      redirect: "manual",
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    const { bytes, cut } = await readBounded(response, response.ok ? MOST_BYTES : MOST_OF_REFUSAL);
    const header = (name: string) => {
      const value = response.headers.get(name);
      return value === null ? undefined : hide(value);
    };
    return {
      bytes: response.ok ? bytes : withoutToken(bytes, hide),
      cut,
      status: response.status,
      contentType: header("content-type"),
      logId: header(names.logId),
      durationMs: performance.now() - started,
    };
  } catch (error) {
    const name = hide(nameOf(error));
    const cause = hiddenError(error, hide);
    if (signal.aborted) throw new SourceError("aborted", "The request was canceled.", { cause });
    if (deadline.signal.aborted || isTimeout(name))
      throw new SourceError("timeout", "No complete answer came in time.", { cause });
    throw new SourceError("offline", name, { cause });
  } finally {
    clearTimeout(timer);
  }
}
