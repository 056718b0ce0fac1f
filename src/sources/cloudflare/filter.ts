import { instantOf, type Condition } from "../../source/conditions.ts";
import { FIELDS } from "../../source/fields.ts";
import type { Log } from "../../source/log.ts";
import { entriesFit, fits, isAtTime, isTag, numberOf, secondOf } from "../../source/match.ts";
import { WIRE_KEYS, wireKeyOf } from "./wire-keys.ts";

/**
 * Encodes the `filters` query parameter. The API accepts one JSON array and silently ignores any other form
 * (API notes: Filters), so this is the only encoder.
 */
export function encodeFilters(conditions: readonly Condition[]): string {
  return JSON.stringify(conditions.map((condition) => ({ ...condition, key: wireKeyOf(condition.key) })));
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
 * Returns the row's member for a field. Null means "none"; a missing member, or one of an unexpected type,
 * means unknown. A missing `cost` is unknown, not 0 (API notes: Log row).
 */
function memberOf({ raw }: Log, key: string): Held {
  const value = raw[wireKeyOf(key)];
  if (value === null) return [];
  switch (FIELDS.get(key)?.type) {
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
    case "metadataKey":
      return entriesOf(log)?.map(([name]) => name);
    case "metadataValue":
      return entriesOf(log)?.map(([, value]) => value);
    case "tokens": {
      const [tokensIn, tokensOut] = [memberOf(log, "tokensIn"), memberOf(log, "tokensOut")];
      // If only one is known, the sum may be that one or unknown.
      if (tokensIn?.length !== tokensOut?.length || !tokensIn || !tokensOut) return undefined;
      return tokensIn.length === 0 ? [] : [Number(tokensIn[0]) + Number(tokensOut[0])];
    }
    default:
      return memberOf(log, key);
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

function answers(log: Log, condition: Condition): boolean {
  const { key, operator, value } = condition;
  if (key === "createdAt") return answersTime(log, condition);
  const held = heldBy(log, key);
  if (held === undefined) return true;
  // Whether the API orders texts numerically or alphabetically is unknown.
  const unordered = key === "metadataValue" || !WIRE_KEYS.has(key);
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

/**
 * Whether a row matches the intended conditions; unknown fields pass. Differs from the API in two ways: a
 * `metadata.key` and the following `metadata.value` conditions must hold for the same entry, and `created_at gt`
 * excludes the value's own second.
 */
export function matches(log: Log, conditions: readonly Condition[]): boolean {
  const entries = entriesOf(log);
  if (entries !== undefined && !entriesFit(entries, conditions)) return false;
  return conditions.every(
    (condition) =>
      isTag(condition) || (condition.key === "createdAt" ? isAtTime(log, condition) : answers(log, condition)),
  );
}

/** Whether the row has the fields that a condition needs. */
export function tells(log: Log, { key }: Condition): boolean {
  return heldBy(log, key) !== undefined;
}
