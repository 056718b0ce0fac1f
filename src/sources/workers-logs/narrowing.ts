import { instantOf, type Condition, type ConditionValue } from "../../source/conditions.ts";
import { secondOf } from "../../source/match.ts";
import type { Priority, Query, TimeRange } from "../../source/query.ts";
import { failureKeys, type EventField, type FailureKind, type FieldKeys } from "./fields.ts";
import { leafOf, patternOf, type Comparison, type Learned } from "./learned.ts";
import type { Filter, ValueType } from "./telemetry.ts";

/** The fields of events that decide ours. A row may have the value of any of their keys. */
const EVENT_FIELDS: Readonly<Record<string, readonly EventField[]>> = {
  model: ["model", "requestedModel"],
  provider: ["provider"],
  path: ["path"],
  modelType: ["modelType"],
  requestType: ["requestType"],
  requestContentType: ["requestContentType"],
  responseContentType: ["responseContentType"],
  userAgent: ["userAgent"],
  dlpAction: ["dlpAction"],
  eventId: ["eventId"],
  region: ["region"],
  colo: ["colo"],
  cost: ["costUsd"],
  tokensIn: ["tokensIn"],
  tokensOut: ["tokensOut"],
  tokensCached: ["tokensCached"],
  tokensReasoning: ["tokensReasoning"],
  duration: ["durationMs"],
  latency: ["latencyMs"],
  statusCode: ["statusCode"],
  step: ["step"],
  feedback: ["feedback"],
  score: ["score"],
  cached: ["cached"],
  authentication: ["authentication"],
  wholesale: ["wholesale"],
  byok: ["byok"],
  compatibilityMode: ["compatibilityMode"],
};

/** A comparison with a value, for any of some keys. */
type Test = { keys: readonly string[]; comparison: Comparison; value: string | number | boolean };

const isAscii = (text: string): boolean => /^[ -~]+$/.test(text);

/** Returns the API's comparison for a value; undefined if it doesn't surely find all that ours does. */
function comparisonOf(operator: Condition["operator"], value: ConditionValue): Omit<Test, "keys"> | undefined {
  if (operator === "eq" && value !== null && value !== "") return { comparison: "eq", value };
  if ((operator === "gt" || operator === "lt") && typeof value === "number") return { comparison: operator, value };
  // Letters outside of ASCII have other pairs of cases there.
  if (operator !== "contains" || typeof value !== "string" || !isAscii(value)) return undefined;
  return { comparison: "regex", value: patternOf(value) };
}

const FAILURES: Readonly<Record<FailureKind, Omit<Test, "keys">>> = {
  false: { comparison: "eq", value: false },
  atLeast400: { comparison: "gte", value: 400 },
  present: { comparison: "exists", value: true },
  error: { comparison: "eq", value: "error" },
};

const testOf = (keys: readonly string[], { comparison, value }: Omit<Test, "keys">): Test => ({
  keys,
  comparison,
  value,
});

const failuresOf = (keys: FieldKeys): Test[] => failureKeys(keys).map(({ key, kind }) => testOf([key], FAILURES[kind]));

/** Returns tests for a condition: a row that matches it passes at least one. Undefined if there are none. */
function testsOf({ key, operator, value }: Condition, keys: FieldKeys): Test[] | undefined {
  if (key === "success" && operator === "eq") return value.every((one) => one === false) ? failuresOf(keys) : undefined;
  const fields = EVENT_FIELDS[key];
  // A row without it isn't cached.
  if (!fields || (key === "cached" && value.includes(false))) return undefined;
  const tests = value.map((one) => comparisonOf(operator, one));
  const all = fields.flatMap((field) => keys[field]);
  return tests.every((test) => test !== undefined) ? tests.map((test) => testOf(all, test)) : undefined;
}

const typeOf = (value: string | number | boolean): ValueType => typeof value as ValueType;

const anyOf = (filters: readonly Filter[]): Filter => ({ kind: "group", filterCombination: "or", filters });

/** Returns the filter for rows for which one of the tests holds; undefined if the API can't surely look at all keys. */
async function filterOf(
  tests: readonly Test[],
  learned: Learned,
  priority: Priority | undefined,
): Promise<Filter | undefined> {
  const filters: Filter[] = [];
  for (const { keys, comparison, value } of tests) {
    const used = await learned.comparable(keys, comparison, typeOf(value), priority);
    if (!used) return undefined;
    filters.push(...used.map((key) => leafOf(key, comparison, value)));
  }
  return filters.length > 0 ? anyOf(filters) : undefined;
}

/**
 * Returns filters that leave out rows that don't match, and none that do: on keys that are known to be indexed only
 * (docs/workers-observability-api.md: Filters). May learn first, with a call for each key.
 * @throws SourceError
 */
export async function filtersOf(
  conditions: readonly Condition[],
  keys: FieldKeys,
  learned: Learned,
  priority: Priority | undefined,
): Promise<Filter[]> {
  const filters: Filter[] = [];
  for (const condition of conditions) {
    const tests = testsOf(condition, keys);
    const filter = tests && (await filterOf(tests, learned, priority));
    if (filter) filters.push(filter);
  }
  return filters;
}

/** Returns the filter for events with one of these IDs, their own or that of their log. @throws SourceError */
export async function idFilter(
  ids: readonly string[],
  keys: FieldKeys,
  learned: Learned,
  priority: Priority | undefined,
): Promise<Filter | undefined> {
  // Commas separate values.
  if (ids.some((id) => id.includes(","))) return undefined;
  return filterOf([{ keys: keys.id, comparison: "in", value: ids.join(",") }], learned, priority);
}

/** Returns the range of a query, and of its conditions on time, in which all rows are that match. */
export function rangeOf({ range = {}, conditions = [], narrowing = [] }: Query): Partial<TimeRange> {
  const starts = [range.start?.getTime() ?? -Infinity];
  const ends = [range.end?.getTime() ?? Infinity];
  for (const { key, operator, value } of [...conditions, ...narrowing]) {
    // Whole seconds are compared.
    const seconds = key === "createdAt" ? value.map((one) => secondOf(instantOf(one) ?? Number.NaN)) : [];
    if (seconds.length === 0 || seconds.some(Number.isNaN)) continue;
    if (operator === "gt" || operator === "eq") starts.push(Math.min(...seconds) * 1000);
    if (operator === "lt") ends.push(Math.max(...seconds) * 1000);
    if (operator === "eq") ends.push((Math.max(...seconds) + 1) * 1000);
  }
  const [start, end] = [Math.max(...starts), Math.min(...ends)];
  return {
    ...(Number.isFinite(start) ? { start: new Date(start) } : {}),
    ...(Number.isFinite(end) ? { end: new Date(end) } : {}),
  };
}

const longest = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length > a.length ? b : a), "");

/** What free text is looked for: the API takes one text; the other words are looked for in the rows that it finds. */
export type Words = { needle?: string; left: readonly string[] };

/** Returns how words are looked for. @throws SourceError */
export async function wordsOf(search: string, learned: Learned, priority: Priority | undefined): Promise<Words> {
  const words = search.split(/\s+/).filter((word) => word !== "");
  const needle = longest(words.filter(isAscii));
  if (needle === "" || !(await learned.findsNeedles(priority))) return { left: words };
  return { needle, left: words.filter((word) => word !== needle) };
}
