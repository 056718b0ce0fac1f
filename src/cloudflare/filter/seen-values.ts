import type { ConditionValue } from "./conditions.ts";
import { sourceOf } from "./row-filter.ts";
import type { Log } from "../schema.ts";

/** Values by key: the API's, a row's, or `meta.` and a metadata name. */
export type Seen = ReadonlyMap<string, Values>;

type Values = readonly { value: ConditionValue; count: number }[];

/** Limit on kept values per key. */
const KEPT = 50;

/** A longer text isn't worth suggesting: it would be half a line, or truncated. */
const LONGEST_VALUE = 500;

/** Limit on scanned logs, from the first: counting must not delay typing. */
const LOOKED_AT = 1000;

type Counts = Map<ConditionValue, number>;

/** Keys worth suggesting values for: not times, amounts and IDs, which are nearly unique. */
const VALUES: Readonly<Record<string, (log: Log) => unknown>> = {
  success: (log) => log.success,
  model: (log) => log.model,
  provider: (log) => log.provider,
  path: (log) => log.path,
  cached: (log) => log.cached,
  feedback: (log) => log.feedback,
  status_code: (log) => log.statusCode,
  source: sourceOf,
  step: (log) => log.step,
  score: (log) => log.score,
  event_id: (log) => log.eventId,
  region: (log) => log.region,
  colo: (log) => log.colo,
  byok: (log) => log.byok,
  guardrails: (log) => log.guardrails,
  user_agent: (log) => log.userAgent,
  authentication: (log) => log.authentication,
  request_type: (log) => log.requestType,
  model_type: (log) => log.modelType,
  request_content_type: (log) => log.requestContentType,
  response_content_type: (log) => log.responseContentType,
  dlp_action: (log) => log.dlpAction,
  wholesale: (log) => log.raw["wholesale"],
  compatibilityMode: (log) => log.raw["compatibilityMode"],
};

function count(counts: Counts, value: unknown): void {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return;
  if (typeof value === "string" && value.length > LONGEST_VALUE) return;
  // An unknown required text comes as "".
  if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
}

/**
 * Returns the most frequent values first, equally frequent ones in order of occurrence. Linear except for the kept
 * ones, because nearly all values may be distinct.
 */
function mostFrequent(counts: Counts): Values {
  const having = new Map<number, number>();
  for (const count of counts.values()) having.set(count, (having.get(count) ?? 0) + 1);
  let kept = 0;
  let least = 0;
  for (const [count, values] of [...having].sort(([a], [b]) => b - a)) {
    least = count;
    kept += values;
    if (kept >= KEPT) break;
  }
  let spare = KEPT - (kept - (having.get(least) ?? 0));
  const found: { value: ConditionValue; count: number }[] = [];
  for (const [value, count] of counts) {
    if (count > least || (count === least && spare-- > 0)) found.push({ value, count });
  }
  return found.sort((a, b) => b.count - a.count);
}

function keep(seen: Map<string, Values>, key: string, counts: Counts): void {
  if (counts.size > 0) seen.set(key, mostFrequent(counts));
}

/**
 * Counts the values of the (first 1,000) rows by key: most frequent first, at most 50 per key. Omits keys without
 * values.
 */
export function seenIn<T>(rows: readonly T[], values: Readonly<Record<string, (row: T) => unknown>>): Seen {
  const seen = new Map<string, Values>();
  for (const [key, valueOf] of Object.entries(values)) {
    const counts: Counts = new Map();
    for (const row of rows.slice(0, LOOKED_AT)) count(counts, valueOf(row));
    keep(seen, key, counts);
  }
  return seen;
}

/** Like `seenIn`, for logs with their metadata. */
export function valuesSeen(all: readonly Log[]): Seen {
  const names: Counts = new Map();
  const tags = new Map<string, Counts>();
  for (const { metadata } of all.slice(0, LOOKED_AT)) {
    for (const [name, value] of Object.entries(metadata)) {
      if (name.length > LONGEST_VALUE) continue;
      count(names, name);
      const counts = tags.get(name) ?? new Map<ConditionValue, number>();
      tags.set(name, counts);
      count(counts, value);
    }
  }
  const seen = new Map(seenIn(all, VALUES));
  keep(seen, "metadata.key", names);
  for (const { value } of seen.get("metadata.key") ?? []) {
    keep(seen, `meta.${value}`, tags.get(String(value)) ?? new Map());
  }
  return seen;
}
