import { isSecretField } from "../chat/redact/names.ts";
import { type Rule, applyRules } from "../chat/redact/rule.ts";
import { KEY_RULES, TOKEN_RULES } from "../chat/redact/rules.ts";

/** Characters around an ID to search for signs of a secret. */
export const BEFORE = 240;
const AFTER = 40;
/** Of those before it, what a key's own form has in front of it at most; the form begins with a word. */
const FORM = 120;

/** Names that redaction leaves alone because they are often harmless. Here a false alarm costs only a link. */
const PRIVATE_NAME =
  /(?:^|[^A-Za-z])(?:key|seed|wallet|session(?:[_-]?id|I[dD])?)$|(?:Key|Seed|Wallet|Session(?:I[dD])?|KEY|SEED|WALLET|SESSION(?:[_-]?ID)?)$/;
/** Token counts, which programs print next to IDs. */
const COUNT = /tokens$/i;

/** Whether a name makes its value a secret: `TOGETHER_API_KEY`, `x-auth-token`, `walletSeed`. */
export const isSecretName = (name: string, value: string): boolean =>
  !COUNT.test(name) && (isSecretField(name, value) || PRIVATE_NAME.test(name));

/** Line ends before a value: `KEY =⏎ "…"`, `key: |⏎ …`, `<key>⏎ …`. */
const WRAPPED = /([=:(]|<[\w.:-]{1,60}>)(?:[ \t]{0,9}[|>][-+]?)?[ \t]{0,9}\r?\n\s*/g;
/** A complete `name=value`: it names another value. */
const PAIR = /\S+=[^\s=]+\s+/g;
const CLAUSE_END = /[,;{}()&]/;

/**
 * Returns the words that name a value at the end of a text: those of its clause, or the previous one for the second
 * value of a pair.
 */
function namesBefore(text: string): readonly string[] {
  const clauses = text.split(CLAUSE_END).slice(-2);
  const words = clauses.map((clause) => clause.replaceAll(PAIR, "").match(/[\w$.-]+/g) ?? []);
  const own = words.at(-1) ?? [];
  const isSecondOfPair = own.every((word) => word.toLowerCase() === "value");
  return isSecondOfPair ? words.flat() : own;
}

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

const isRedacted = (text: string, rules: readonly Rule[], word: string): boolean => {
  const redacted = applyRules(text, rules);
  return redacted !== text && occurrences(redacted, word) < occurrences(text, word);
};

/**
 * Whether the word at a position is a secret instead of an ID, judging by its name and the redaction rules. Checks a
 * bounded part of its line, and of the line above if that continues.
 */
export function isSecretAt(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end);
  const lines = text.slice(Math.max(0, start - BEFORE), start).replaceAll(WRAPPED, "$1 ");
  const before = lines.slice(lines.lastIndexOf("\n") + 1);
  if (namesBefore(before).some((name) => isSecretName(name, word))) return true;
  const [rest = ""] = text.slice(start, end + AFTER).split("\n", 1);
  const form = before.length <= FORM ? before : before.slice(before.length - FORM).replace(/^\S*\s/, "");
  return isRedacted(before + rest, TOKEN_RULES, word) || isRedacted(form + rest, KEY_RULES, word);
}

/** Whether a text alone has a known key format. */
export const isKey = (text: string): boolean => applyRules(text, KEY_RULES) !== text;
