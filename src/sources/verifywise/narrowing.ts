import { instantOf, type Condition } from "../../source/conditions.ts";
import type { Origin } from "../../source/fields.ts";
import type { Log } from "../../source/log.ts";
import { secondOf } from "../../source/match.ts";
import type { Query } from "../../source/query.ts";
import type { Generation } from "./schema.ts";

/** What a list is asked for, the same on each of its pages. */
export type Narrowing = {
  params: Readonly<Record<string, string>>;
  /** The origin that was asked for. */
  origin?: Origin;
  /** Whether the parameters are the first generation's only: the second one refuses them, or leaves rows out that match. */
  isOfFirst: boolean;
  /** The time before which no row matches, in ms since 1970: the list needn't go on there. */
  start?: number;
  /** Whether a row has the words that only the rows tell. */
  hasWords: (log: Log) => boolean;
  /** Whether every row that is answered matches what was sent for, so that the total is theirs. */
  isExact: boolean;
};

/** What a list is asked for that takes nothing. */
export const NO_NARROWING: Narrowing = { params: {}, isOfFirst: false, hasWords: () => true, isExact: true };

const only = ({ value }: Condition): Condition["value"][number] | undefined =>
  value.length === 1 ? value[0] : undefined;

/** Returns the server's name for what a condition means on `success` or `source`; undefined if it has none. */
export function paramOf(condition: Condition): { status: string } | { source: string } | undefined {
  const { key, operator } = condition;
  const value = only(condition);
  if (key === "success" && typeof value === "boolean" && (operator === "eq" || operator === "neq"))
    return { status: value === (operator === "eq") ? "success" : "error" };
  if (key !== "source" || operator !== "eq") return undefined;
  return value === "playground" || value === "key" ? { source: value === "key" ? "virtual-key" : value } : undefined;
}

const longest = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length > a.length ? b : a), "");

/** Returns the longest part of a text without a backslash, which the server's pattern would take away. */
const termIn = (text: string): string => longest(text.split("\\").map((part) => part.trim()));

/** Whether the server finds a text with other characters in its place. */
const isPattern = (text: string): boolean => /[%_\\]/.test(text);

/** Returns the names that the server's search looks in (docs/verifywise-api.md: Search). */
const namesOf = ({ endpoint, model, user, key }: Log): string[] =>
  [endpoint, model, user, key].flatMap((name) => name?.toLowerCase() ?? []);

/**
 * Returns a text that the server finds in every log that matches a condition; "" for none. The case of letters outside of
 * ASCII depends on its database, a number in place of an endpoint isn't searched, and a user's name only partly in the
 * second generation.
 */
function termOf(condition: Condition, generation: Generation | undefined): string {
  const { key, operator } = condition;
  const value = only(condition);
  const isNamed = ["endpoint", "model", "key"].includes(key) || (key === "user" && generation === 1);
  if (!isNamed || typeof value !== "string" || (operator !== "eq" && operator !== "contains")) return "";
  return /^\d+$/.test(value) || /[^ -~]/.test(value) ? "" : termIn(value);
}

/** Returns the first generation's time range of a condition, which has more than the seconds that it means. */
function datesOf(condition: Condition): Record<string, string> {
  const { key, operator } = condition;
  const instant = instantOf(only(condition) ?? null);
  if (key !== "createdAt" || instant === undefined) return {};
  const time = new Date(instant).toISOString();
  if (operator === "gt") return { start_date: time };
  return operator === "lt" ? { end_date: time } : {};
}

/** Returns the first time that a condition means, in ms since 1970; undefined if it has none. */
function startOf({ key, operator, value }: Condition): number | undefined {
  const seconds = key === "createdAt" && operator === "gt" ? value.map((one) => secondOf(instantOf(one) ?? 0)) : [];
  return seconds.length > 0 ? (Math.min(...seconds) + 1) * 1000 : undefined;
}

/** Merges parameters; the first of a name counts. */
const merged = (all: readonly (Record<string, string> | undefined)[]): Record<string, string> =>
  Object.assign({}, ...all.toReversed());

/**
 * Returns what a list is asked for: status and source are what the server means by them; one text, and in the first
 * generation dates, leave rows out that don't match.
 */
export function narrowingOf(query: Query, generation: Generation | undefined): Narrowing {
  const { conditions = [], narrowing = [], search = "" } = query;
  const all = [...conditions, ...narrowing];
  const words = search.split(" ").filter((word) => word !== "");
  const termFor = (asked: Generation | undefined): string =>
    longest(words.map(termIn)) || longest(all.map((one) => termOf(one, asked)));
  const term = termFor(generation);
  const dates = generation === 1 ? merged(all.map(datesOf)) : {};
  // What the server finds by a text as it is needn't be in the row: it has more of a user's name.
  const left = words.filter((word) => word !== term || isPattern(word)).map((word) => word.toLowerCase());
  const hasWords = (log: Log) => {
    const names = left.length > 0 ? namesOf(log) : [];
    return left.every((word) => names.some((name) => name.includes(word)));
  };
  const starts = all.flatMap((one) => startOf(one) ?? []);
  const given = merged(all.map(paramOf));
  const params = { ...dates, ...given, ...(term ? { search: term } : {}) };
  const isTerm = term === "" || words.includes(term);
  const hasDates = Object.keys(dates).length > 0;
  const origin = given["source"] && (given["source"] === "playground" ? "playground" : "key");
  return {
    params,
    isOfFirst: hasDates || term !== termFor(undefined),
    hasWords,
    isExact: left.length === 0 && isTerm && !hasDates && starts.length === 0,
    ...(starts.length > 0 ? { start: Math.max(...starts) } : {}),
    ...(origin ? { origin } : {}),
  };
}
