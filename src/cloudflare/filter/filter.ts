import { FILTER_KEYS, instantOf, type Condition, type ConditionValue, type Operator } from "./conditions.ts";
import type { Log } from "../schema.ts";

export type { Condition } from "./conditions.ts";

/**
 * The value of the `filters` query parameter. The API understands one JSON array and ignores any other form in
 * silence (API notes: Filters), so this is the only encoder.
 */
export function encodeFilters(conditions: readonly Condition[]): string {
  return JSON.stringify(conditions);
}

/** What a row has under a key: none, one, or (metadata) several values. Undefined: the row cannot tell. */
type Held = readonly unknown[] | undefined;

/** The entries of a row's metadata; undefined when the row does not say. */
function entriesOf({ metadata, raw }: Log): [string, unknown][] | undefined {
  const sent = raw["metadata"];
  if (sent === null) return [];
  if (typeof sent === "object") return Object.entries(sent);
  const read = Object.entries(metadata);
  return read.length > 0 ? read : undefined;
}

/**
 * The member of the row that bears the key's name: a key and its member are called the same. Null means "none"; a missing member, or one
 * of an unexpected type, tells nothing. `cost` absent is unknown, not 0 (API notes: Log row).
 */
function memberOf({ raw }: Log, key: string): Held {
  const value = raw[key];
  if (value === null) return [];
  switch (FILTER_KEYS.get(key)?.type) {
    case "number": {
      const number = numberOf(value);
      return Number.isNaN(number) ? undefined : [number];
    }
    case "boolean":
      return typeof value === "boolean" ? [value] : undefined;
    case "text":
      return typeof value === "string" ? [value] : undefined;
    default:
      return ["string", "number", "boolean"].includes(typeof value) ? [value] : undefined;
  }
}

function heldBy(log: Log, key: string): Held {
  switch (key) {
    case "metadata.key":
      return entriesOf(log)?.map(([name]) => name);
    case "metadata.value":
      return entriesOf(log)?.map(([, value]) => value);
    case "tokens": {
      const [tokensIn, tokensOut] = [memberOf(log, "tokens_in"), memberOf(log, "tokens_out")];
      // With one of the two, the sum may be that one or unknown: nobody says.
      if (tokensIn?.length !== tokensOut?.length || !tokensIn || !tokensOut) return undefined;
      return tokensIn.length === 0 ? [] : [Number(tokensIn[0]) + Number(tokensOut[0])];
    }
    default:
      return memberOf(log, key);
  }
}

/** A number, or a text that is one. */
function numberOf(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : Number.NaN;
}

const secondOf = (instant: number): number => Math.floor(instant / 1000);

/** `created_at` in whole seconds, of the row and of the value alike: "later" means a later second. */
function isAtTime(log: Log, { operator, value }: Condition): boolean {
  const second = secondOf(log.createdAt.getTime());
  const seconds = value.map((one) => secondOf(instantOf(one) ?? Number.NaN));
  switch (operator) {
    case "lt":
      return seconds.some((other) => second < other);
    case "gt":
      return seconds.some((other) => second > other);
    case "neq":
      return !seconds.includes(second);
    default:
      return seconds.includes(second);
  }
}

/**
 * `created_at` as the API compares it: `gt` cuts the value to its whole second and not the row (API notes: Filters), so a row within that second
 * comes too. Whether it does the same for `lt`, and what becomes of a row at .000, is unknown.
 */
function answersTime(log: Log, condition: Condition): boolean {
  const instant = log.createdAt.getTime();
  const instants = condition.value.map((one) => instantOf(one) ?? Number.NaN);
  if (condition.operator === "gt") return instants.some((other) => instant >= secondOf(other) * 1000);
  if (condition.operator === "lt") return instants.some((other) => instant < other);
  return isAtTime(log, condition);
}

/** A metadata value of another shape than text, number and yes/no is compared as it is written. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function compare(held: unknown, operator: Operator, wanted: ConditionValue): boolean {
  switch (operator) {
    case "eq":
    case "neq":
      return textOf(held) === textOf(wanted);
    // Whether case counts for the API is unknown: nothing that it may have found is refused.
    case "contains":
      return textOf(held).toLowerCase().includes(textOf(wanted).toLowerCase());
    case "lt":
      return numberOf(held) < numberOf(wanted);
    case "gt":
      return numberOf(held) > numberOf(wanted);
  }
}

/** Whether one of the values is held; for `neq`, none of them. */
export function fits(held: readonly unknown[], { operator, value }: Condition): boolean {
  const equality = operator === "eq" || operator === "neq";
  const hit = value.some((wanted) =>
    wanted === null ? equality && held.length === 0 : held.some((one) => compare(one, operator, wanted)),
  );
  return operator === "neq" ? !hit : hit;
}

function answers(log: Log, condition: Condition): boolean {
  const { key, operator, value } = condition;
  if (key === "created_at") return answersTime(log, condition);
  const held = heldBy(log, key);
  if (held === undefined) return true;
  // Whether texts are ordered as numbers or as texts is unknown.
  const unordered = key === "metadata.value" || !FILTER_KEYS.has(key);
  if (unordered && (operator === "lt" || operator === "gt")) return held.length > 0;
  // A required text that is unknown comes as "", which then stands for both "" and none.
  if (held.length === 1 && held[0] === "") return value.some((one) => !one) || fits([], condition);
  return fits(held, condition);
}

/**
 * Whether the API could have answered with this row: its own meaning of the conditions (API notes: Filters), where `metadata.key` and
 * `metadata.value` are two conditions that know nothing of each other (API notes: Filters). What a row cannot tell, and what is not known of the
 * API, counts as fitting; so false means that the filter was ignored.
 */
export function answersFilter(log: Log, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => answers(log, condition));
}

const isTag = ({ key }: Condition): boolean => key === "metadata.key" || key === "metadata.value";

/**
 * The metadata conditions that speak of one entry: a key with the values after it; values before the first key are its own too. A key that
 * must not be there (`neq`) and values without a key stand alone.
 */
function pairs(conditions: readonly Condition[]): Condition[][] {
  const groups: Condition[][] = [];
  const early: Condition[] = [];
  const alone: Condition[] = [];
  for (const condition of conditions.filter(isTag)) {
    if (condition.key === "metadata.value") (groups.at(-1) ?? early).push(condition);
    else if (condition.operator === "neq") alone.push(condition);
    else groups.push([condition, ...early.splice(0)]);
  }
  return [...groups, ...[...alone, ...early].map((condition) => [condition])];
}

function tagsFit(entries: readonly [string, unknown][], group: readonly Condition[]): boolean {
  const [only] = group;
  if (only && group.length === 1) {
    const held = entries.map(([name, value]) => (only.key === "metadata.key" ? name : value));
    return fits(held, only);
  }
  return entries.some(([name, value]) =>
    group.every((condition) => fits([condition.key === "metadata.key" ? name : value], condition)),
  );
}

/**
 * Whether a row is what the conditions mean, as far as its fields can tell: what they cannot tell counts as fitting. It differs from
 * what the API means in two ways: a `metadata.key` and the `metadata.value` conditions after it must be true of one and the same entry, and
 * `created_at gt` leaves out the value's own second.
 */
export function matches(log: Log, conditions: readonly Condition[]): boolean {
  const entries = entriesOf(log);
  if (entries !== undefined && !pairs(conditions).every((group) => tagsFit(entries, group))) return false;
  return conditions.every(
    (condition) =>
      isTag(condition) || (condition.key === "created_at" ? isAtTime(log, condition) : answers(log, condition)),
  );
}

/** Whether the row has what it takes to answer the condition. */
export function tells(log: Log, { key }: Condition): boolean {
  return heldBy(log, key) !== undefined;
}
