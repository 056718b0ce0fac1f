import { randomInt } from "node:crypto";

/** What a call is made with; `onRetry` is told each time that it is made again. */
export type CountedInit = RequestInit & { onRetry?: () => void };

/** When a GET or HEAD is tried again. */
export type RetryLimits = {
  /** How often a call is made at most, the first time included. */
  attempts: number;
  /** Milliseconds before the second attempt; twice as long before the third, each shortened by up to a half by chance. */
  firstDelayMs: number;
  /** The longest `retry-after` that is waited for, in milliseconds; an answer that asks for more is handed through. */
  longestRetryAfterMs: number;
};

/** The limits of all calls, unless a test sets others. */
export const RETRY_LIMITS: RetryLimits = { attempts: 3, firstDelayMs: 300, longestRetryAfterMs: 10_000 };

/** What went wrong with an attempt: the status and headers of an answer, or the code of a connection error. */
type Failure = Error & {
  statusCode?: number;
  code?: string;
  headers?: Readonly<Record<string, string | string[] | undefined>> | null;
};

/** Connection errors that may be gone a moment later. Timeouts are not among them: they have used up their time. */
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

/** Milliseconds to wait after the given attempt (1, 2, …) before the next; undefined when there is to be none. */
export function delayBeforeRetry(failure: Failure, attempt: number, limits: RetryLimits): number | undefined {
  if (attempt >= limits.attempts) return undefined;
  const { statusCode, code } = failure;
  if (statusCode === undefined ? !PASSING.has(code ?? "") : statusCode !== 429 && statusCode < 500) return undefined;
  const asked = retryAfterMs(failure.headers?.["retry-after"]);
  if (asked !== undefined) return asked <= limits.longestRetryAfterMs ? asked : undefined;
  return limits.firstDelayMs * 2 ** (attempt - 1) * (1 - randomInt(500) / 1000);
}

/** `retry-after` is a number of seconds or a date (RFC 9110, 10.2.3); anything else counts as missing. */
function retryAfterMs(value: string | string[] | undefined): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
