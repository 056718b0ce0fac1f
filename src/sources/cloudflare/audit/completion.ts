import { AUDIT_KEYS, AUDIT_WORDS, auditKeyNamed, CATEGORY } from "./keys.ts";
import { writeAuditValue } from "./query-line.ts";
import type { AuditEntry, ProductCategory } from "./schema.ts";
import { narrowed, renamed, timesFor, valueCompletions, type Completion } from "../../../query/completion.ts";
import { seenIn, type Seen } from "../../../query/seen-values.ts";
import { nearestNames } from "../../../query/suggestions.ts";
import { fitsInLine } from "../../../query/values.ts";
import { lastWordOf, partsOf, split, textOf, wordsOf } from "../../../query/words.ts";
import { LONGEST_LINE } from "../../../query/line-length.ts";

/** Keys with nearly unique values, which aren't worth suggesting. */
const UNSHARED: ReadonlySet<string> = new Set(["id", "audit_log_id", "ray"]);

const VALUES = Object.fromEntries(
  [...AUDIT_KEYS].flatMap(([word, { of }]) => (UNSHARED.has(word) ? [] : [[word, of]])),
);

/** Returns the entries' values by query line key. */
export const auditValuesSeen = (entries: readonly AuditEntry[]): Seen => seenIn<AuditEntry>(entries, VALUES);

function keysFor(head: string, negated: boolean, typed: string): Completion[] {
  const had = new Set(
    typed === "" ? wordsOf(head).words.map(({ chars }) => textOf(chars).replace(/^-|:.*$/gs, "")) : [],
  );
  const words = AUDIT_WORDS.filter((word) => !had.has(word) && (!negated || AUDIT_KEYS.has(word)));
  return renamed(
    narrowed(words, typed, (word) => word),
    head,
    "",
  );
}

type Choice = { value: string; count?: number };

/** Returns a key's values: the API's list, the API's products and categories, or those seen. */
function choicesFor(key: string, seen: Seen, categories: readonly ProductCategory[]): readonly Choice[] {
  if (key === CATEGORY) return categories;
  const known = (seen.get(key) ?? []).map(({ value, count }): Choice => ({ value: String(value), count }));
  const named = key === "product" ? categories.flatMap(({ products }) => products) : [];
  const fixed = [...(AUDIT_KEYS.get(key)?.values ?? []), ...named.map(({ value }) => value)];
  const others = known.filter(({ value }) => !fixed.includes(value));
  return [...others, ...new Set(fixed)].map((choice) =>
    typeof choice === "string" ? (known.find(({ value }) => value === choice) ?? { value: choice }) : choice,
  );
}

/**
 * Completes the last word of an audit log line: its key, or after the colon a value (the next one after a comma) that
 * contains the typed text. A complete value ends with a space, a key with its colon. A line beyond the length limit has
 * no completions. Never throws.
 */
export function auditCompletionsOf(line: string, seen: Seen, categories: readonly ProductCategory[]): Completion[] {
  if (line.length > LONGEST_LINE) return [];
  const { negated, key: typed, answer } = partsOf(lastWordOf(line));
  const head = line.slice(0, typed.start);
  const text = textOf(typed.chars);
  if (!answer) return typed.chars.some(({ quoted }) => quoted) ? [] : keysFor(head, negated, text);
  const key = auditKeyNamed(text);
  if (key === undefined) return renamed(nearestNames(text, AUDIT_WORDS), head, line.slice(answer.start));
  const [mark] = answer.chars;
  if (mark && !mark.quoted && mark.text === "~") return [];
  const list = split(answer, ",");
  const last = list.at(-1);
  const value = textOf(last?.chars ?? []);
  const before = line.slice(0, last?.start);
  if (key === "since" || key === "until")
    return valueCompletions(
      before,
      key,
      value,
      timesFor(value).map((time) => ({ told: time, word: time })),
    );
  const taken = new Set(list.slice(0, -1).map(({ chars }) => textOf(chars)));
  const choices = choicesFor(key, seen, categories).filter((one) => !taken.has(one.value) && fitsInLine(one.value));
  const spelt = choices.map(({ value: one, count }) => ({ told: one, word: writeAuditValue(key, one), count }));
  return valueCompletions(before, key, value, spelt);
}
