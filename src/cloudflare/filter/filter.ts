import { FILTER_KEYS, instantOf, type Condition, type ConditionValue, type Operator } from "./conditions.ts";
import type { Log } from "../schema.ts";

export type { Condition } from "./conditions.ts";

/**
 * Encodes the `filters` query parameter. The API accepts one JSON array and silently ignores any other form
 * (API notes: Filters), so this is the only encoder.
 */
export function encodeFilters(conditions: readonly Condition[]): string {
  return JSON.stringify(conditions);
}

/** A row's values for a key: none, one, or (metadata) several; undefined if the row can't tell. */
type Held = readonly unknown[] | undefined;

/** Returns a row's metadata entries; undefined if the row lacks them. */
function entriesOf({ metadata, raw }: Log): [string, unknown][] | undefined {
  const sent = raw["metadata"];
  if (sent === null) return [];
  if (typeof sent === "object") return Object.entries(sent);
  const read = Object.entries(metadata);
  return read.length > 0 ? read : undefined;
}

/**
 * Returns the row's member with the key's name. Null means "none"; a missing member, or one of an unexpected type,
 * means unknown. A missing `cost` is unknown, not 0 (API notes: Log row).
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
      // If only one is known, the sum may be that one or unknown.
      if (tokensIn?.length !== tokensOut?.length || !tokensIn || !tokensOut) return undefined;
      return tokensIn.length === 0 ? [] : [Number(tokensIn[0]) + Number(tokensOut[0])];
    }
    default:
      return memberOf(log, key);
  }
}

/** Returns a number, also from a numeric string. */
function numberOf(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : Number.NaN;
}

const secondOf = (instant: number): number => Math.floor(instant / 1000);

/** Compares `created_at` in whole seconds on both sides: "later" means a later second. */
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
 * Compares `created_at` like the API: `gt` truncates the value to its second but not the row (API notes: Filters), so
 * rows within that second match too. For `lt`, and for a row at .000, its behavior is unknown.
 */
function answersTime(log: Log, condition: Condition): boolean {
  const instant = log.createdAt.getTime();
  const instants = condition.value.map((one) => instantOf(one) ?? Number.NaN);
  if (condition.operator === "gt") return instants.some((other) => instant >= secondOf(other) * 1000);
  if (condition.operator === "lt") return instants.some((other) => instant < other);
  return isAtTime(log, condition);
}

/** A metadata value other than text, number and boolean is compared in its written form. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function compare(held: unknown, operator: Operator, wanted: ConditionValue): boolean {
  switch (operator) {
    case "eq":
    case "neq":
      return textOf(held) === textOf(wanted);
    // Whether the API's search is case-sensitive is unknown, so any possible result passes.
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
  // Whether the API orders texts numerically or alphabetically is unknown.
  const unordered = key === "metadata.value" || !FILTER_KEYS.has(key);
  if (unordered && (operator === "lt" || operator === "gt")) return held.length > 0;
  // An unknown required text comes as "", which means both "" and none.
  if (held.length === 1 && held[0] === "") return value.some((one) => !one) || fits([], condition);
  return fits(held, condition);
}

/**
 * Whether the API could have returned this row, with its own semantics (API notes: Filters), where `metadata.key` and
 * `metadata.value` are independent conditions (API notes: Filters). Unknown fields and unknown API behavior pass, so
 * false means that the filter was ignored.
 */
export function answersFilter(log: Log, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => answers(log, condition));
}

const isTag = ({ key }: Condition): boolean => key === "metadata.key" || key === "metadata.value";

/**
 * Groups metadata conditions by entry: a key with the values after it, and before it if it's the first. A negated key
 * (`neq`) and values without a key are separate.
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
 * Whether a row matches the intended conditions; unknown fields pass. Differs from the API in two ways: a
 * `metadata.key` and the following `metadata.value` conditions must hold for the same entry, and `created_at gt`
 * excludes the value's own second.
 */
export function matches(log: Log, conditions: readonly Condition[]): boolean {
  const entries = entriesOf(log);
  if (entries !== undefined && !pairs(conditions).every((group) => tagsFit(entries, group))) return false;
  return conditions.every(
    (condition) =>
      isTag(condition) || (condition.key === "created_at" ? isAtTime(log, condition) : answers(log, condition)),
  );
}

/** Whether the row has the fields that a condition needs. */
export function tells(log: Log, { key }: Condition): boolean {
  return heldBy(log, key) !== undefined;
}
