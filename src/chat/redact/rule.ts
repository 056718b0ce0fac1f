// Redaction rules, and their application to a text.

import { viewOf } from "./view.ts";

/** A range of a text, `end` exclusive. */
type Span = { start: number; end: number };
type Found = Span & { mark: string };

/** A secret found by a pattern. `kept` precedes it and stays; `start` is its index in `text`. */
export type Match = { secret: string; kept: string; text: string; start: number };

/** A pattern's first group is kept, the last is the secret. */
type Pattern = {
  pattern: RegExp;
  /** Returns how many characters to redact, 0 if it isn't a secret; all by default. */
  length?: (match: Match) => number;
  /** A rejected match may itself be a secret's name: "password: token=…". */
  nests?: true;
};

/** A rule matches by pattern or by function. `hint`: nothing can match without it. */
export type Rule = { mark: string; hint?: RegExp } & (Pattern | { find: (text: string) => Span[] });

/** Makes a rule redact a match as a whole or not at all. */
export const wholeIf =
  (accepts: (secret: string) => boolean) =>
  ({ secret }: Match): number =>
    accepts(secret) ? secret.length : 0;

/** A longer text of only base64 is binary data; anything it spells is chance. */
const BYTES = /^(?:data:[\w/+.;=-]{0,100},)?[A-Za-z0-9+/=_\r\n-]{1024,}$/;

/** Returns the text with every match of the rules replaced by its mark. */
export function applyRules(text: string, rules: readonly Rule[]): string {
  if (text.length < 3 || (text.length >= 1024 && BYTES.test(text))) return text;
  const view = viewOf(text);
  const hinted = new Map<RegExp, boolean>();
  const found = merged(
    rules.filter(({ hint }) => isHinted(hint, view.text, hinted)).flatMap((rule) => foundBy(rule, view.text)),
  );
  let result = "";
  let copied = 0;
  for (const { start, end, mark } of found) {
    result += text.slice(copied, view.at(start)) + markOf(mark);
    copied = end >= view.text.length ? text.length : view.at(end);
  }
  return result + text.slice(copied);
}

/** Many rules share a hint, which is tested once. */
function isHinted(hint: RegExp | undefined, text: string, known: Map<RegExp, boolean>): boolean {
  if (hint === undefined) return true;
  const before = known.get(hint);
  if (before !== undefined) return before;
  const is = hint.test(text);
  known.set(hint, is);
  return is;
}

function foundBy(rule: Rule, text: string): Found[] {
  if ("find" in rule) return rule.find(text).map(({ start, end }) => ({ start, end, mark: rule.mark }));
  const { pattern, length, nests, mark } = rule;
  const found: Found[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const kept = match[1] ?? "";
    const secret = match.at(-1) ?? "";
    const start = match.index + kept.length;
    const redacted = /^\s*\[redacted:/.test(secret) ? 0 : (length?.({ secret, kept, text, start }) ?? secret.length);
    if (redacted > 0) {
      found.push({ start, end: start + redacted, mark });
      pattern.lastIndex = Math.max(start + redacted, match.index + 1);
    } else if (nests === true) {
      pattern.lastIndex = Math.max(start, match.index + 1);
    }
  }
  return found;
}

/** Sorts ranges and merges overlapping ones, with the mark of the first. */
function merged(found: Found[]): Found[] {
  if (found.length < 2) return found;
  const result: Found[] = [];
  for (const span of found.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else result.push(span);
  }
  return result;
}

/** Returns the mark that replaces a redacted text. */
export function markOf(what: string): string {
  return `[redacted: ${what}]`;
}
