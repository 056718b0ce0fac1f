import { ExactNumber, rememberSpelling } from "./exact-number.ts";
import { isVector } from "../vector.ts";

const QUOTE = 34;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_RECORD = 123;
const CLOSE_RECORD = 125;
const BACKSLASH = 92;
const EXPONENT = 101;
/** Bit that turns an uppercase ASCII letter into lowercase. */
const SMALL = 32;

/**
 * Lengths, without sign, of integers and decimals that every double holds, and of the longest decimals printed for
 * doubles.
 */
const SAFE_INTEGER = 15;
const SAFE_DECIMAL = 16;
const DOUBLE = 20;

/**
 * Spot checks per text. If JavaScript spells all of these alike, it spells the rest alike too: one program usually
 * printed them all.
 */
const MOST_CHECKS = 1000;

/** Limit on remembered spellings per text; a text with more is a table of measurements. */
const MOST_SPELLINGS = 10_000;

/** Lengths from which strings (in characters) and number lists (in items, such as embeddings) are skipped at once. */
const LONG_STRING = 500;
const EMBEDDING = 64;
/** A long item of a value. `before`: number of strings and lists that begin before it in the text. */
export type LongItem = { before: number; item: string | readonly number[] };

/** A list or record that is open at the read position. `at`: number of preceding items of a list. */
type Open = { holder: object; at: number; isVector?: boolean };

/**
 * Replaces numbers that a double can't hold with `ExactNumber` in a parsed JSON text, and remembers the spelling of all
 * others. A list of only numbers stays plain, and spellings in a long list of decimals, such as an embedding, aren't
 * remembered.
 * @param value the result of JSON.parse; modified
 * @param long its long items, which make a long text much faster
 * @returns the value, or its replacement if it's a number itself
 */
export function withExactNumbers(text: string, value: unknown, long: readonly LongItem[] = []): unknown {
  const changed = changedNumbers(text, long);
  if (changed.length === 0) return value;
  if (typeof value !== "object" || value === null) return isHeld(text.trim()) ? value : new ExactNumber(text.trim());
  placeNumbers(text, value, changed);
  return value;
}

/** Outline of a value. `long`: its long strings and embeddings in text order, which `withExactNumbers` skips. */
export type Outline = { long: readonly LongItem[]; hasNumbers: boolean };

/** An outline in progress. `before`: number of strings and lists so far; `isOrdered`: keys are in text order. */
type Drawing = { items: LongItem[]; hasNumbers: boolean; before: number; isOrdered: boolean };

/** The outline of a value; undefined where it is nested deeper than so many levels. */
export function outlineOf(value: unknown, levels: number): Outline | undefined {
  const drawing: Drawing = { items: [], hasNumbers: false, before: 0, isOrdered: true };
  if (isDeeper(drawing, value, levels)) return undefined;
  return { long: drawing.isOrdered ? drawing.items : [], hasNumbers: drawing.hasNumbers };
}

// Not a closure of outlineOf, which the engine would compile again for each value.
function isDeeper(drawing: Drawing, item: unknown, left: number): boolean {
  if (typeof item === "string") {
    if (item.length >= LONG_STRING) drawing.items.push({ before: drawing.before, item });
    drawing.before++;
    return false;
  }
  if (typeof item !== "object" || item === null) {
    drawing.hasNumbers ||= typeof item === "number";
    return false;
  }
  if (left === 0) return true;
  if (Array.isArray(item)) {
    const list: unknown[] = item;
    const isNumbers = isVector(list);
    const { before } = drawing;
    if (isNumbers && list.length >= EMBEDDING && !list.every(Number.isInteger))
      drawing.items.push({ before, item: list });
    drawing.before++;
    drawing.hasNumbers ||= isNumbers;
    if (isNumbers) return false;
    for (let index = 0; index < list.length; index++) if (isDeeper(drawing, list[index], left - 1)) return true;
    return false;
  }
  // Unlike Object.values this copies nothing; what JSON.parse makes inherits nothing that can be enumerated.
  for (const key in item) {
    // JavaScript puts keys that are numbers first.
    const first = key.charCodeAt(0);
    if (first >= ZERO && first <= NINE) drawing.isOrdered = false;
    drawing.before++;
    if (isDeeper(drawing, (item as Record<string, unknown>)[key], left - 1)) return true;
  }
  return false;
}

/** Returns the positions of numbers that JavaScript would spell differently. Skips long items by their known length. */
function changedNumbers(text: string, long: readonly LongItem[]): number[] {
  const changed: number[] = [];
  let checks = MOST_CHECKS;
  let begun = 0;
  let passed = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === OPEN_LIST) {
      const next = long[passed];
      const isLong = next !== undefined && next.before === begun;
      begun++;
      if (isLong) passed++;
      if (code === QUOTE) at = stringEnd(text, at, isLong && beginsSo(text, at, next.item) ? next.item.length : 0);
      else if (isLong && typeof next.item !== "string") at = listEnd(text, at);
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = numberEnd(text, at);
      const spelling = spellingOf(text, at, end);
      if (spelling === "other" || (spelling === "double" && checks > 0)) {
        const digits = text.slice(at, end);
        const isChanged = String(Number(digits)) !== digits;
        if (isChanged && (changed.length < MOST_SPELLINGS || !isHeld(digits))) changed.push(at);
        if (spelling === "double") checks = isChanged ? Infinity : checks - 1;
      }
      at = end - 1;
    }
  }
  return changed;
}

/** Returns the index after the number that begins at `start`. */
function numberEnd(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const isPart = (code >= ZERO && code <= NINE) || code === DOT || code === MINUS || code === PLUS;
    if (!isPart && (code | SMALL) !== EXPONENT) break;
  }
  return end;
}

/** Walks the text along its parsed value, and places the numbers that begin at `changed`. */
function placeNumbers(text: string, value: object, changed: readonly number[]): void {
  const stack: Open[] = [];
  let open: Open = { holder: { value }, at: 0 };
  let keyStart = 0;
  let keyEnd = 0;
  const key = (): string =>
    Array.isArray(open.holder)
      ? String(open.at)
      : stack.length === 0
        ? "value"
        : (JSON.parse(text.slice(keyStart, keyEnd)) as string);
  let next = 0;
  for (let at = 0; next < changed.length && at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      keyStart = at;
      at = stringEnd(text, at, 0);
      keyEnd = at + 1;
    } else if (code === OPEN_LIST || code === OPEN_RECORD) {
      const inner: unknown = Reflect.get(open.holder, key());
      stack.push(open);
      // Of two members with one name the last one counts, and the first may be of any type.
      open = { holder: typeof inner === "object" && inner !== null ? inner : [], at: 0 };
    } else if (code === CLOSE_LIST || code === CLOSE_RECORD) {
      open = stack.pop() ?? open;
    } else if (code === COMMA) {
      open.at++;
    } else if (at === changed[next]) {
      const end = numberEnd(text, at);
      placeNumber(open, key(), text.slice(at, end));
      at = end - 1;
      next++;
    }
  }
}

function placeNumber(open: Open, key: string, digits: string): void {
  const { holder } = open;
  if (!Object.is(Reflect.get(holder, key), Number(digits))) return;
  open.isVector ??= Array.isArray(holder) && holder.every((item) => typeof item === "number");
  if (open.isVector || isHeld(digits)) rememberSpelling(holder, key, digits);
  else Reflect.set(holder, key, new ExactNumber(digits));
}

/** Whether the string at `start` may be a known long one: duplicate member names disturb the order. */
function beginsSo(text: string, start: number, item: LongItem["item"]): boolean {
  if (typeof item !== "string") return false;
  for (let at = 0; at < 16; at++) {
    const code = text.charCodeAt(start + 1 + at);
    if (code === BACKSLASH) return true;
    if (code !== item.charCodeAt(at)) return false;
  }
  return true;
}

/** Returns the index of the quote that ends the string at `start`, which has at least `length` characters. */
function stringEnd(text: string, start: number, length: number): number {
  for (let quote = text.indexOf('"', start + 1 + length); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote;
  }
  return text.length;
}

/** Returns the index of the bracket that ends a list of numbers; `start` for any other list. */
function listEnd(text: string, start: number): number {
  return /^\[\s*[-\d]/.test(text.slice(start, start + 32)) ? text.indexOf("]", start) : start;
}

/** Whether a double can hold a number, in any spelling. */
const isHeld = (digits: string): boolean =>
  (digits.length <= SAFE_INTEGER && !/e/i.test(digits)) || canonical(digits) === canonical(String(Number(digits)));

/** Classifies a spelling: JavaScript's own, JavaScript's own if a double has exactly these digits, or another. */
function spellingOf(text: string, start: number, end: number): "plain" | "double" | "other" {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  let dot = -1;
  for (let at = first; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) dot = at;
    else if ((code | SMALL) === EXPONENT) return "other";
  }
  const isBelowOne = text.charCodeAt(first) === ZERO;
  if (dot === -1) return end - first <= SAFE_INTEGER && (first === start || !isBelowOne) ? "plain" : "other";
  // JavaScript drops trailing zeros, and uses an exponent after this many leading zeros.
  if (text.charCodeAt(end - 1) === ZERO || (isBelowOne && text.startsWith("00000", dot + 1))) return "other";
  if (end - first <= SAFE_DECIMAL) return "plain";
  return end - first <= DOUBLE ? "double" : "other";
}

/** Returns the significant digits and the power of ten of a number; zero is zero with either sign. */
function canonical(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  let end = all.length;
  while (end > 0 && all[end - 1] === "0") end--;
  const digits = all.slice(0, end).replace(/^0+/, "");
  return digits === "" ? "0" : `${sign}${digits}e${Number(exponent) - fraction.length + all.length - end}`;
}
