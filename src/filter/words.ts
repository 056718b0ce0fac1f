import * as vscode from "vscode";
import type { Condition, ConditionValue } from "../source/conditions.ts";
import { parseQueryLine, type FilterProblem, type QueryLine } from "../query/query-line.ts";
import type { Notation } from "../query/notation.ts";
import { textOf, wordOf, type Piece } from "../query/words.ts";
import { LONGEST_LINE } from "../query/line-length.ts";
import { FIELDS } from "../source/fields.ts";
import { keyWords } from "./keys.ts";
import type { LineDialect } from "./line.ts";
import { oneLine, type Format } from "../logs/format.ts";

/** Values of one key that are named; of more, how many there are. */
const NAMED = 4;
const BOUND = /^(since|until)$/i;
const AGO = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/;
const UNITS: Readonly<Record<string, Intl.RelativeTimeFormatUnit>> = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
};

/** The person's language, where Intl knows it. */
const locale = (): string => Intl.DateTimeFormat.supportedLocalesOf([vscode.env.language])[0] ?? "en";

/** A text in quotation marks. */
export const quoted = (text: string): string => `“${oneLine(text, 80)}”`;

/** "one, two or three"; of more than `most`, how many more there are. */
export function anyOf(words: readonly string[], most = NAMED): string {
  const listed = words.length > most ? [...words.slice(0, most - 1), moreWords(words.length - most + 1)] : words;
  return new Intl.ListFormat(locale(), { type: "disjunction" }).format(listed);
}

const moreWords = (count: number): string => vscode.l10n.t("{0} more", count);

function valueWords(key: string, value: ConditionValue, format: Format): string {
  if (value === null) return vscode.l10n.t("none");
  if (typeof value === "boolean") return value ? vscode.l10n.t("yes") : vscode.l10n.t("no");
  if (typeof value === "number") {
    if (key === "cost") return `$${value}`;
    if (FIELDS.get(key)?.isDuration) return format.duration(value);
    return key === "statusCode" ? String(value) : format.count(value);
  }
  const time = key === "createdAt" ? new Date(value) : undefined;
  if (time && !Number.isNaN(time.getTime())) return format.dateTime(time);
  return value === "" || /\s/.test(value) ? quoted(value) : oneLine(value, 60);
}

/** A condition with words of its own, as "failed"; undefined when it has none. */
function ownWords({ key, operator, value }: Condition): string | undefined {
  const t = vscode.l10n.t;
  const [only] = value;
  if (value.length !== 1 || (operator !== "eq" && operator !== "neq")) return undefined;
  const is = operator === "eq";
  if (typeof only === "boolean") {
    const holds = only === is;
    if (key === "success") return holds ? t("successful") : t("failed");
    return holds ? keyWords(key) : t("not {0}", keyWords(key));
  }
  if (key === "feedback" && is) {
    if (only === 1) return t("rated up");
    if (only === -1) return t("rated down");
    if (only === null) return t("unrated");
  }
  if (key === "source" && is && only === "playground") return t("from the playground");
  if (key === "source" && is && only === "key") return t("with a key");
  return undefined;
}

function conditionWords(condition: Condition, name: string, format: Format): string {
  const t = vscode.l10n.t;
  const own = ownWords(condition);
  if (own !== undefined) return own;
  const { key, operator, value } = condition;
  const isTime = key === "createdAt";
  const values = anyOf(value.map((one) => valueWords(key, one, format)));
  switch (operator) {
    case "lt":
      return isTime ? t("{0} before {1}", name, values) : t("{0} under {1}", name, values);
    case "gt":
      return isTime ? t("{0} after {1}", name, values) : t("{0} over {1}", name, values);
    case "contains":
      return t("{0} contains {1}", name, values);
    case "neq":
      return key === "path" ? t("{0} doesn't contain {1}", name, values) : t("{0} not {1}", name, values);
    case "eq":
      return t("{0} {1}", name, values);
  }
}

/** `since:2h` as "since 2 hours ago": the words of the time that was typed, and not the moment that it means just now. */
export function boundWords(bound: string, answer: string): string {
  const t = vscode.l10n.t;
  const [, amount, letter = ""] = AGO.exec(answer) ?? [];
  const unit = UNITS[letter];
  const time =
    unit !== undefined
      ? new Intl.RelativeTimeFormat(locale()).format(-Number(amount), unit)
      : answer === "today"
        ? t("today")
        : answer === "yesterday"
          ? t("yesterday")
          : oneLine(answer, 40);
  return bound.toLowerCase() === "since" ? t("since {0}", time) : t("before {0}", time);
}

/** The conditions that one word of the line says, in words. */
function wordWords(word: Piece, conditions: readonly Condition[], format: Format): string {
  const text = textOf(word.chars);
  const colon = text.indexOf(":");
  const head = text.slice(0, colon);
  if (BOUND.test(head)) return boundWords(head, text.slice(colon + 1));
  const [name, tag] = conditions;
  // `meta.user:42` is two conditions, of which the first names the entry.
  if (name?.key === "metadataKey" && tag) return conditionWords(tag, oneLine(String(name.value[0]), 40), format);
  return conditions.map((condition) => conditionWords(condition, keyWords(condition.key), format)).join(" · ");
}

/**
 * A query line in plain words: "failed · model gpt-4o or gpt-5 · cost over $0.01 · since 2 hours ago · “free text”". What could not be
 * read as a filter is returned unchanged; "" for an empty line.
 */
export function describeQueryLine({ line, words }: Pick<QueryLine, "line" | "words">, format: Format): string {
  // A line that is too long has no words.
  if (words.length === 0) return oneLine(line.trim(), 80);
  const parts: string[] = [];
  const search: string[] = [];
  for (const { word, said } of words) {
    if (said === "problem") parts.push(oneLine(line.slice(word.start, word.end), 80));
    else if (said === "text") search.push(textOf(word.chars));
    else parts.push(wordWords(word, said, format));
  }
  const text = search.filter(Boolean).join(" ");
  if (text !== "") parts.push(quoted(text));
  return parts.filter(Boolean).join(" · ");
}

/** As `describeQueryLine`, of a line that is not parsed yet. */
export const describeFilter = (line: string, format: Format): string =>
  describeQueryLine(parseQueryLine(line, new Date(), format.calendar.zone), format);

const SIGNS: Readonly<Record<string, string>> = {
  eq: ":",
  neq: "-…:",
  contains: ":~",
  lt: ":<",
  gt: ":>",
};

/** Ways to write a time. */
export const timeKinds = (): string =>
  vscode.l10n.t("a time like 2h, 3d, today, yesterday, 2026-11-20 or 2026-11-20T09:30");

/** What a key takes, by the kinds of values that it may have. */
function takes(key: string, allowed: readonly string[]): string {
  const t = vscode.l10n.t;
  const none = allowed.includes("null") ? [t("none")] : [];
  const or = (...words: string[]) => anyOf([...words, ...none]);
  switch (key) {
    case "success":
      return or("success", "error");
    case "feedback":
      return or("up", "down", t("a number"));
    case "source":
      return or("playground", "key");
    case "duration":
    case "latency":
      return or(t("a duration like 500ms, 2s or 1m"));
    case "since":
    case "until":
    case "createdAt":
      return timeKinds();
    default: {
      const words: Readonly<Record<string, string>> = {
        string: t("a text"),
        "non-empty string": t("a text"),
        number: t("a number"),
        boolean: t("true or false"),
      };
      return or(...allowed.flatMap((kind) => (Object.hasOwn(words, kind) ? [words[kind] ?? kind] : [])));
    }
  }
}

function unknownKeyWords(piece: string, suggestions: readonly string[]): string {
  return suggestions.length > 0
    ? vscode.l10n.t("There is no key {0}. Did you mean {1}?", piece, anyOf(suggestions))
    : vscode.l10n.t("There is no key {0}. To search for a text with a colon in it, put it in quotes.", piece);
}

/** The words of a kind of line: what its keys take, and words to show: a negated one, several values of a key, a part of a value. */
type LineWords = {
  takes: (key: string, allowed: readonly string[]) => string;
  negated: string;
  list: string;
  part: string;
};

const LOGS: LineWords = { takes, negated: "-model:gpt-4o", list: "model:gpt-4o,gpt-5", part: "model:~gpt" };

/** What to write instead of a notation that other query languages have. `piece` is quoted. */
function notationWords(problem: FilterProblem, notation: Notation, piece: string, words: LineWords): string {
  const t = vscode.l10n.t;
  const { instead } = problem;
  const key = wordOf(problem.key ?? "");
  switch (notation) {
    case "quotes":
      return t("{0}: only straight double quotes work. Write {1}.", piece, '"…"');
    case "lookalike":
      return t(
        "{0} has a dash or a hidden character that isn't the one on the keyboard. Type it again or put it in quotes.",
        piece,
      );
    case "or":
      return t(
        "{0} can't combine words. List the values of a key, as in {1}. To search for it, put it in quotes.",
        piece,
        words.list,
      );
    case "and":
      return t("{0} isn't needed: all words must match. Remove it, or put it in quotes to search for it.", piece);
    case "not":
      return t(
        "{0} can't exclude. Write a minus before a key, as in {1}. To search for it, put it in quotes.",
        piece,
        words.negated,
      );
    case "group":
      return t("{0}: brackets can't group. Remove them, or put the text in quotes.", piece);
    case "comparison":
      return instead === undefined
        ? t(
            "{0} can't compare. Write a key, a colon, and a value, as in {1}. To search for it, put it in quotes.",
            piece,
            words.list,
          )
        : t("{0}: write {1}. To search for it, put it in quotes.", piece, instead);
    case "pattern":
      return t(
        "{0}: patterns don't work. Write a part of the value, as in {1}, or put it in quotes.",
        piece,
        words.part,
      );
    case "separator":
      return t("{0}: write a plain comma between values, or put the text in quotes.", piece);
    case "number":
      return instead === undefined
        ? t("{0} can be read as different numbers. Put each value in quotes.", piece)
        : t("{0} can be read as different numbers. Write {1}, or put each value in quotes.", piece, instead);
    case "unit":
      return t(
        "{0}: write a number and its unit as one word, as in {1}. To search for it, put it in quotes.",
        piece,
        "2h",
      );
    case "none":
      return t("{0}: write {1} to find what has no “{2}”, or put it in quotes.", piece, "none", key);
  }
}

/** Describes a problem with a piece of the line, which it quotes, and suggests a replacement. */
export function explainProblem(problem: FilterProblem, line: string, words: LineWords = LOGS): string {
  const t = vscode.l10n.t;
  const { takes, negated } = words;
  const { key: field = "", allowed = [], instead } = problem;
  const key = wordOf(field);
  const piece = quoted(line.slice(problem.start, problem.end));
  switch (problem.problem) {
    case "tooLong": {
      const most = new Intl.NumberFormat(locale()).format(LONGEST_LINE);
      return t("The filter is longer than {0} characters. Shorten it.", most);
    }
    case "unclosedQuote":
      return t("The quote before {0} is never closed.", quoted(line.slice(problem.start + 1)));
    case "unknownKey":
      return unknownKeyWords(piece, problem.suggestions ?? []);
    case "negation":
      return key === ""
        ? t("{0}: a minus needs a key, as in {1}. In quotes it is text.", piece, negated)
        : t("{0}: a minus before “{1}” can't be read. It goes with plain values only, as in {2}.", piece, key, negated);
    case "operator":
      return allowed.length === 0
        ? t("{0}: after “{1}:” no sign is taken, but {2}.", piece, key, takes(field, allowed))
        : t("{0}: “{1}” takes {2}.", piece, key, anyOf(allowed.map((operator) => SIGNS[operator] ?? operator)));
    case "noValue":
      return t("After “{0}:” a value is missing: {1}.", key, takes(field, allowed));
    case "value":
      return instead === undefined
        ? t("{0} isn't a valid value for “{1}”. It takes {2}.", piece, key, takes(field, allowed))
        : t("{0} isn't a valid value for “{1}”. Write {2}.", piece, key, instead);
    default:
      return notationWords(problem, problem.problem, piece, words);
  }
}

/** The query line of logs. */
export const LOG_LINES: LineDialect<QueryLine> = {
  parse: parseQueryLine,
  describe: describeFilter,
  explain: (problem, line) => explainProblem(problem, line),
};
