import { ExactNumber, withSpelling } from "../../src/chat/json/exact-number.ts";
import { withExactNumbers } from "../../src/chat/json/number-places.ts";

/** A value on one line. A string's `text` is JSON with quotes. */
export type Scalar = { type: "string" | "number" | "literal"; text: string };

/** A line of readable JSON: depth, key as JSON, value. */
export type JsonLine = { depth: number; key: string | undefined; value: LineValue; comma: boolean };

export type LineValue =
  | Scalar
  | { type: "mark"; text: string }
  /** Several array values on one line, with or without brackets. */
  | { type: "row"; values: Scalar[]; bracketed: boolean }
  /** A long string, or one with line breaks, as plain text. */
  | { type: "text"; text: string }
  /** A string that holds bytes; `bytes` is their number. */
  | { type: "base64"; text: string; bytes: number };

/** Limit on the characters of a string on one line. */
const LONG_STRING = 2000;

/** Characters in a row of values. */
const ROW = 90;

/** Shortest string of base64 characters that counts as bytes. */
const BASE64_FROM = 200;

/** An unfinished array or object. */
type Level = { entries: [key: string | undefined, value: unknown][]; at: number; close: string };

/** Yields a value as lines of readable JSON, lazily. Omits `undefined`, like JSON. Never throws, at any depth. */
export function* jsonLines(value: unknown): Generator<JsonLine> {
  const levels: Level[] = [{ entries: [[undefined, value]], at: 0, close: "" }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const depth = levels.length - 1;
    const entry = level.entries[level.at++];
    if (!entry) {
      levels.pop();
      const outer = levels.at(-1);
      if (!outer) return;
      yield line(depth - 1, undefined, { type: "mark", text: level.close }, outer);
      continue;
    }
    const [key, item] = entry;
    if (typeof item !== "object" || item === null || item instanceof ExactNumber) {
      yield line(depth, key, leaf(item), level);
      continue;
    }
    const inner = entriesOf(item);
    const row = Array.isArray(item) ? rowOf(inner) : undefined;
    const [open, close] = Array.isArray(item) ? ["[", "]"] : ["{", "}"];
    if (inner.length === 0) yield line(depth, key, { type: "mark", text: open + close }, level);
    else if (row) yield line(depth, key, row, level);
    else {
      yield { depth, key: quoted(key), value: { type: "mark", text: open }, comma: false };
      if (Array.isArray(item) && inner.every(([, value]) => isNumber(value))) {
        yield* numberRows(inner, depth + 1);
        yield line(depth, undefined, { type: "mark", text: close }, level);
      } else levels.push({ entries: inner, at: 0, close });
    }
  }
}

const quoted = (key: string | undefined): string | undefined => (key === undefined ? undefined : JSON.stringify(key));

const line = (depth: number, key: string | undefined, value: LineValue, { entries, at }: Level): JsonLine => ({
  depth,
  key: quoted(key),
  value,
  comma: at < entries.length,
});

function entriesOf(value: object): Level["entries"] {
  const spelled: object = withSpelling(value);
  if (Array.isArray(spelled)) return spelled.map((item: unknown) => [undefined, item ?? null]);
  return Object.entries(spelled).filter(([, item]) => item !== undefined);
}

function leaf(value: unknown): LineValue {
  if (typeof value !== "string") return scalar(value);
  const bytes = bytesIn(value);
  if (bytes !== undefined) return { type: "base64", text: value, bytes };
  return value.length > LONG_STRING || /[\n\r]/.test(value) ? { type: "text", text: value } : scalar(value);
}

function scalar(value: unknown): Scalar {
  const type = isNumber(value) ? "number" : typeof value === "string" ? "string" : "literal";
  return { type, text: JSON.stringify(value) ?? "null" };
}

const isNumber = (value: unknown): boolean => typeof value === "number" || value instanceof ExactNumber;

/** Returns a short array of plain values as one line. */
function rowOf(entries: Level["entries"]): LineValue | undefined {
  if (entries.length === 0 || entries.length > ROW / 2) return undefined;
  const values: Scalar[] = [];
  let length = 0;
  for (const [, value] of entries) {
    if (typeof value === "object" && value !== null && !isNumber(value)) return undefined;
    if (typeof value === "string" && value.length > ROW) return undefined;
    const written = scalar(value);
    length += written.text.length + 2;
    if (length > ROW || written.text.includes("\\n")) return undefined;
    values.push(written);
  }
  return { type: "row", values, bracketed: true };
}

/** Yields the numbers of a long array in full lines. */
function* numberRows(entries: Level["entries"], depth: number): Generator<JsonLine> {
  let values: Scalar[] = [];
  let length = 0;
  for (const [, value] of entries) {
    const written = scalar(value);
    if (length + written.text.length + 2 > ROW) {
      yield { depth, key: undefined, value: { type: "row", values, bracketed: false }, comma: true };
      values = [];
      length = 0;
    }
    values.push(written);
    length += written.text.length + 2;
  }
  yield { depth, key: undefined, value: { type: "row", values, bracketed: false }, comma: false };
}

/** Returns the number of bytes in a base64 string, alone or as a `data:` URL; undefined for any other. */
function bytesIn(text: string): number | undefined {
  if (text.length <= BASE64_FROM) return undefined;
  const data = /^data:[^,]{0,200};base64,/.exec(text)?.[0].length ?? 0;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(data === 0 ? text : text.slice(data))) return undefined;
  return Math.floor(((text.length - data - (/=*$/.exec(text)?.[0].length ?? 0)) * 3) / 4);
}

/**
 * Returns the object or array that a whole text parses to; undefined if it isn't JSON, or if its value wouldn't show
 * all of it (duplicate keys).
 */
export function jsonIn(text: string): object | undefined {
  const trimmed = text.trim();
  if (!/^(?:\{[^]*\}|\[[^]*\])$/.test(trimmed)) return undefined;
  try {
    const value = withExactNumbers(trimmed, JSON.parse(trimmed));
    return typeof value === "object" && value !== null && saysAll(trimmed, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function saysAll(text: string, value: object): boolean {
  let keys = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) keys++;
  const rest: unknown[] = [value];
  for (let item = rest.pop(); item !== undefined; item = rest.pop()) {
    if (typeof item !== "object" || item === null || item instanceof ExactNumber) continue;
    const values: unknown[] = Object.values(item);
    if (!Array.isArray(item)) keys -= values.length;
    for (const inner of values) rest.push(inner);
  }
  return keys === 0;
}
