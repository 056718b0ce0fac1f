/** Why a call failed. The message to the user, and the suggested action, depend on this only. */
export type ErrorReason =
  | "unauthorized"
  /** Not sent: the account isn't signed in, or no longer. */
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
  /** Not sent: the request is invalid. */
  | "invalid"
  /** Received data couldn't be written to its target. */
  | "notSaved"
  | "aborted";

export type ErrorFacts = {
  /** Who answered, or should have, by its name for people. */
  service?: string;
  status?: number;
  /** The service's own code, e.g. 7001 or 10000 of Cloudflare. */
  code?: number | string;
  /** The response's ID, which the service's support asks for, after its name: `cf-ray 8f00-FRA`. */
  requestId?: string;
  method?: string;
  path?: string;
  /** When the call may be tried again (`retry-after`). */
  retryAt?: Date;
  /** What the service calls the permission that is missing. */
  permission?: string;
  cause?: unknown;
};

/** The only error of a source. Its message never includes the token, a header or a body. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly reason: ErrorReason;
  readonly service: string | undefined;
  readonly status: number | undefined;
  readonly code: number | string | undefined;
  readonly requestId: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly retryAt: Date | undefined;
  readonly permission: string | undefined;

  constructor(reason: ErrorReason, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.reason = reason;
    this.service = facts.service;
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.method = facts.method;
    this.path = facts.path;
    this.retryAt = facts.retryAt;
    this.permission = facts.permission;
  }
}

/**
 * Whether an error is of a call, or anything else with a signal, that was aborted on purpose; these aren't reported.
 */
export function isAborted(error: unknown): boolean {
  if (error instanceof SourceError) return error.reason === "aborted";
  return error instanceof Error && error.name === "AbortError";
}

/** Returns the reason for a failed response's HTTP status. */
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
