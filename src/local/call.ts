import type { CollectionRef } from "./log.ts";
import type { Answer } from "./answers.ts";
import type { Deletions } from "./deletions.ts";
import type { ObservabilityOptions } from "./observability/handlers.ts";
import type { LogStore } from "./store.ts";
import type { Credential } from "./tokens.ts";
import type { Totals } from "./totals.ts";

/** An authenticated call. */
export type Call = {
  credential: Credential;
  method: string;
  /** The part after the base URL, percent-encoded, with its query. */
  uri: string;
  parameters: URLSearchParams;
  body: string;
  /** The response's `cf-ray`. */
  rayId: string;
  ipAddress: string;
  userAgent: string | undefined;
};

/** State shared by the routes. */
export type Place = {
  store: LogStore;
  deletions: Deletions;
  totals: Totals;
  keepTotalsMs: number;
  observability: ObservabilityOptions;
  now: () => number;
};

/** Answers a call; `ids` are the decoded variable parts of its path. */
export type Handler = (place: Place, call: Call, ...ids: string[]) => Answer;

/** Returns the `result_info` of a paged list (API notes: Paging). */
export function pageInfo(count: number, page: number, perPage: number, total: number): Record<string, number> {
  return { count, page, per_page: perPage, total_count: total };
}

/** Returns the key for a gateway's totals. */
export function scopeOf({ sourceId, collectionId }: CollectionRef): string {
  return `${sourceId}/${collectionId}`;
}
