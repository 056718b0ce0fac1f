import type { ConditionValue } from "../source/conditions.ts";
import { FIELD_VALUES } from "../source/field-values.ts";
import type { FieldName } from "../source/fields.ts";
import type { Log } from "../source/log.ts";

/** Values by field, or by `meta.` and a metadata name. */
export type Seen = ReadonlyMap<string, Values>;

type Values = readonly { value: ConditionValue; count: number }[];

/** Limit on kept values per key. */
const KEPT = 50;

/** A longer text isn't worth suggesting: it would be half a line, or truncated. */
const LONGEST_VALUE = 500;

/** Limit on scanned logs, from the first: counting must not delay typing. */
const LOOKED_AT = 1000;

type Counts = Map<ConditionValue, number>;

/** Fields worth suggesting values for: not times, amounts and IDs, which are nearly unique. */
const SUGGESTED: readonly FieldName[] = [
  "success",
  "model",
  "provider",
  "path",
  "cached",
  "feedback",
  "statusCode",
  "source",
  "endpoint",
  "user",
  "key",
  "step",
  "score",
  "eventId",
  "region",
  "colo",
  "byok",
  "guardrails",
  "userAgent",
  "authentication",
  "requestType",
  "modelType",
  "requestContentType",
  "responseContentType",
  "dlpAction",
  "wholesale",
  "compatibilityMode",
];

const VALUES = Object.fromEntries(SUGGESTED.map((field) => [field, FIELD_VALUES[field]]));

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
  keep(seen, "metadataKey", names);
  for (const { value } of seen.get("metadataKey") ?? []) {
    keep(seen, `meta.${value}`, tags.get(String(value)) ?? new Map());
  }
  return seen;
}
