import { parseNonFinite } from "./non-finite.ts";

export type JsonRecord = Record<string, unknown>;

/** Nothing real nests deeper; what does would overflow the stack of whatever walks or serialises it later. */
const MAX_DEPTH = 500;
const OPEN_LIST = 91;
const OPEN_RECORD = 123;
const PLAIN = { configurable: true, enumerable: true, writable: true };

/** The value of a JSON text, which may hold NaN and Infinity; undefined when it is not JSON or nests deeper than 500 levels. */
export function parseJson(text: string): unknown {
  // Most lines of a stream that are no JSON show it at once, and a thrown SyntaxError is slow.
  if (!beginsContainer(text) && !/^\s*[[{"\-\dtfnNI]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseNonFinite(text, parseJson);
  }
  if (text.length <= 2 * MAX_DEPTH || typeof value !== "object" || value === null) return value;
  return isDeeperThan(value, MAX_DEPTH) ? undefined : value;
}

/** True where a text begins as a JSON object or array does, with nothing before it. */
export function beginsContainer(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === OPEN_RECORD || first === OPEN_LIST;
}

function isDeeperThan(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    if (isVector(list)) return false;
    for (let index = 0; index < list.length; index++) {
      const child = list[index];
      if (typeof child === "object" && child !== null && isDeeperThan(child, levels - 1)) return true;
    }
    return false;
  }
  // Unlike Object.values this copies nothing; what JSON.parse makes inherits nothing that can be enumerated.
  for (const key in value) {
    const child: unknown = (value as JsonRecord)[key];
    if (typeof child === "object" && child !== null && isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}

/**
 * True for a list of numbers that is not empty. Embeddings are millions of them, and the engine keeps them unboxed:
 * `list[0]` in a place that sees lists of other things too would make it box them all, `at` does not.
 */
export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && typeof value.at(0) === "number" && isAllNumbers(value);
}

// Apart, so that the engine compiles it for lists of numbers alone.
function isAllNumbers(list: unknown[]): boolean {
  for (let index = 0; index < list.length; index++) if (typeof list[index] !== "number") return false;
  return true;
}

/** True for a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

/** The value when it is a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** An identifier as text: some providers number their tool calls. */
export function idOf(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value);
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
  return others;
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
