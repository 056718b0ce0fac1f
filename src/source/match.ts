import { instantOf, type Condition, type ConditionValue, type Operator } from "./conditions.ts";
import { FIELD_VALUES } from "./field-values.ts";
import { FIELDS, type FieldName } from "./fields.ts";
import type { Log } from "./log.ts";

/** Returns a number, also from a numeric string. */
export function numberOf(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : Number.NaN;
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
    // Whether a source's search is case-sensitive may be unknown, so any possible result passes.
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

/** Returns the second of a time in ms, both since 1970. */
export const secondOf = (instant: number): number => Math.floor(instant / 1000);

/** Compares a log's time in whole seconds on both sides: "later" means a later second. */
export function isAtTime(log: Log, { operator, value }: Condition): boolean {
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

/** Whether a condition is about a metadata entry's name or value. */
export const isTag = ({ key }: Condition): boolean => key === "metadataKey" || key === "metadataValue";

/**
 * Groups metadata conditions by entry: a key with the values after it, and before it if it's the first. A negated key
 * (`neq`) and values without a key are separate.
 */
function pairs(conditions: readonly Condition[]): Condition[][] {
  const groups: Condition[][] = [];
  const early: Condition[] = [];
  const alone: Condition[] = [];
  for (const condition of conditions.filter(isTag)) {
    if (condition.key === "metadataValue") (groups.at(-1) ?? early).push(condition);
    else if (condition.operator === "neq") alone.push(condition);
    else groups.push([condition, ...early.splice(0)]);
  }
  return [...groups, ...[...alone, ...early].map((condition) => [condition])];
}

function tagsFit(entries: readonly [string, unknown][], group: readonly Condition[]): boolean {
  const [only] = group;
  if (only && group.length === 1) {
    const held = entries.map(([name, value]) => (only.key === "metadataKey" ? name : value));
    return fits(held, only);
  }
  return entries.some(([name, value]) =>
    group.every((condition) => fits([condition.key === "metadataKey" ? name : value], condition)),
  );
}

/** Whether metadata entries match: each name with the values after it must be of the same entry. */
export const entriesFit = (entries: readonly [string, unknown][], conditions: readonly Condition[]): boolean =>
  pairs(conditions).every((group) => tagsFit(entries, group));

function matchesOne(log: Log, condition: Condition): boolean {
  const { key, operator } = condition;
  if (key === "createdAt") return isAtTime(log, condition);
  const value = FIELDS.has(key) ? FIELD_VALUES[key as FieldName](log) : log.raw[key];
  const held = value === undefined || value === null ? [] : [value].flat();
  if (key === "path" && operator === "neq") return !fits(held, { ...condition, operator: "contains" });
  return fits(held, condition);
}

/** Whether a row itself matches all conditions. A missing value matches only `none` and negated conditions. */
export function matchesRow(log: Log, conditions: readonly Condition[]): boolean {
  if (!conditions.every((condition) => isTag(condition) || matchesOne(log, condition))) return false;
  return !conditions.some(isTag) || entriesFit(Object.entries(log.metadata), conditions);
}
