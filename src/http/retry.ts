import { randomInt } from "node:crypto";

/** Options of a call. `onRetry`: called before each retry; `isRead`: a POST that only reads, and is retried like a GET. */
export type CountedInit = RequestInit & { onRetry?: () => void; isRead?: boolean };

/** Limits on retries of reads. */
export type RetryLimits = {
  /** Maximum number of attempts, including the first. */
  attempts: number;
  /** Milliseconds before the second attempt; doubles before the third. Each is randomly shortened by up to half. */
  firstDelayMs: number;
  /** Longest accepted `retry-after`, or `ratelimit-reset` of a 429, in milliseconds; a response that asks for more is passed through. */
  longestRetryAfterMs: number;
};

/** Limits of all calls, unless a test overrides them. */
export const RETRY_LIMITS: RetryLimits = { attempts: 3, firstDelayMs: 300, longestRetryAfterMs: 10_000 };

/** An attempt's failure: a response's status and headers, or a connection error's code. */
type Failure = Error & {
  statusCode?: number;
  code?: string;
  headers?: Readonly<Record<string, string | string[] | undefined>> | null;
};

/** Transient connection errors. Timeouts aren't included: their time is used up. */
const PASSING = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_PRX_CONN",
]);

/** Returns the milliseconds between an attempt (1, 2, …) and the next; undefined for no retry. */
export function delayBeforeRetry(failure: Failure, attempt: number, limits: RetryLimits): number | undefined {
  if (attempt >= limits.attempts) return undefined;
  const { statusCode, code } = failure;
  if (statusCode === undefined ? !PASSING.has(code ?? "") : statusCode !== 429 && statusCode < 500) return undefined;
  // Only a refusal's reset says when to try again: other answers have one, too.
  const reset = statusCode === 429 ? failure.headers?.["ratelimit-reset"] : undefined;
  const asked = retryAfterMs(failure.headers?.["retry-after"] ?? reset);
  if (asked !== undefined) return asked <= limits.longestRetryAfterMs ? asked : undefined;
  return limits.firstDelayMs * 2 ** (attempt - 1) * (1 - randomInt(500) / 1000);
}

/** Parses `retry-after`: seconds or a date (RFC 9110, 10.2.3); anything else counts as missing. */
function retryAfterMs(value: string | string[] | undefined): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
