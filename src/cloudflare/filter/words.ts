import { FILTER_KEYS, type ConditionValue } from "./conditions.ts";
import { ROW_KEYS } from "./row-filter.ts";

/** A character of the query line; an empty pair of quotes counts as one of length 0. */
export type Char = { text: string; quoted: boolean; at: number };

/** A piece of the query line and its range, end exclusive. */
export type Piece = { chars: Char[]; start: number; end: number };

/** Named values by key. `none` is null for every nullable key. */
export const NAMED_VALUES: Readonly<Record<string, Readonly<Record<string, ConditionValue>>>> = {
  success: { success: true, error: false },
  feedback: { up: 1, down: -1 },
  source: { playground: "playground", key: "key" },
};

/** Words before a colon, besides `meta.` and a name, the most used first. */
export const KEY_NAMES: readonly string[] = [
  ...new Set(
    [
      "status",
      "model",
      "provider",
      "since",
      "cached",
      "cost",
      "duration",
      "tokens",
      "feedback",
      "path",
      "until",
    ].concat(
      ["source", "event_id", "user_agent", "tokens_in", "tokens_out"],
      [...ROW_KEYS.keys()],
      [...FILTER_KEYS.keys()],
    ),
  ),
];

const KEYS = new Map([...FILTER_KEYS.keys(), ...ROW_KEYS.keys()].map((key) => [key.toLowerCase(), key]));

/** Returns the API's or a row's key for a word, ignoring case; `status` is `success`. */
export function keyNamed(word: string): string | undefined {
  return word.toLowerCase() === "status" ? "success" : KEYS.get(word.toLowerCase());
}

/** Returns the boolean key for a bare word: `cached`, `-cached`. */
export function flagNamed(word: string): string | undefined {
  const key = keyNamed(word);
  if (key === undefined || word.toLowerCase() === "status") return undefined;
  return (FILTER_KEYS.get(key) ?? ROW_KEYS.get(key))?.type === "boolean" ? key : undefined;
}

/** Returns the characters' text, without quotes. */
export function textOf(chars: readonly Char[]): string {
  return chars.map((char) => char.text).join("");
}

/** Puts a text in double quotes, verbatim. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Splits at every separator outside quotes. */
export function split({ chars, start, end }: Piece, separator: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let begin = start;
  chars.forEach((char, index) => {
    if (char.quoted || char.text !== separator) return;
    pieces.push({ chars: chars.slice(from, index), start: begin, end: char.at });
    from = index + 1;
    begin = char.at + 1;
  });
  return [...pieces, { chars: chars.slice(from), start: begin, end }];
}

/** A word's parts: a minus, the key, and what follows its first colon outside quotes (undefined without one). */
export type Parts = { negated: boolean; key: Piece; answer: Piece | undefined };

/** Splits a word into its parts. */
export function partsOf(word: Piece): Parts {
  const [first] = word.chars;
  const negated = first !== undefined && !first.quoted && first.text === "-";
  const chars = negated ? word.chars.slice(1) : word.chars;
  const start = negated ? word.start + 1 : word.start;
  const colon = chars.findIndex((char) => !char.quoted && char.text === ":");
  const middle = chars[colon]?.at;
  if (middle === undefined) return { negated, key: { chars, start, end: word.end }, answer: undefined };
  return {
    negated,
    key: { chars: chars.slice(0, colon), start, end: middle },
    answer: { chars: chars.slice(colon + 1), start: middle + 1, end: word.end },
  };
}

/** Returns the word at the end of a line, which the user is typing: empty after white space. */
export function lastWordOf(line: string): Piece {
  const last = wordsOf(line).words.at(-1);
  return last && last.end === line.length ? last : { chars: [], start: line.length, end: line.length };
}

/**
 * Splits a query line at white space outside double quotes. Within quotes, a backslash escapes the next character.
 * `unclosed`: start of a quote without an end.
 */
export function wordsOf(line: string): { words: Piece[]; unclosed?: number } {
  const words: Piece[] = [];
  let word: Piece | undefined;
  let opened: number | undefined;
  for (let at = 0; at < line.length; at++) {
    const text = line.charAt(at);
    if (opened === undefined && /\s/.test(text)) {
      word = undefined;
      continue;
    }
    if (!word) words.push((word = { chars: [], start: at, end: at }));
    if (text === '"') {
      if (opened === undefined) word.chars.push({ text: "", quoted: true, at });
      opened = opened === undefined ? at : undefined;
    } else if (opened !== undefined && text === "\\" && at + 1 < line.length) {
      at++;
      word.chars.push({ text: line.charAt(at), quoted: true, at });
    } else {
      word.chars.push({ text, quoted: opened !== undefined, at });
    }
    word.end = at + 1;
  }
  return opened === undefined ? { words } : { words, unclosed: opened };
}
