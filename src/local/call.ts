import type { Answer } from "./answers.ts";
import type { Deletions } from "./deletions.ts";
import type { GatewayRef } from "./log.ts";
import type { LogStore } from "./store.ts";
import type { Credential } from "./tokens.ts";
import type { Totals } from "./totals.ts";

/** One call, past the door: who, what, and from where. */
export type Call = {
  credential: Credential;
  method: string;
  /** What follows the base URL, percent-encoded, with its query. */
  uri: string;
  parameters: URLSearchParams;
  body: string;
  /** The `cf-ray` of the answer. */
  rayId: string;
  ipAddress: string;
  userAgent: string | undefined;
};

/** What the routes work on. */
export type Place = { store: LogStore; deletions: Deletions; totals: Totals; keepTotalsMs: number; now: () => number };

/** Answers a call; `ids` are the variable parts of its path, decoded. */
export type Handler = (place: Place, call: Call, ...ids: string[]) => Answer;

/** `result_info` of a paged list (API notes: Paging). */
export function pageInfo(count: number, page: number, perPage: number, total: number): Record<string, number> {
  return { count, page, per_page: perPage, total_count: total };
}

/** What the totals of a gateway are kept under. */
export function scopeOf({ accountId, gatewayId }: GatewayRef): string {
  return `${accountId}/${gatewayId}`;
}
