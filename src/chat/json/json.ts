import { ExactNumber, keepSpelling } from "./exact-number.ts";
import { parseNonFinite } from "./non-finite.ts";
import { outlineOf, withExactNumbers } from "./number-places.ts";

export { isVector } from "../vector.ts";

export type JsonRecord = Record<string, unknown>;

/** Nothing real nests deeper; what does would overflow the stack of whatever walks or serialises it later. */
const MAX_DEPTH = 500;
const OPEN_LIST = 91;
const OPEN_RECORD = 123;
const PLAIN = { configurable: true, enumerable: true, writable: true };

/**
 * The value of a JSON text, which may hold NaN and Infinity; undefined when it is not JSON or nests deeper than 500 levels. A number that no double holds is an
 * `ExactNumber`, except in a list of nothing but numbers; however it is spelled, JSON.stringify writes it as it was.
 */
export function parseJson(text: string): unknown {
  // Most lines of a stream that are no JSON show it at once, and a thrown SyntaxError is slow.
  if (!beginsContainer(text) && !/^\s*[[{"\-\dtfnNI]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseNonFinite(text, parseJson);
  }
  // A short text takes less time to read for numbers than its value.
  const outline = text.length > 2 * MAX_DEPTH ? outlineOf(value, MAX_DEPTH) : { long: [], hasNumbers: true };
  if (outline === undefined) return undefined;
  return outline.hasNumbers ? withExactNumbers(text, value, outline.long) : value;
}

/** True where a text begins as a JSON object or array does, with nothing before it. */
export function beginsContainer(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === OPEN_RECORD || first === OPEN_LIST;
}

/** True for a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** The value when it is a JSON object. */
export function recordOf(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The value when it is an array, else an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a string that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a number; the nearest double of one that no double holds. */
export function numberOf(value: unknown): number | undefined {
  if (value instanceof ExactNumber) return value.valueOf();
  return typeof value === "number" ? value : undefined;
}

/** An identifier as text: some providers number their tool calls. */
export function idOf(value: unknown): string | undefined {
  return typeof value === "number" || value instanceof ExactNumber ? String(value) : textOf(value);
}

/** True where nothing is said: null, an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  for (const _key in value) return false;
  return true;
}

/** The fields of a record that are not known to its reader and say something; undefined when there are none. */
export function restOf(record: JsonRecord, known: ReadonlySet<string>): JsonRecord | undefined {
  let others: JsonRecord | undefined;
  // As above, without a copy of the keys: nothing recorded inherits what could be enumerated.
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

/** The fields that are not undefined, to be spread where an optional field must be absent. */
export function present<T extends object>(fields: T): Optional<T> {
  const kept: JsonRecord = {};
  for (const key of Object.keys(fields)) {
    const value: unknown = (fields as JsonRecord)[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept as Optional<T>;
}
