/** Why a call did not give its value. What a person is told, and what can be done, follows from this alone. */
export type ErrorReason =
  | "unauthorized"
  /** Not sent: the account is not signed in to (any more). */
  | "signedOut"
  | "forbidden"
  | "notFound"
  | "rateLimited"
  | "rejected"
  | "offline"
  | "timeout"
  | "filterIgnored"
  | "serverError"
  | "badAnswer"
  /** Not sent: what was asked for cannot be right. */
  | "invalid"
  /** What was read could not be written to where it was wanted. */
  | "notSaved"
  | "aborted";

export type ErrorFacts = {
  status?: number;
  /** Cloudflare's own code, e.g. 7001 or 10000. */
  code?: number | string;
  /** The `cf-ray` of the answer: what Cloudflare's support asks for. */
  rayId?: string;
  method?: string;
  path?: string;
  /** When the call may be tried again (`retry-after`). */
  retryAt?: Date;
  cause?: unknown;
};

/** The one error of the client. Its message never holds the token, a header or a body. */
export class CloudflareError extends Error {
  override readonly name = "CloudflareError";
  readonly reason: ErrorReason;
  readonly status: number | undefined;
  readonly code: number | string | undefined;
  readonly rayId: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly retryAt: Date | undefined;

  constructor(reason: ErrorReason, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.reason = reason;
    this.status = facts.status;
    this.code = facts.code;
    this.rayId = facts.rayId;
    this.method = facts.method;
    this.path = facts.path;
    this.retryAt = facts.retryAt;
  }
}

/** Whether `error` is a call, or anything else with a signal, that was given up on purpose; nobody is told of those. */
export function isAborted(error: unknown): boolean {
  if (error instanceof CloudflareError) return error.reason === "aborted";
  return error instanceof Error && error.name === "AbortError";
}

/** The reason that an HTTP status stands for, when the answer was no success. */
export function reasonOfStatus(status: number): ErrorReason {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "notFound";
  if (status === 408) return "timeout";
  if (status === 429) return "rateLimited";
  if (status >= 500) return "serverError";
  if (status >= 400) return "rejected";
  return "badAnswer";
}
