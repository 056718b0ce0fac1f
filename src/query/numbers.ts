import type { Operator } from "../source/conditions.ts";
import { GROUP } from "./notation.ts";
import { quote, wordOf } from "./words.ts";
import { FIELDS } from "../source/fields.ts";

/* Numbers with several possible readings. */

/** Keys with fractional numbers, where a comma may be a decimal separator. */
const FRACTIONS: ReadonlySet<string> = new Set(["cost", "duration", "score", "metadataValue"]);

/** Context of a list's numbers. `isBound`: they are bounds; `isNumber`: the key takes no text. */
export type Amounts = { key: string; isBound: boolean; isNumber: boolean };

const FIRST = /^-?\d+$/;
const NEXT = /^\d+(?:\.\d*)?(?:ms|[smh])?$/;

const HEAD = /^-?\d{1,3}$/;

/** Whether digits are grouped in threes, or (as in India) in twos with three at the end. */
const isGrouped = (run: readonly string[]): boolean =>
  HEAD.test(run[0] ?? "") && run.slice(1, -1).every((text) => /^\d{2,3}$/.test(text)) && GROUP.test(run.at(-1) ?? "");

/** Whether the next number continues this one; a new one wouldn't begin with zero. */
const isContinued = (text: string, next: string): boolean =>
  next.startsWith("0") || (GROUP.test(next) && HEAD.test(text));

/** Whether consecutive numbers of a list may be a single one. */
function isUnclear(run: readonly string[], { key, isBound, isNumber }: Amounts): boolean {
  if (isBound) return true;
  if (key === "statusCode" && run.every((text) => text.length === 3)) return false;
  if (isNumber && FRACTIONS.has(key)) return true;
  return run.some((text, at) => at > 0 && text.length > 1 && isContinued(run[at - 1] ?? "", text));
}

/** Consecutive numbers that may be one: first index, count, and possible meaning. */
export type UnclearNumber = { index: number; count: number; instead?: string };

/**
 * Finds a list that may be one number with separators, such as `10,000`, `0,01` and `1.000`; status codes `404,500` and
 * integers `1,2` are lists. Quoted values are undefined, and never part of a number.
 */
export function unclearNumber(texts: readonly (string | undefined)[], amounts: Amounts): UnclearNumber | undefined {
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] ?? "";
    if (amounts.isNumber && text.length > 4 && /^-?[1-9]\d{0,2}\.\d{3}(?!\d)/.test(text)) {
      return { index, count: 1, instead: text.replace(".", "") };
    }
    if (!FIRST.test(text)) continue;
    let end = index + 1;
    while (NEXT.test(texts[end] ?? "")) end++;
    const run = texts.slice(index, end).map((one) => one ?? "");
    const count = run.length;
    if (count > 1 && isUnclear(run, amounts)) {
      if (isGrouped(run)) return { index, count, instead: run.join("") };
      return count === 2 && !run[1]?.includes(".") ? { index, count, instead: run.join(".") } : { index, count };
    }
    index += count - 1;
  }
  return undefined;
}

/** Returns the number context of a key's list; non-numeric keys are never ambiguous. */
export function amountsOf(key: string, operator: Operator, typed: boolean): Amounts | undefined {
  const type = FIELDS.get(key)?.type;
  if (type !== "number" && type !== "tag") return undefined;
  return { key, isBound: operator === "lt" || operator === "gt", isNumber: type === "number" || typed };
}

/** Writes a number that could be read as part of another: in quotes, or where those would make it text, as 5e0. */
export function writeClearly(key: string, text: string, typed: boolean): string {
  if (!/^-?[\d.]+(?:s|)$/.test(text)) return text;
  const isTyped = FIELDS.get(key)?.type === "tag" && typed;
  return isTyped ? `${text}e0` : quote(text);
}

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1000, m: 1_000_000 };

/** Returns the number meant by another spelling: `$0.01`, `1k`, `2.5M`, `1_000`, `1'000`. */
function meantNumber(text: string): string | undefined {
  const plain = text.replaceAll(/^[$+]|\$$|(?<=\d)[_'’](?=\d{3})/gu, "");
  const [, digits, letter = ""] = /^(-?\d{1,12}(?:\.\d{1,9})?)([km]?)$/i.exec(plain) ?? [];
  const number = Number(digits) * (FACTORS[letter.toLowerCase()] ?? 1);
  return digits === undefined || (letter === "" && plain === text) ? undefined : String(Math.round(number * 1e9) / 1e9);
}

/** Integer keys: at least 5 means more than 4. */
const WHOLE: ReadonlySet<string> = new Set(["tokens", "tokensIn", "tokensOut", "step", "statusCode"]);

/** Returns how to write the number that was meant. */
export function insteadOf(key: string, operator: Operator, text: string): string | undefined {
  if (FIELDS.get(key)?.type !== "number") return undefined;
  const [, bound] = /^=(\d{1,15})$/.exec(text) ?? [];
  if (bound === undefined || !WHOLE.has(key) || (operator !== "lt" && operator !== "gt")) {
    return key === "duration" && /m$/i.test(text) ? undefined : meantNumber(text);
  }
  return `${key === "statusCode" ? "status" : wordOf(key)}:${operator === "gt" ? `>${Number(bound) - 1}` : `<${Number(bound) + 1}`}`;
}
