import { type ConditionValue, type Operator, misfitOf } from "../source/conditions.ts";
import { writeName } from "./query-line.ts";
import { valuesSeen, type Seen } from "./seen-values.ts";
import { nearestNames } from "./suggestions.ts";
import { fitsInLine, isNumber, writeValue } from "./values.ts";
import {
  flagNamed,
  KEY_NAMES,
  keyNamed,
  lastWordOf,
  NAMED_VALUES,
  partsOf,
  split,
  textOf,
  wordOf,
  wordsOf,
  type Piece,
} from "./words.ts";
import { LONGEST_LINE } from "./line-length.ts";
import { FIELDS } from "../source/fields.ts";

export { valuesSeen, type Seen };

/** A completion of a line's last word. */
export type Completion = {
  /** The whole line with the completion. */
  line: string;
  /** The shown text. */
  word: string;
  kind: "key" | "operator" | "value";
  /** The key that it is or belongs to. */
  key?: string;
  /** Number of known logs with the value. */
  count?: number;
};

const SIGNS: Readonly<Record<string, Operator>> = { ">": "gt", "<": "lt", "~": "contains", "=": "eq" };
const UNITS = ["m", "h", "d", "w"];
const TIMES = ["1h", "2h", "24h", "today", "yesterday", "7d", "30d"];

/** Suggested bounds. */
const AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  cost: ["0.001", "0.01", "0.1", "1"],
  duration: ["500ms", "2s", "10s", "1m"],
  latency: ["500ms", "2s", "10s"],
  tokens: ["1000", "5000", "20000"],
  tokensIn: ["1000", "5000", "20000"],
  tokensOut: ["1000", "5000", "20000"],
  statusCode: ["399", "499"],
};

/** Returns choices that contain the text, ignoring case; those that start with it first. */
export function narrowed<T>(choices: readonly T[], text: string, wordOf: (choice: T) => string): T[] {
  const typed = text.toLowerCase();
  const at = choices.map((choice) => ({ choice, index: wordOf(choice).toLowerCase().indexOf(typed) }));
  const starting = at.filter(({ index }) => index === 0);
  return [...starting, ...at.filter(({ index }) => index > 0)].map(({ choice }) => choice);
}

/** Suggests keys for a misspelled one, between `head` and `rest`. */
export const renamed = (names: readonly string[], head: string, rest: string): Completion[] =>
  names.map((name) => ({ line: `${head}${name}:${rest}`, word: `${name}:`, kind: "key", key: name }));

/** Returns names of metadata entries, for after the most used keys. */
function namesOf(seen: Seen): string[] {
  const tags = [...seen.keys()].filter((key) => key.startsWith("meta."));
  return [...KEY_NAMES.slice(0, 4), ...tags.slice(0, 2), ...KEY_NAMES.slice(4), ...tags.slice(2)];
}

const isBound = (name: string): boolean => name === "since" || name === "until";

const written = (name: string): string =>
  name.startsWith("meta.") ? `meta.${writeName(name.slice("meta.".length))}` : writeName(name);

/** Returns the field for a word before a colon, or another word as it is. */
const fieldOf = (name: string): string => keyNamed(name) ?? name;

/** Returns the keys already in a line. */
const namesIn = (line: string): Set<string> =>
  new Set(
    wordsOf(line).words.map(({ chars }) => wordOf(keyOf(textOf(chars).replace(/^-?([^:]*).*$/s, "$1"))?.name ?? "")),
  );

/**
 * Completes a key. `head`: the line before the word, with its minus. Omits the line's existing keys until typing
 * starts.
 */
function keysFor(head: string, negated: boolean, typed: string, seen: Seen): Completion[] {
  const had = typed === "" ? namesIn(head) : new Set<string>();
  const names = namesOf(seen).filter((name) => !(negated && isBound(name)) && fitsInLine(name) && !had.has(name));
  const found = narrowed(names, typed, (name) => name).flatMap((name): Completion[] => {
    const key = {
      line: `${head}${written(name)}:`,
      word: `${written(name)}:`,
      kind: "key",
      key: fieldOf(name),
    } as const;
    const flag = typed === "" || name.startsWith("meta.") ? undefined : flagNamed(name);
    return flag === undefined ? [key] : [{ line: `${head}${name} `, word: name, kind: "value", key: flag }, key];
  });
  const isTag = "meta.".startsWith(typed.toLowerCase()) && typed.length < "meta.".length;
  return isTag ? [...found, { line: `${head}meta.`, word: "meta.", kind: "key", key: "meta." }] : found;
}

/** A value's position: the line before it, and its key. */
type Place = {
  line: string;
  head: string;
  name: string;
  key: string;
  sign: string;
  negated: boolean;
  list: Piece[];
  /** Whether the key is `status:`, which also takes codes. */ isStatus: boolean;
};

function operatorsFor({ head, key, name, negated, isStatus }: Place): Completion[] {
  if (negated) return [];
  return Object.entries(SIGNS).flatMap(([sign, operator]): Completion[] => {
    const isCode = isStatus && (operator === "gt" || operator === "lt");
    // `=` is the default operator of every key except path.
    const useful = operator === "eq" ? key === "path" : operator !== "contains" || key !== "path";
    const misfit = misfitOf({ key: isCode ? "statusCode" : key, operator, value: [] });
    return useful && misfit?.problem !== "operator"
      ? [{ line: head + sign, word: sign, kind: "operator", key: name }]
      : [];
  });
}

type Choice = { value: ConditionValue; count?: number };

/** Returns a key's values: named ones, seen ones, and none. */
function choicesFor({ key, name, negated, sign, list, isStatus }: Place, seen: Seen): Choice[] {
  const known = seen.get(name) ?? [];
  const named = Object.values(NAMED_VALUES[key] ?? {});
  const flags = FIELDS.get(key)?.type === "boolean" && named.length === 0 ? [true, false] : [];
  const fixed = [...named, ...flags].map((value): Choice => known.find((one) => one.value === value) ?? { value });
  const codes = isStatus && key === "success" && list.length === 1 ? (seen.get("statusCode") ?? []) : [];
  const others = known.filter(({ value }) => !fixed.some((one) => one.value === value));
  const none: Choice[] = FIELDS.get(key)?.nullable ? [{ value: null }] : [];
  const operator = negated ? "neq" : sign === "" ? (key === "path" ? "contains" : "eq") : (SIGNS[sign] ?? "eq");
  const fits = ({ value }: Choice) => misfitOf({ key, operator, value: [value] }) === undefined;
  return [...[...fixed, ...others].filter(fits), ...(sign === "" ? codes : []), ...none.filter(fits)];
}

/** Returns time bounds that match the typed text. */
export const timesFor = (typed: string): readonly string[] =>
  /^\d+$/.test(typed) ? UNITS.map((unit) => typed + unit) : TIMES;

/** A value as shown and as written in the line. */
type Spelt = { told: string; word: string; count?: number | undefined };

/** Values that contain what is typed, after the text before them in the line. */
export const valueCompletions = (before: string, key: string, typed: string, values: readonly Spelt[]): Completion[] =>
  narrowed(values, typed, ({ told }) => told).map(({ word, count }) => {
    const completion = { line: `${before}${word} `, word, kind: "value", key } as const;
    return count === undefined ? completion : Object.assign(completion, { count });
  });

function valuesFor(place: Place, seen: Seen): Completion[] {
  const { line, head, name, key, sign, list } = place;
  const item = list.at(-1);
  const typed = textOf(item?.chars ?? []);
  const before = list.length > 1 ? line.slice(0, item?.start) : head + sign;
  const isTime = isBound(name) || key === "createdAt";
  const isSecond = list.length > 1 && isBound(name);
  const texts = isTime ? (isSecond ? [] : timesFor(typed)) : sign === ">" || sign === "<" ? (AMOUNTS[key] ?? []) : [];
  const taken = new Set(list.slice(0, -1).map(({ chars }) => textOf(chars)));
  const fixed = texts.filter((text) => !taken.has(text)).map((text): Spelt => ({ told: text, word: text }));
  const choices = choicesFor(place, seen).flatMap(({ value, count }): Spelt[] => {
    const asTyped =
      FIELDS.get(key)?.type === "tag" && (sign === "=" || (list.length === 1 && typeof value !== "string"));
    const isCode = key === "success" && typeof value === "number";
    const word = writeValue(isCode ? "statusCode" : key, value, asTyped);
    const told = typeof value === "string" ? value : word;
    if (taken.has(told) || !fitsInLine(told)) return [];
    return [{ told, word: asTyped && sign === "" ? `=${word}` : word, count }];
  });
  return valueCompletions(before, name, typed, [...fixed, ...choices]);
}

/** Returns a word's key before its colon, and the name for looking up values. */
function keyOf(text: string): { key: string; name: string } | undefined {
  const lower = text.toLowerCase();
  if (isBound(lower)) return { key: "createdAt", name: lower };
  if (lower.startsWith("meta.") && lower.length > "meta.".length) {
    return { key: "metadataValue", name: `meta.${text.slice("meta.".length)}` };
  }
  const key = keyNamed(text);
  return key === undefined ? undefined : { key, name: key };
}

/**
 * Completes a line's last word: its key, or after the colon an operator or a value (the next one after a comma) that
 * contains the typed text. A complete value ends with a space, a key with its colon; a leading minus stays. A
 * misspelled key gets similar ones. A line beyond the length limit has no completions. Never throws.
 */
export function completionsOf(line: string, seen: Seen): Completion[] {
  if (line.length > LONGEST_LINE) return [];
  const { negated, key: typed, answer: whole } = partsOf(lastWordOf(line));
  const head = line.slice(0, typed.start);
  const text = textOf(typed.chars);
  if (!whole) {
    // A word in quotes is free text, unless only its metadata name is quoted.
    const isText = typed.chars.some((char, at) => char.quoted && at < "meta.".length);
    return isText ? [] : keysFor(head, negated, text, seen);
  }
  const middle = whole.start;
  const named = keyOf(text);
  if (!named) {
    const found = renamed(nearestNames(text, KEY_NAMES), head, line.slice(middle));
    for (const one of found) one.key = fieldOf(one.key ?? "");
    return found;
  }
  const [mark] = whole.chars;
  const sign = mark && !mark.quoted && Object.hasOwn(SIGNS, mark.text) ? mark.text : "";
  const answer = { chars: whole.chars.slice(sign.length), start: middle + sign.length, end: line.length };
  const list = split(answer, ",");
  const isStatus = text.toLowerCase() === "status";
  const [earlier] = list.slice(0, -1);
  const isCode = isStatus && (sign === ">" || sign === "<" || isNumber(textOf(earlier?.chars ?? [])));
  const { key, name } = isCode ? { key: "statusCode", name: "statusCode" } : named;
  const place = { line, head: line.slice(0, middle), key, name, sign, negated, list, isStatus };
  if (isBound(name) && (negated || sign !== "")) return [];
  const isEmpty = answer.chars.length === 0 && sign === "";
  const operators = isEmpty && !isBound(name) ? operatorsFor(place) : [];
  return [...valuesFor(place, seen), ...operators];
}
