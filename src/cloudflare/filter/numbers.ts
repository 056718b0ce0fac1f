import type { Operator } from "./conditions.ts";
import { GROUP } from "./notation.ts";
import { quote } from "./words.ts";
import { keyKind } from "./row-filter.ts";

/* Numbers that people write in more ways than one. */

/** Keys whose numbers have fractions: there a comma may be the decimal one. */
const FRACTIONS: ReadonlySet<string> = new Set(["cost", "duration", "score", "metadata.value"]);

/** What the numbers of a list are for: `isBound` is more or less than that, `isNumber` is that no text can stand there. */
export type Amounts = { key: string; isBound: boolean; isNumber: boolean };

const FIRST = /^-?\d+$/;
const NEXT = /^\d+(?:\.\d*)?(?:ms|[smh])?$/;

const HEAD = /^-?\d{1,3}$/;

/** Digits in groups of three, or as in India of two and at last three. */
const isGrouped = (run: readonly string[]): boolean =>
  HEAD.test(run[0] ?? "") && run.slice(1, -1).every((text) => /^\d{2,3}$/.test(text)) && GROUP.test(run.at(-1) ?? "");

/** Whether a number of a list goes on with the next one: nobody begins one with a zero. */
const isContinued = (text: string, next: string): boolean =>
  next.startsWith("0") || (GROUP.test(next) && HEAD.test(text));

/** Whether numbers of a list, of which each stands behind the other, may be one. */
function isUnclear(run: readonly string[], { key, isBound, isNumber }: Amounts): boolean {
  if (isBound) return true;
  if (key === "status_code" && run.every((text) => text.length === 3)) return false;
  if (isNumber && FRACTIONS.has(key)) return true;
  return run.some((text, at) => at > 0 && text.length > 1 && isContinued(run[at - 1] ?? "", text));
}

/** Numbers of a list that may be one: the index of the first, how many, and what they may be. */
export type UnclearNumber = { index: number; count: number; instead?: string };

/**
 * Where a list of values may be one number with separators, as `10,000`, `0,01`, and `1.000` may; `404,500` of codes and `1,2` of whole
 * numbers are lists. Values that are quoted are undefined, and never a part of one.
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

/** What a list of values counts; of a key that holds no numbers nothing is unclear. */
export function amountsOf(key: string, operator: Operator, typed: boolean): Amounts | undefined {
  const type = keyKind(key)?.type;
  if (type !== "number" && type !== "tag") return undefined;
  return { key, isBound: operator === "lt" || operator === "gt", isNumber: type === "number" || typed };
}

/** A number that could be taken for a part of another: quoted, or where that makes a text of it, as 5e0. */
export function writeClearly(key: string, text: string, typed: boolean): string {
  if (!/^-?[\d.]+(?:s|)$/.test(text)) return text;
  const isTyped = keyKind(key)?.type === "tag" && typed;
  return isTyped ? `${text}e0` : quote(text);
}

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1000, m: 1_000_000 };

/** The number that a text means which people write in another way: `$0.01`, `1k`, `2.5M`, `1_000`, `1'000`. */
function meantNumber(text: string): string | undefined {
  const plain = text.replaceAll(/^[$+]|\$$|(?<=\d)[_'’](?=\d{3})/gu, "");
  const [, digits, letter = ""] = /^(-?\d{1,12}(?:\.\d{1,9})?)([km]?)$/i.exec(plain) ?? [];
  const number = Number(digits) * (FACTORS[letter.toLowerCase()] ?? 1);
  return digits === undefined || (letter === "" && plain === text) ? undefined : String(Math.round(number * 1e9) / 1e9);
}

/** Keys that count: what is at least 5 is more than 4. */
const WHOLE: ReadonlySet<string> = new Set(["tokens", "tokens_in", "tokens_out", "step", "status_code"]);

/** How to write what a number was meant to be. */
export function insteadOf(key: string, operator: Operator, text: string): string | undefined {
  if (keyKind(key)?.type !== "number") return undefined;
  const [, bound] = /^=(\d{1,15})$/.exec(text) ?? [];
  if (bound === undefined || !WHOLE.has(key) || (operator !== "lt" && operator !== "gt")) {
    return key === "duration" && /m$/i.test(text) ? undefined : meantNumber(text);
  }
  return `${key === "status_code" ? "status" : key}:${operator === "gt" ? `>${Number(bound) - 1}` : `<${Number(bound) + 1}`}`;
}
