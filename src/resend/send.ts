import { textOf } from "../chat/body/utf8.ts";
import { nameOf } from "../cloudflare/http/call.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { Metadata } from "../cloudflare/schema.ts";
import { hiddenError, hiderOf, type Hide } from "../cloudflare/http/secret-hiding.ts";

/** A request on its way through a gateway. */
export type Sending = {
  url: string;
  /** The gateway token: it is in one header, and nowhere else. */
  token: string;
  contentType: string;
  headers: Readonly<Record<string, string>>;
  metadata: Metadata;
  body: string;
};

/** What came back, whatever its status; where it is no success, and in its headers, without the token. */
export type Answer = {
  status: number;
  contentType: string | undefined;
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether there was more than is read of an answer. */
  cut: boolean;
  /** The log that the gateway writes of it, where it does. */
  logId: string | undefined;
  durationMs: number;
};

/** The most that is read of an answer, in bytes: as much as the gateway stores of a log (API notes: Limits). */
const MOST_BYTES = 10 * 1024 * 1024;

/** The most that is read of an answer that is no success, in bytes: it is looked through for the token. */
const MOST_OF_REFUSAL = 256 * 1024;

/** How long a request may take from its start to the last byte of its answer, in ms: some models think for minutes. */
const DEADLINE = 600_000;

/** How long an answer may take to begin and to go on, in ms: for the transport. */
export const ANSWER_TIMEOUTS = { headers: 300_000, body: 120_000 };

/** The gateway takes five entries of metadata (API notes: Limits). */
const MOST_METADATA = 5;

/** The metadata of a resent request: which log it was, and of that log's own entries as many as fit. */
export function resentMetadata(logId: string, own: Metadata): Metadata {
  const others = Object.entries(own).filter(([key]) => key !== "resent_from");
  return Object.fromEntries([["resent_from", logId], ...others.slice(0, MOST_METADATA - 1)]);
}

/** JSON in the characters that a header may hold. */
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
    // Leaving the loop cancels what is still to come.
    if (size > most) return { bytes: Buffer.concat(parts), cut: true };
  }
  return { bytes: Buffer.concat(parts), cut: false };
}

/** The bytes of an answer that is no success: people are told of these in words, which may not hold the token. */
function withoutToken(bytes: Uint8Array<ArrayBuffer>, hide: Hide): Uint8Array<ArrayBuffer> {
  const text = textOf(bytes);
  const clean = text === undefined ? undefined : hide(text);
  return clean === undefined || clean === text ? bytes : new TextEncoder().encode(clean);
}

/**
 * Sends a request once and reads the whole answer, a streamed one too. It is neither answered from the cache nor tried again.
 * Rejects with a CloudflareError: `aborted`, `offline` (it may not have arrived), or `timeout` (it may have been carried out).
 * @param fetch of a transport with `ANSWER_TIMEOUTS`
 */
export async function send(fetch: typeof globalThis.fetch, sending: Sending, signal: AbortSignal): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), DEADLINE);
  const started = performance.now();
  const hide = hiderOf(sending.token);
  try {
    const response = await fetch(sending.url, {
      method: "POST",
      headers: {
        ...sending.headers,
        "content-type": /^[\x20-\x7e]+$/.test(sending.contentType) ? sending.contentType : "application/json",
        "cf-aig-authorization": `Bearer ${sending.token}`,
        "cf-aig-metadata": headerJson(sending.metadata),
        "cf-aig-skip-cache": "true",
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
      logId: header("cf-aig-log-id"),
      durationMs: performance.now() - started,
    };
  } catch (error) {
    const name = hide(nameOf(error));
    const cause = hiddenError(error, hide);
    if (signal.aborted) throw new CloudflareError("aborted", "The request was given up.", { cause });
    if (deadline.signal.aborted || name.endsWith("_TIMEOUT"))
      throw new CloudflareError("timeout", "No complete answer came in time.", { cause });
    throw new CloudflareError("offline", name, { cause });
  } finally {
    clearTimeout(timer);
  }
}
