import { ExactNumber, keepSpelling } from "./exact-number.ts";
import { parseNonFinite } from "./non-finite.ts";
import { outlineOf, withExactNumbers } from "./number-places.ts";

export { isVector } from "../vector.ts";

export type JsonRecord = Record<string, unknown>;

/** Deeper nesting doesn't occur in practice, and would overflow the stack of recursive readers. */
const MAX_DEPTH = 500;
const OPEN_LIST = 91;
const OPEN_RECORD = 123;
const PLAIN = { configurable: true, enumerable: true, writable: true };

/**
 * Parses JSON, including NaN and Infinity. Returns undefined if it isn't JSON or nests deeper than 500 levels. A number
 * that a double can't hold becomes an `ExactNumber`, except in a list of only numbers; JSON.stringify writes every
 * number as it was spelled.
 */
export function parseJson(text: string): unknown {
  // Most lines of a stream that aren't JSON show it in the first character, and throwing a SyntaxError is slow.
  if (!beginsContainer(text) && !/^\s*[[{"\-\dtfnNI]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseNonFinite(text, parseJson);
  }
  // Scanning a short text for numbers is faster than walking its value.
  const outline = text.length > 2 * MAX_DEPTH ? outlineOf(value, MAX_DEPTH) : { long: [], hasNumbers: true };
  if (outline === undefined) return undefined;
  return outline.hasNumbers ? withExactNumbers(text, value, outline.long) : value;
}

/** Whether a text begins with a JSON object or array, without leading white space. */
export function beginsContainer(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === OPEN_RECORD || first === OPEN_LIST;
}

/** Whether a value is a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Returns the value if it's a JSON object. */
export function recordOf(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** Returns the value if it's an array, else an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the value if it's a non-empty string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns the value if it's a number, rounded to the nearest double. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof ExactNumber) return value.valueOf();
  return typeof value === "number" ? value : undefined;
}

/** Returns an ID as text: some providers number their tool calls. */
export function idOf(value: unknown): string | undefined {
  return typeof value === "number" || value instanceof ExactNumber ? String(value) : textOf(value);
}

/** Whether a value is without content: null, or an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  for (const _key in value) return false;
  return true;
}

/** Returns the non-empty fields of a record that its reader doesn't know; undefined if there are none. */
export function restOf(record: JsonRecord, known: ReadonlySet<string>): JsonRecord | undefined {
  let others: JsonRecord | undefined;
  // Avoids a copy of the keys; recorded objects inherit nothing enumerable.
  for (const key in record) {
    if (known.has(key)) continue;
    const value = record[key];
    if (isEmpty(value)) continue;
    others ??= {};
    // A recorded "__proto__" stays a plain key.
    if (key === "__proto__") Object.defineProperty(others, key, { value, ...PLAIN });
    else others[key] = value;
  }
  return others && keepSpelling(record, others);
}

type Optional<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns only the defined fields, to spread where an optional field must be absent. */
export function present<T extends object>(fields: T): Optional<T> {
  const kept: JsonRecord = {};
  for (const key of Object.keys(fields)) {
    const value: unknown = (fields as JsonRecord)[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept as Optional<T>;
}
