import { FIELD_NAMES, FIELDS, isOfRows, type FieldName } from "../source/fields.ts";
import type { ConditionValue } from "../source/conditions.ts";

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

/** The fields that the query line calls otherwise; all others it calls by their names. */
const OTHER_WORDS: Readonly<{ [F in FieldName]?: string }> = {
  createdAt: "created_at",
  requestContentType: "request_content_type",
  responseContentType: "response_content_type",
  requestType: "request_type",
  modelType: "model_type",
  tokensIn: "tokens_in",
  tokensOut: "tokens_out",
  eventId: "event_id",
  metadataKey: "metadata.key",
  metadataValue: "metadata.value",
  dlpAction: "dlp_action",
  userAgent: "user_agent",
  statusCode: "status_code",
  tokensCached: "tokens_cached",
  tokensReasoning: "tokens_reasoning",
  dlpProfile: "dlp_profile",
};

/** Returns the query line's word for a field; a name that isn't a field's as it is. */
export const wordOf = (field: string): string => OTHER_WORDS[field as FieldName] ?? field;

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
      ["source", "endpoint", "user", "key", "event_id", "user_agent", "tokens_in", "tokens_out"],
      FIELD_NAMES.filter(isOfRows).map(wordOf),
      FIELD_NAMES.filter((name) => !isOfRows(name)).map(wordOf),
    ),
  ),
];

const KEYS = new Map(FIELD_NAMES.map((field) => [wordOf(field).toLowerCase(), field]));

/** Returns the field for a word before a colon, ignoring case; `status` is `success`. */
export function keyNamed(word: string): FieldName | undefined {
  return word.toLowerCase() === "status" ? "success" : KEYS.get(word.toLowerCase());
}

/** Returns the boolean key for a bare word: `cached`, `-cached`. */
export function flagNamed(word: string): string | undefined {
  const key = keyNamed(word);
  if (key === undefined || word.toLowerCase() === "status") return undefined;
  return FIELDS.get(key)?.type === "boolean" ? key : undefined;
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
