import * as vscode from "vscode";
import { AUDIT_KEYS } from "../sources/cloudflare/audit/keys.ts";
import { parseAuditLine, type AuditLine } from "../sources/cloudflare/audit/query-line.ts";
import type { FilterProblem } from "../query/query-line.ts";
import { partsOf, textOf, wordsOf } from "../query/words.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { auditKeyWords } from "./filter-keys.ts";
import type { LineDialect } from "../filter/line.ts";
import { anyOf, boundWords, explainProblem, quoted, timeKinds } from "../filter/words.ts";

const WORDS = new Map(
  [...AUDIT_KEYS].flatMap(([word, { filter }]) => (filter ? [[filter as string, word] as const] : [])),
);

const valueWords = (values: readonly string[]): string =>
  anyOf(values.map((value) => (/\s/.test(value) || value === "" ? quoted(value) : oneLine(value, 60))));

function partWords({ filters, productCategories, clientSide }: AuditLine): string[] {
  const t = vscode.l10n.t;
  const named = (key: string, values: readonly string[], not: boolean, part: boolean) => {
    const [name, words] = [auditKeyWords(key), valueWords(values)];
    if (key === "") return t("{0} anywhere", quoted(values.join(" ")));
    if (part) return not ? t("{0} doesn't contain {1}", name, words) : t("{0} contains {1}", name, words);
    return not ? t("{0} not {1}", name, words) : t("{0} {1}", name, words);
  };
  return [
    ...filters.map(({ name, values, not = false }) => named(WORDS.get(name) ?? name, values, not, false)),
    ...(productCategories.length > 0 ? [named("category", productCategories, false, false)] : []),
    ...clientSide.map(({ key, values, not, part }) => named(key, values, not, part)),
  ];
}

/**
 * Describes a filter of the audit log: "action delete · signed in by not dash · since 2 hours ago". Unparsable words
 * are kept as typed.
 */
export function describeAuditLine(line: string, { calendar }: Format): string {
  const { words } = wordsOf(line);
  const [bounds, others]: [string[], string[]] = [[], []];
  for (const word of words) {
    const { key, answer } = partsOf(word);
    const piece = line.slice(word.start, word.end);
    const isBound = answer && /^(since|until)$/i.test(textOf(key.chars));
    const isWrong = parseAuditLine(piece, new Date(), calendar.zone).problems.length > 0;
    if (isBound && !isWrong) bounds.push(boundWords(textOf(key.chars), textOf(answer.chars)));
    else others.push(piece);
  }
  const rest = others.join(" ");
  const read = parseAuditLine(rest, new Date(), calendar.zone);
  const wrong = read.problems.map(({ start, end }) => oneLine(rest.slice(start, end), 80));
  return [...partWords(read), ...wrong, ...bounds].join(" · ");
}

/** Describes the values of an audit log key. */
function takes(key: string, allowed: readonly string[]): string {
  if (key === "since" || key === "until") return timeKinds();
  if (allowed.includes("number")) return vscode.l10n.t("a number");
  return allowed.length > 0 ? anyOf(allowed, Infinity) : vscode.l10n.t("a text");
}

/** Describes the problem of a part of an audit log filter, and the valid alternatives. */
export const explainAuditProblem = (problem: FilterProblem, line: string): string =>
  explainProblem(problem, line, {
    takes,
    negated: "-context:dash",
    list: "action:create,delete",
    part: "uri:~gateways",
  });

/** The filter dialect of the audit log. */
export const AUDIT_LINES: LineDialect<AuditLine> = {
  parse: parseAuditLine,
  describe: describeAuditLine,
  explain: explainAuditProblem,
};
