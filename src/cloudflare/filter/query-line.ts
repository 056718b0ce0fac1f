import { FILTER_KEYS, type Condition, type ConditionValue, type Operator } from "./conditions.ts";
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
import { flagNamed, KEY_NAMES, keyNamed, partsOf, quote, split, textOf, wordsOf, type Piece } from "./words.ts";
import { LONGEST_LINE } from "./line-length.ts";
import { keyKind, lineMisfitOf, ROW_KEYS } from "./row-filter.ts";

/*
 * The query line.
 *
 *   key:value          equals. `key:a,b` one of them; `-key:value` none of them
 *   key:>5  key:<5     more, less. `duration` takes ms, s, m, h
 *   key:~part          contains
 *   key:none           a log without it
 *   cached  -cached    yes and no, for every yes/no key
 *   status:error       `success`; also status:success. feedback:up, feedback:down
 *   status:429 :>499   the row's `status_code`, as status:none is
 *   path:chat          the row's path has it in it, in any case; path:="v1/chat" is the whole path; -path:chat has it not
 *   source:playground  or source:key: where it was asked from, as far as the row tells
 *   since:2h until:…   from then on, before then: 2h, 3d, today, yesterday, 2026-11-20, 2026-11-20T09:30, …Z
 *   meta.team:blue     the metadata entry "team" is "blue"; with `-` it is there and is not. meta."my key":x
 *   metadata.value:=42 the number, where 42 alone is the text
 *   "a, b: c"          as it is, in keys, values and free text; \" and \\ within
 *   anything else      free text, unless it is a notation of other languages (`filter-notation.ts`), which is a problem
 */

export type Filter = {
  /** What the API filters by. */
  conditions: Condition[];
  /** Free text; "" is none. */
  search: string;
  /** What is looked for in the rows that were read (`matchesRow`). */
  here: Condition[];
};

/** A piece of the query line that could not be taken, where it stands (end excluded) and what could stand there. */
export type FilterProblem = {
  start: number;
  end: number;
  problem: "tooLong" | "unclosedQuote" | "unknownKey" | "negation" | "operator" | "noValue" | "value" | Notation;
  key?: string;
  /** Operators, or kinds of values. */
  allowed?: readonly string[];
  /** The names, three at most, that an unknown key may mean. */
  suggestions?: readonly string[];
  /** What says the same in the line. */
  instead?: string;
};

const SIGNS: Readonly<Record<string, Operator>> = { "<": "lt", ">": "gt", "~": "contains", "=": "eq" };
const TYPED = "=";

/** What is wrong with a line that is longer than a line can be: what is beyond that. */
export const tooLong = (line: string): FilterProblem[] =>
  line.length > LONGEST_LINE ? [{ start: LONGEST_LINE, end: line.length, problem: "tooLong" }] : [];

/** What one word says: conditions, a problem, or (neither) free text. */
type Said = Condition[] | FilterProblem | undefined;

const isProblem = (said: Said): said is FilterProblem => said !== undefined && !Array.isArray(said);

/** What a value without a sign is asked for with. */
const plainOperator = (key: string): Operator => (key === "path" ? "contains" : "eq");

/** The part of a word behind its colon, without the sign. */
type Answer = { sign: string | undefined; items: Piece[]; whole: Piece };

function answerIn(whole: Piece): Answer {
  const [first] = whole.chars;
  const sign = first && !first.quoted && Object.hasOwn(SIGNS, first.text) ? first.text : undefined;
  const rest =
    sign === undefined ? whole : { chars: whole.chars.slice(1), start: whole.start + sign.length, end: whole.end };
  return { sign, items: split(rest, ","), whole };
}

/** One condition, or the first thing in the way of it. */
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
  const unsuited = lineMisfitOf({ key, operator: asked, value: [] });
  if (unsuited?.problem === "operator") return { start, end, key, ...unsuited };
  if (empty) return { start: empty.start, end: empty.end, key, ...unsuited, problem: "noValue" };
  if (negated && asked !== plain) return { start, end, key, problem: "negation" };
  const typed = sign === TYPED || asked === "lt" || asked === "gt";
  const operator = negated ? "neq" : asked;
  const value: ConditionValue[] = [];
  const { type, nullable } = keyKind(key) ?? {};
  const kind = type === "tag" || type === "time" ? "text" : key === "path" ? "path" : "name";
  for (const item of items) {
    const one = readValue(item, { key, typed, clock });
    const misfit = one === undefined ? unsuited : lineMisfitOf({ key, operator, value: [one] });
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

/** `since:` and `until:`, of which the first means "that second or later": the API has no such operator, so one second earlier. */
function boundOf(word: "since" | "until", negated: boolean, answer: Answer, clock: Clock): Said {
  const { sign, items, whole } = answer;
  const at = { start: whole.start, end: whole.end, key: word };
  if (negated) return { ...at, problem: "negation" };
  if (sign !== undefined) return { ...at, problem: "operator", allowed: [] };
  if (items.length > 1) return { ...at, problem: "value" };
  const read = conditionOf("created_at", false, answer, clock);
  if ("problem" in read) return { ...read, key: word };
  const instant = Date.parse(String(read.value[0]));
  return word === "until"
    ? [{ ...read, operator: "lt" }]
    : [{ ...read, operator: "gt", value: [new Date(instant - 1000).toISOString()] }];
}

/** Whether `status:` asks for the code of the answer, and not for how it ended. */
function isAboutCode({ sign, items: [first] }: Answer): boolean {
  const text = textOf(first?.chars ?? []);
  return sign === "<" || sign === ">" || text === "none" || isNumber(text);
}

/** Whether a word stands for a key before a colon. */
const isKey = (word: string): boolean => keyNamed(word) !== undefined || /^(?:since|until|meta\..+)$/is.test(word);

/** What is said instead is only offered where it can be read. */
export function withInstead(found: NotationProblem, reads: (line: string) => boolean): NotationProblem {
  const { instead, ...rest } = found;
  return instead !== undefined && reads(instead) ? found : rest;
}

/** The word's own key and its value, cut at the first colon outside quotes. */
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
    const read = conditionOf("metadata.value", negated, answer, clock);
    if ("problem" in read) return { ...read, key: text };
    return [{ key: "metadata.key", operator: "eq", value: [text.slice("meta.".length)] }, read];
  }
  const key = lower === "status" && isAboutCode(answer) ? "status_code" : keyNamed(text);
  if (key === undefined) {
    const { start, end } = name;
    return { start, end, problem: "unknownKey", key: text, suggestions: nearestNames(text, KEY_NAMES) };
  }
  const read = conditionOf(key, negated, answer, clock);
  return "problem" in read ? read : [read];
}

/** A word with what it says, as those beside it see it. */
function neighborIn(word: Piece, said: Said): Neighbor & { said: Said } {
  const keys = Array.isArray(said) ? said.map(({ key }) => keyKind(key)?.type) : [];
  const isCode = Array.isArray(said) && said.some(({ key }) => key === "status_code");
  const isNumber = keys.some((type) => type === "number" || type === "time" || type === "tag");
  return { word, said, isFree: said === undefined, amount: isCode ? "code" : isNumber ? "number" : undefined };
}

/**
 * Reads the query line. Every word becomes conditions, a part of the free text, or a problem that says where it stands: with problems the
 * filter is not what was meant and is not to be used. Of a line longer than `LONGEST_LINE` that is all that is read. Times like `2h` are reckoned from `now`, days and times without a zone in `zone`
 * ("local": that of the process), so what is kept is the line.
 */
export function parseFilter(
  line: string,
  now: Date,
  zone: Clock["zone"] = "local",
): Filter & { problems: FilterProblem[] } {
  const problems = tooLong(line);
  const { words, unclosed } = problems.length > 0 ? { words: [] } : wordsOf(line);
  const conditions: Condition[] = [];
  const here: Condition[] = [];
  const search: string[] = [];
  const read = words.map((word) => neighborIn(word, saidBy(word, { now, zone })));
  for (const [index, { word, said, isFree }] of read.entries()) {
    if (unclosed !== undefined && unclosed < word.end) {
      problems.push({ start: unclosed, end: line.length, problem: "unclosedQuote" });
      continue;
    }
    const beside = isFree && notationBeside(word, { before: read[index - 1], after: read[index + 1] }, isKey);
    if (beside) problems.push(beside);
    else if (said === undefined) search.push(textOf(word.chars));
    else if (isProblem(said)) problems.push(said);
    else for (const one of said) (ROW_KEYS.has(one.key) ? here : conditions).push(one);
  }
  return { conditions, search: search.join(" "), here, problems };
}

function writeAnswer({ key, operator, value }: Condition): string {
  const typed =
    FILTER_KEYS.get(key)?.type === "tag" && operator !== "contains" && value.some((one) => typeof one !== "string");
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
  if (key === "success" || key === "status_code")
    return `${operator === "neq" ? "-" : ""}status:${writeAnswer(condition)}`;
  if (operator === "eq" && value.length === 1 && typeof only === "boolean" && flagNamed(key) === key) {
    return only ? key : `-${key}`;
  }
  return `${operator === "neq" ? "-" : ""}${writeName(key)}:${writeAnswer(condition)}`;
}

/** A key, or the name of a metadata entry, as it is written before a colon. */
export function writeName(name: string): string {
  return /^[\w.]([\w.-])*$/.test(name) ? name : quote(name);
}

/** A word of free text that reads as itself without quotes. */
const isPlainWord = (word: string): boolean =>
  /^[^\s":-][^\s":]*$/.test(word) && flagNamed(word) === undefined && !readsAsNotation(word) && !isKey(word);

/** Free text that would read as something else, or with other spaces, stands in quotes as a whole. */
function writeSearch(search: string): string {
  const words = search.split(" ");
  return words.every(isPlainWord) && !goesOn(words[0] ?? "") ? search : quote(search);
}

type Written = { conditions: readonly Condition[]; search: string; here?: readonly Condition[] };

/**
 * The query line of a filter: `parseFilter` reads the same conditions and the same free text from it, for all conditions that
 * `checkConditions` passes and whose key is in the table, and those on row keys that `lineMisfitOf` passes.
 */
export function formatFilter({ conditions, search, here = [] }: Written): string {
  const words: string[] = [];
  for (let index = 0; index < conditions.length; index++) {
    const condition = conditions[index];
    const next = conditions[index + 1];
    if (!condition) continue;
    const [name] = condition.value;
    const isName = condition.key === "metadata.key" && condition.operator === "eq" && condition.value.length === 1;
    if (isName && typeof name === "string" && next?.key === "metadata.value") {
      words.push(`${next.operator === "neq" ? "-" : ""}meta.${writeName(name)}:${writeAnswer(next)}`);
      index++;
    } else {
      words.push(writeCondition(condition));
    }
  }
  return [...words, ...here.map(writeCondition), ...(search === "" ? [] : [writeSearch(search)])].join(" ");
}
