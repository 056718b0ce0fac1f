import { quote, textOf, type Piece } from "./words.ts";

/*
 * Notations of other query languages, number formats and typography: `OR`, `key=value`, `10,000`, “quotes”. The query
 * line has other words for these. Taken as text, they would silently mean something else, and the results may be
 * deleted; so each is a problem at its position. Text in straight double quotes never is.
 */

/** A notation with a different meaning in the query line. */
export type Notation =
  | "quotes"
  | "lookalike"
  | "or"
  | "and"
  | "not"
  | "group"
  | "comparison"
  | "pattern"
  | "separator"
  | "number"
  | "none"
  | "unit";

/** A notation and its range, end exclusive. `instead`: the query line's equivalent. */
export type NotationProblem = { start: number; end: number; problem: Notation; instead?: string };

/** Replaces a quoted character; from the private use area, so users don't type it. */
const QUOTED = "\uE000";

const bareOf = ({ chars }: Piece): string => chars.map(({ text, quoted }) => (quoted ? QUOTED : text)).join("");

/** Fast path: most texts have no characters of any notation, only words. */
const PLAIN = /^[\w@](?:[\w@/-]|\.(?!\.))*$/;

/** `word`: the notation is a word without special characters. */
type Rule = { notation: Notation; fits: (bare: string) => boolean; word?: true };

const rule = (notation: Notation, pattern: RegExp): Rule => ({ notation, fits: (bare) => pattern.test(bare) });
const word = (notation: Notation, pattern: RegExp): Rule => ({ ...rule(notation, pattern), word: true });

/** All rules, and the subset for words. */
type Rules = { all: readonly Rule[]; words: readonly Rule[] };

const rulesOf = (all: readonly Rule[]): Rules => ({ all, words: all.filter(({ word: isWord }) => isWord) });

/** Returns the first rule that matches a text. */
const ruleFor = ({ all, words }: Rules, bare: string): Rule | undefined =>
  (PLAIN.test(bare) ? words : all).find(({ fits }) => fits(bare));

/** Returns the first notation found in a piece. */
function foundIn(rules: Rules, piece: Piece): NotationProblem | undefined {
  const found = ruleFor(rules, bareOf(piece));
  return found && { start: piece.start, end: piece.end, problem: found.notation };
}

/** An apostrophe within a word is fine; at its start it opens a quotation. */
const OPENED = /^['`´‘’‚‛＇「『《〈]/u;
/** Hyphens, dashes and minus signs other than the keyboard's. */
const DASHES = "\u2010-\u2015\u2212\uFE63\uFF0D";
const STARTS_WITH_DASH = new RegExp(`^[${DASHES}](?=.)`, "u");
const HAS_DASH = new RegExp(`[${DASHES}]`, "u");
const COLONS = "：﹕︓∶";

/** For every word. */
const ANY_WORD = rulesOf([
  rule("quotes", /[“”„‟«»‹›〝〞〟＂]/u),
  rule("quotes", new RegExp(`^[-${DASHES}]?${OPENED.source.slice(1)}`, "u")),
  rule("lookalike", /[\u00AD\u180E\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069]/u),
]);

const BRACKETS = ["()", "[]", "{}"];

/** Ends with a bracket that isn't opened in the text. */
const closes = (bare: string): boolean =>
  BRACKETS.some(([open = "", close = ""]) => bare.endsWith(close) && !bare.includes(open));

/** Between slashes, with a character specific to regular expressions. */
const isExpression = (bare: string): boolean => isSlashed(bare) && /[*+?^$|()[\]{}\\]/.test(bare);
const isSlashed = (bare: string): boolean => /^\/.+\/[a-z]{0,6}$/s.test(bare);

/** For words without a key: free text. */
const FREE = rulesOf([
  rule("comparison", /^(?:[=≠≤≥＝]|[!<>]=|<>|[<>~＜＞]+(?:$|[-+]?[$€£¥]?\.?\d))/u),
  word("or", /^X?OR$/),
  rule("or", /\|/),
  word("and", /^AND$/),
  rule("and", /&&|^&$|^\+[-(\p{L}\uE000]/u),
  word("not", /^NOT$/),
  rule("not", /^!/),
  { notation: "not", fits: (bare) => STARTS_WITH_DASH.test(bare) },
  { notation: "group", fits: (bare) => bare.startsWith("(") || (closes(bare) && bare.endsWith(")")) },
  { notation: "pattern", fits: (bare) => /^\*|\*$/.test(bare) || isExpression(bare) },
]);

/** For text values of every kind. */
const VALUE: readonly Rule[] = [
  rule("quotes", OPENED),
  rule("comparison", /^[=<>!~:≠≤≥＝＜＞～〜∼˜：]/u),
  { notation: "lookalike", fits: (bare) => STARTS_WITH_DASH.test(bare) },
  { notation: "group", fits: (bare) => /^[([{]/.test(bare) || closes(bare) },
  rule("or", /\|/),
  rule("and", /&&/),
  { notation: "pattern", fits: (bare) => /\*|^\^|\$$/.test(bare) || isExpression(bare) },
  rule("comparison", /^-?\d[\d.]*\.\.[-.]?\d/),
  rule("separator", /[，、；﹐﹑،؛]/u),
];

/** For values that are names and codes, as opposed to free-form text. */
const NAME: readonly Rule[] = [rule("lookalike", HAS_DASH), rule("pattern", /^%(?![0-9a-f]{2})|%$/i)];
const NOT_PATH: readonly Rule[] = [{ notation: "pattern", fits: (bare) => isSlashed(bare) || /^\?|\?$/.test(bare) }];
const NULLABLE: readonly Rule[] = [
  { notation: "none", word: true, fits: (bare) => bare !== "none" && /^(?:none|null|nil|undefined)$/i.test(bare) },
];

/** Returns the rules for a kind of value. `nullable`: a log may lack it. */
const withNone = (rules: readonly Rule[]) => ({ nullable: rulesOf([...rules, ...NULLABLE]), required: rulesOf(rules) });
const RULES = {
  /** Names and codes. */
  name: withNone([...VALUE, ...NAME, ...NOT_PATH]),
  path: withNone([...VALUE, ...NAME]),
  /** Free-form text. */
  text: withNone(VALUE),
};

/** Kinds of text values. */
export type TextKind = keyof typeof RULES;

/** Returns the notation in a text value. */
export const valueNotation = (item: Piece, kind: TextKind, nullable = false): NotationProblem | undefined =>
  foundIn(RULES[kind][nullable ? "nullable" : "required"], item);

const STRICTEST = rulesOf([...ANY_WORD.all, ...RULES.name.nullable.all, ...FREE.all]);

/** Whether a text would be a notation as a value or as free text, and so needs quotes. */
export const readsAsNotation = (text: string): boolean =>
  ruleFor(STRICTEST, text) !== undefined || (!PLAIN.test(text) && COMPARED.test(text));

/** Returns the notation of a word, whatever its meaning. */
export const wordNotation = (word: Piece): NotationProblem | undefined => foundIn(ANY_WORD, word);

/** `key=value` and similar: sign, key, comparison, value. */
const COMPARED = new RegExp(
  `^([-!([{${DASHES}]?)([\\p{L}_@][\\p{L}\\p{N}_.-]*?)(={1,3}[~>]?|![=~]=?|<>|[<>]=?|~=?|[≠≤≥＝＜＞${COLONS}])(.*)$`,
  "su",
);
const SIGNS: Readonly<Record<string, string>> = {
  ">": ">",
  "<": "<",
  "＞": ">",
  "＜": "<",
  "~": "~",
  "=~": "~",
  "~=": "~",
};
const NEGATED = new Set(["!=", "!==", "≠", "<>"]);
const AT_LEAST = new Set([">=", "≥"]);
const AT_MOST = new Set(["<=", "≤"]);

/** Converts an inclusive integer bound to an exclusive one: `>=5` is `>4`. */
function inclusive(sign: string, value: string): string | undefined {
  if (!/^-?\d{1,15}$/.test(value)) return undefined;
  return AT_LEAST.has(sign) ? `>${Number(value) - 1}` : `<${Number(value) + 1}`;
}

/** Comparison after a key: SQL words, and operators. */
const COMPARES = /^(?:(?:IN|LIKE|ILIKE|BETWEEN|IS|CONTAINS|HAS|MATCHES|REGEXP)$|[<>~!])/;

function comparedIn(word: Piece, isKey: (name: string) => boolean): NotationProblem | undefined {
  const [, before = "", name = "", sign = "", bare = ""] = COMPARED.exec(bareOf(word)) ?? [];
  const isMeant = isKey(name) || (/^(?:=|!=|≠|＝)/.test(sign) && bare !== "");
  if (name === "" || !isMeant) return undefined;
  const at = { start: word.start, end: word.end, problem: "comparison" } as const;
  const value = word.chars.slice(word.chars.length - bare.length);
  const text = value.some(({ quoted }) => quoted) ? quote(textOf(value)) : textOf(value);
  const isInclusive = AT_LEAST.has(sign) || AT_MOST.has(sign);
  const answer = isInclusive ? inclusive(sign, text) : `${SIGNS[sign] ?? ""}${text}`;
  if (answer === undefined || !isKey(name) || /[([{]/.test(before)) return at;
  const isNegated = NEGATED.has(sign) !== (before !== "");
  return { ...at, instead: `${isNegated ? "-" : ""}${name}:${answer}` };
}

/** Returns the notation of a free-text word. `isKey`: whether a name is a key of the line. */
export const freeNotation = (word: Piece, isKey: (name: string) => boolean): NotationProblem | undefined =>
  foundIn(FREE, word) ?? comparedIn(word, isKey);

/** A word as needed by adjacent words. `amount`: it takes a number or a time, or a status code. */
export type Neighbor = { word: Piece; isFree: boolean; amount?: "number" | "code" | undefined };

const UNIT =
  /^(?:m(?:illi)?s(?:ecs?|econds?)?|s(?:ecs?|econds?)?|m(?:ins?|inutes?)?|h(?:rs?|ours?)?|d(?:ays?)?|w(?:eeks?)?|months?|years?|ago|(?:\d{1,2})?[ap]m|k|thousand|mio|million|%|percent|[$€£¥]|usd|eur|dollars?|euros?|cents?)$/i;
const RANGE = new RegExp(`^(?:[-${DASHES}]+|to)$`, "iu");
/** Exactly three digits, possibly the end of a number with separators. */
export const GROUP = /^\d{3}(?!\d)/;

/** Whether a free text looks like a continuation of the condition before it. */
export const goesOn = (text: string): boolean =>
  GROUP.test(text) || UNIT.test(text) || RANGE.test(text) || /^or$/i.test(text);

/**
 * Returns the notation that a free-text word forms with adjacent words: `a:x or b:y`, `not cached`, `tokens:>10 000`,
 * `since:2 days`.
 */
export function notationBeside(
  word: Piece,
  { before, after }: { before?: Neighbor | undefined; after?: Neighbor | undefined },
  isKey: (name: string) => boolean,
): NotationProblem | undefined {
  const bare = bareOf(word);
  const at = { start: word.start, end: word.end };
  const isBefore = before?.isFree === false;
  const isAfter = after?.isFree === false;
  if (isAfter && (/^not$/i.test(bare) || /^[-\u2010-\u2015\u2212]+$/.test(bare))) return { ...at, problem: "not" };
  if ((isBefore || isAfter) && /^or$/i.test(bare)) return { ...at, problem: "or" };
  if (isBefore && isAfter && /^and$/i.test(bare)) return { ...at, problem: "and" };
  if (before?.isFree && COMPARES.test(bare) && isKey(bareOf(before.word))) return { ...at, problem: "comparison" };
  if (!before?.amount) return undefined;
  const [, amount, digits] = /[:,<>=](-?(\d{1,3})|-?[\d.]+[a-z]{0,2})$/i.exec(bareOf(before.word)) ?? [];
  if (amount === undefined) return undefined;
  if (digits !== undefined && GROUP.test(bare)) {
    return before.amount === "code"
      ? { ...at, problem: "separator" }
      : { ...at, problem: "number", instead: digits + bare };
  }
  if (RANGE.test(bare)) return { ...at, problem: "comparison" };
  return UNIT.test(bare) ? { ...at, problem: "unit" } : undefined;
}
