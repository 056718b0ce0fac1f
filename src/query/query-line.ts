import { FIELDS, isOfRows } from "../source/fields.ts";
import { type Condition, type ConditionValue, type Operator, misfitOf } from "../source/conditions.ts";
import {
  freeNotation,
  goesOn,
  notationBeside,
  readsAsNotation,
  valueNotation,
  wordNotation,
  type Neighbor,
  type Notation,
  type NotationProblem,
} from "./notation.ts";
import { amountsOf, insteadOf, unclearNumber, writeClearly } from "./numbers.ts";
import { nearestNames } from "./suggestions.ts";
import { isNumber, readValue, writeValue, type Clock } from "./values.ts";
import { flagNamed, KEY_NAMES, keyNamed, partsOf, quote, split, textOf, wordOf, wordsOf, type Piece } from "./words.ts";
import { LONGEST_LINE } from "./line-length.ts";

/*
 * The query line.
 *
 *   key:value          equals. `key:a,b` one of them; `-key:value` none of them
 *   key:>5  key:<5     more, less. `duration` takes ms, s, m, h
 *   key:~part          contains
 *   key:none           a log without it
 *   cached  -cached    yes and no, for every yes/no key
 *   status:error       `success`; also status:success. feedback:up, feedback:down
 *   status:429 :>499   the row's status code, like status:none
 *   path:chat          the row's path contains it, ignoring case; path:="v1/chat" is the whole path; -path:chat negates
 *   source:playground  or source:key: the call's origin, as far as the row shows it; user:ann, key:ci: who made it
 *   since:2h until:…   from then on, before then: 2h, 3d, today, yesterday, 2026-11-20, 2026-11-20T09:30, …Z
 *   meta.team:blue     the metadata entry "team" is "blue"; with `-` it exists with another value. meta."my key":x
 *   metadata.value:=42 the number, where 42 alone is the text
 *   "a, b: c"          verbatim, in keys, values and free text; \" and \\ within
 *   anything else      free text, unless it is a notation of another language (`notation.ts`), which is a problem
 */

export type Filter = {
  /** Conditions that a source may be asked for. */
  conditions: Condition[];
  /** Free text; "" for none. */
  search: string;
  /** Conditions on the rows that were read (`matchesRow`). */
  clientSide: Condition[];
};

/** An invalid piece of the query line, its range (end exclusive), and alternatives. */
export type FilterProblem = {
  start: number;
  end: number;
  problem: "tooLong" | "unclosedQuote" | "unknownKey" | "negation" | "operator" | "noValue" | "value" | Notation;
  key?: string;
  /** Operators, or value types. */
  allowed?: readonly string[];
  /** Up to three keys that an unknown key may mean. */
  suggestions?: readonly string[];
  /** The equivalent in the query line. */
  instead?: string;
};

/** A word of a line, and what it says: conditions, text to search for, or something that can't be read. */
type QueryWord = { word: Piece; said: readonly Condition[] | "text" | "problem" };

/** A line, its filter, and what each of its words says by itself; with problems, the filter must not be used. */
export type QueryLine = Filter & { line: string; words: QueryWord[]; problems: FilterProblem[] };

const SIGNS: Readonly<Record<string, Operator>> = { "<": "lt", ">": "gt", "~": "contains", "=": "eq" };
const TYPED = "=";

/**
 * Reads a line word by word. `take` gets each word that is neither in a quote that is never closed nor in a notation with the words next to
 * it, and gives what is wrong with it. Of a line longer than `LONGEST_LINE`, that is all that is read.
 */
export function readWords<Word extends Neighbor>(
  line: string,
  read: (word: Piece) => Word,
  isKey: (name: string) => boolean,
  take: (word: Word) => FilterProblem | undefined,
): FilterProblem[] {
  if (line.length > LONGEST_LINE) return [{ start: LONGEST_LINE, end: line.length, problem: "tooLong" }];
  const { words, unclosed } = wordsOf(line);
  const all = words.map(read);
  return all.flatMap((one, index): FilterProblem[] => {
    if (unclosed !== undefined && unclosed < one.word.end)
      return [{ start: unclosed, end: line.length, problem: "unclosedQuote" }];
    const sides = { before: all[index - 1], after: all[index + 1] };
    const problem = (one.isFree ? notationBeside(one.word, sides, isKey) : undefined) ?? take(one);
    return problem ? [problem] : [];
  });
}

/** A word's meaning: conditions, a problem, or (neither) free text. */
type Said = Condition[] | FilterProblem | undefined;

const isProblem = (said: Said): said is FilterProblem => said !== undefined && !Array.isArray(said);

/** Returns the operator of a value without a sign. */
const plainOperator = (key: string): Operator => (key === "path" ? "contains" : "eq");

/** The part after a word's colon, without the sign. */
type Answer = { sign: string | undefined; items: Piece[]; whole: Piece };

function answerIn(whole: Piece): Answer {
  const [first] = whole.chars;
  const sign = first && !first.quoted && Object.hasOwn(SIGNS, first.text) ? first.text : undefined;
  const rest =
    sign === undefined ? whole : { chars: whole.chars.slice(1), start: whole.start + sign.length, end: whole.end };
  return { sign, items: split(rest, ","), whole };
}

/** Returns a condition, or its first problem. */
function conditionOf(
  key: string,
  negated: boolean,
  { sign, items, whole }: Answer,
  clock: Clock,
): Condition | FilterProblem {
  const empty = items.find((item) => item.chars.length === 0);
  const { start, end } = whole;
  const plain = plainOperator(key);
  const asked = sign === undefined ? plain : (SIGNS[sign] ?? plain);
  const unsuited = misfitOf({ key, operator: asked, value: [] });
  if (unsuited?.problem === "operator") return { start, end, key, ...unsuited };
  if (empty) return { start: empty.start, end: empty.end, key, ...unsuited, problem: "noValue" };
  if (negated && asked !== plain) return { start, end, key, problem: "negation" };
  const typed = sign === TYPED || asked === "lt" || asked === "gt";
  const operator = negated ? "neq" : asked;
  const value: ConditionValue[] = [];
  const { type, nullable } = FIELDS.get(key) ?? {};
  const kind = type === "tag" || type === "time" ? "text" : key === "path" ? "path" : "name";
  for (const item of items) {
    const one = readValue(item, { key, typed, clock });
    const misfit = one === undefined ? unsuited : misfitOf({ key, operator, value: [one] });
    if (one === undefined || misfit) {
      const instead = insteadOf(key, operator, textOf(item.chars));
      return { start: item.start, end: item.end, key, ...misfit, problem: "value", ...(instead && { instead }) };
    }
    const notation = typeof one === "string" ? valueNotation(item, kind, nullable) : undefined;
    if (notation) return { ...notation, key };
    value.push(one);
  }
  const amounts = amountsOf(key, operator, typed);
  const unclear = amounts && unclearNumber(items.map(unquoted), amounts);
  if (!unclear) return { key, operator, value };
  const { index, count, ...rest } = unclear;
  const [first, last] = [items[index] ?? whole, items[index + count - 1] ?? whole];
  return { start: first.start, end: last.end, key, problem: "number", ...rest };
}

const unquoted = ({ chars }: Piece): string | undefined =>
  chars.some(({ quoted }) => quoted) ? undefined : textOf(chars);

/**
 * `since:` and `until:`. `since:` means "that second or later", an operator that no condition has, so it's one second
 * earlier.
 */
function boundOf(word: "since" | "until", negated: boolean, answer: Answer, clock: Clock): Said {
  const { sign, items, whole } = answer;
  const at = { start: whole.start, end: whole.end, key: word };
  if (negated) return { ...at, problem: "negation" };
  if (sign !== undefined) return { ...at, problem: "operator", allowed: [] };
  if (items.length > 1) return { ...at, problem: "value" };
  const read = conditionOf("createdAt", false, answer, clock);
  if ("problem" in read) return { ...read, key: word };
  const instant = Date.parse(String(read.value[0]));
  return word === "until"
    ? [{ ...read, operator: "lt" }]
    : [{ ...read, operator: "gt", value: [new Date(instant - 1000).toISOString()] }];
}

/** Whether `status:` means the status code, rather than success or error. */
function isAboutCode({ sign, items: [first] }: Answer): boolean {
  const text = textOf(first?.chars ?? []);
  return sign === "<" || sign === ">" || text === "none" || isNumber(text);
}

/** Whether a word before a colon is a key. */
const isKey = (word: string): boolean => keyNamed(word) !== undefined || /^(?:since|until|meta\..+)$/is.test(word);

/** Offers an alternative only if it can be parsed. */
export function withInstead(found: NotationProblem, reads: (line: string) => boolean): NotationProblem {
  const { instead, ...rest } = found;
  return instead !== undefined && reads(instead) ? found : rest;
}

/** Parses a word, split at the first colon outside quotes. */
function saidBy(word: Piece, clock: Clock): Said {
  const notation = wordNotation(word);
  if (notation) return notation;
  const { negated, key: name, answer: whole } = partsOf(word);
  const text = textOf(name.chars);
  if (!whole) {
    const flag = name.chars.some((char) => char.quoted) ? undefined : flagNamed(text);
    if (flag !== undefined) return [{ key: flag, operator: "eq", value: [!negated] }];
    const found = freeNotation(word, isKey);
    if (found) return withInstead(found, (line) => parseFilter(line, clock.now, clock.zone).problems.length === 0);
    return negated && name.chars.length > 0 ? { start: word.start, end: word.end, problem: "negation" } : undefined;
  }
  const answer = answerIn(whole);
  const lower = text.toLowerCase();
  if (lower === "since" || lower === "until") return boundOf(lower, negated, answer, clock);
  if (lower.startsWith("meta.") && name.chars.length > "meta.".length) {
    const read = conditionOf("metadataValue", negated, answer, clock);
    if ("problem" in read) return { ...read, key: text };
    return [{ key: "metadataKey", operator: "eq", value: [text.slice("meta.".length)] }, read];
  }
  const key = lower === "status" && isAboutCode(answer) ? "statusCode" : keyNamed(text);
  if (key === undefined) {
    const { start, end } = name;
    return { start, end, problem: "unknownKey", key: text, suggestions: nearestNames(text, KEY_NAMES) };
  }
  const read = conditionOf(key, negated, answer, clock);
  return "problem" in read ? read : [read];
}

/** Returns a word with its meaning, as needed by adjacent words. */
function neighborIn(word: Piece, said: Said): Neighbor & { said: Said } {
  const keys = Array.isArray(said) ? said.map(({ key }) => FIELDS.get(key)?.type) : [];
  const isCode = Array.isArray(said) && said.some(({ key }) => key === "statusCode");
  const isNumber = keys.some((type) => type === "number" || type === "time" || type === "tag");
  return { word, said, isFree: said === undefined, amount: isCode ? "code" : isNumber ? "number" : undefined };
}

/**
 * Parses the query line, once for all that is shown of it. Every word becomes conditions, part of the free text, or a problem with its position; a filter
 * with problems must not be used. For a line beyond `LONGEST_LINE`, its length is the only problem, and it has no words.
 * Times like `2h` are relative to `now`; days and times without a zone are in `zone` ("local": the process's). So lines are stored, not
 * filters.
 */
export function parseQueryLine(line: string, now: Date, zone: Clock["zone"] = "local"): QueryLine {
  const all: { word: Piece; said: Said }[] = [];
  const conditions: Condition[] = [];
  const clientSide: Condition[] = [];
  const search: string[] = [];
  const read = (word: Piece) => {
    const said = saidBy(word, { now, zone });
    all.push({ word, said });
    return neighborIn(word, said);
  };
  const problems = readWords(line, read, isKey, ({ word, said }) => {
    if (said === undefined) search.push(textOf(word.chars));
    else if (isProblem(said)) return said;
    else for (const one of said) (isOfRows(one.key) ? clientSide : conditions).push(one);
    return undefined;
  });
  const unclosed = problems.find(({ problem }) => problem === "unclosedQuote")?.start ?? Infinity;
  const words = all.map(({ word, said }): QueryWord => {
    const isWrong = word.end > unclosed || isProblem(said);
    return { word, said: isWrong ? "problem" : (said ?? "text") };
  });
  return { line, words, conditions, search: search.join(" "), clientSide, problems };
}

/** Parses the query line to its filter alone: see `parseQueryLine`. With problems, the filter must not be used. */
export function parseFilter(line: string, now: Date, zone?: Clock["zone"]): Filter & { problems: FilterProblem[] } {
  const { conditions, search, clientSide, problems } = parseQueryLine(line, now, zone);
  return { conditions, search, clientSide, problems };
}

function writeAnswer({ key, operator, value }: Condition): string {
  const typed =
    FIELDS.get(key)?.type === "tag" && operator !== "contains" && value.some((one) => typeof one !== "string");
  const plain = operator === "neq" || operator === plainOperator(key);
  const sign = plain ? (typed ? TYPED : "") : (Object.keys(SIGNS).find((sign) => SIGNS[sign] === operator) ?? "");
  const texts = value.map((one) => writeValue(key, one, typed));
  const amounts = amountsOf(key, operator, typed);
  const isUnclear = amounts !== undefined && unclearNumber(texts, amounts) !== undefined;
  return `${sign}${texts.map((text) => (isUnclear ? writeClearly(key, text, typed) : text)).join(",")}`;
}

function writeCondition(condition: Condition): string {
  const { key, operator, value } = condition;
  const [only] = value;
  if (key === "success" || key === "statusCode")
    return `${operator === "neq" ? "-" : ""}status:${writeAnswer(condition)}`;
  if (operator === "eq" && value.length === 1 && typeof only === "boolean" && flagNamed(key) === key) {
    return only ? wordOf(key) : `-${wordOf(key)}`;
  }
  return `${operator === "neq" ? "-" : ""}${writeName(wordOf(key))}:${writeAnswer(condition)}`;
}

/** Writes a key or a metadata name before a colon. */
export function writeName(name: string): string {
  return /^[\w.]([\w.-])*$/.test(name) ? name : quote(name);
}

/** Whether a free-text word needs no quotes. */
const isPlainWord = (word: string): boolean =>
  /^[^\s":-][^\s":]*$/.test(word) && flagNamed(word) === undefined && !readsAsNotation(word) && !isKey(word);

/** Quotes free text as a whole if it would be parsed as something else, or has other spaces. */
function writeSearch(search: string): string {
  const words = search.split(" ");
  return words.every(isPlainWord) && !goesOn(words[0] ?? "") ? search : quote(search);
}

type Written = { conditions: readonly Condition[]; search: string; clientSide?: readonly Condition[] };

/**
 * Formats a filter as a query line that `parseFilter` parses to the same conditions and free text, for all conditions
 * on fields in the table that pass `misfitOf`.
 */
export function formatFilter({ conditions, search, clientSide = [] }: Written): string {
  const words: string[] = [];
  for (let index = 0; index < conditions.length; index++) {
    const condition = conditions[index];
    const next = conditions[index + 1];
    if (!condition) continue;
    const [name] = condition.value;
    const isName = condition.key === "metadataKey" && condition.operator === "eq" && condition.value.length === 1;
    if (isName && typeof name === "string" && next?.key === "metadataValue") {
      words.push(`${next.operator === "neq" ? "-" : ""}meta.${writeName(name)}:${writeAnswer(next)}`);
      index++;
    } else {
      words.push(writeCondition(condition));
    }
  }
  return [...words, ...clientSide.map(writeCondition), ...(search === "" ? [] : [writeSearch(search)])].join(" ");
}
