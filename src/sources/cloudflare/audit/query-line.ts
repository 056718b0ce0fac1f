import type { AuditFilter } from "./calls.ts";
import { AUDIT_KEYS, AUDIT_WORDS, auditKeyNamed, CATEGORY } from "./keys.ts";
import type { ProductCategory } from "./schema.ts";
import type { AuditSearch } from "./matches.ts";
import { freeNotation, valueNotation, wordNotation, type Neighbor } from "../../../query/notation.ts";
import { nearestNames } from "../../../query/suggestions.ts";
import { readWords, withInstead, type FilterProblem } from "../../../query/query-line.ts";
import { readValue, writeText, type Clock } from "../../../query/values.ts";
import { partsOf, quote, split, textOf, type Piece } from "../../../query/words.ts";

/*
 * The query line of the audit log, in the manner of that of logs (`../../../query/query-line.ts`).
 *
 *   key:value          equals. `key:a,b` one of them; `-key:value` none of them; a repeated key adds values
 *   key:~part          contains, ignoring case; checked in the entries that were read, like `gateway:`
 *   category:ai        a product category, which expands to its products
 *   since:7d until:…   from then on, before then
 *   "a, b: c"          verbatim; a quoted value needn't be in the API's list
 *   anything else      is anywhere in the entry, checked in the entries that were read
 */

export type AuditLine = {
  /** The API's filters. */
  filters: AuditFilter[];
  productCategories: string[];
  /** Searches in the entries that were read. */
  clientSide: AuditSearch[];
  since?: Date;
  before?: Date;
};

/** Values that can still grow. */
type Growing = { values: string[] };

/** A word's meaning or problem. */
type Said =
  | { type: "filter"; filter: AuditFilter & Growing }
  | { type: "search"; search: AuditSearch & Growing }
  | { type: "categories"; values: string[] }
  | { type: "bound"; bound: "since" | "before"; time: Date }
  | ({ type: "problem" } & FilterProblem);

const problem = (found: FilterProblem): Said => Object.assign(found, { type: "problem" as const });

const isQuoted = ({ chars }: Piece): boolean => chars.some(({ quoted }) => quoted);

/** Returns the values after a colon. */
function valuesIn(key: string, items: readonly Piece[]): [string, ...string[]] | FilterProblem {
  const { filter, values } = AUDIT_KEYS.get(key) ?? {};
  const read: string[] = [];
  for (const item of items) {
    const { start, end } = item;
    const text = textOf(item.chars);
    if (text === "") return { start, end, key, problem: "noValue", ...(values && { allowed: values }) };
    const known = isQuoted(item) ? text : values?.find((value) => value === text.toLowerCase());
    if (values && known === undefined) return { start, end, key, problem: "value", allowed: values };
    if (filter === "raw_status_code" && !/^\d+$/.test(text))
      return { start, end, key, problem: "value", allowed: ["number"] };
    const notation = valueNotation(item, key === "uri" ? "path" : "name");
    if (notation) return { ...notation, key };
    read.push(known ?? text);
  }
  const [first = "", ...others] = read;
  return [first, ...others];
}

function boundOf(key: "since" | "until", answer: Piece, clock: Clock): Said {
  const { start, end } = answer;
  if (answer.chars.length === 0) return problem({ start, end, key, problem: "noValue" });
  const time = Date.parse(String(readValue(answer, { key: "createdAt", typed: false, clock })));
  if (Number.isNaN(time)) return problem({ start, end, key, problem: "value" });
  return { type: "bound", bound: key === "since" ? "since" : "before", time: new Date(time) };
}

/** Whether a word before a colon is a key. */
const isKey = (word: string): boolean => auditKeyNamed(word) !== undefined;

function saidBy(word: Piece, clock: Clock): Said {
  const notation = wordNotation(word);
  if (notation) return problem(notation);
  const { negated: not, key: name, answer } = partsOf(word);
  if (!answer) {
    const found = freeNotation(word, isKey);
    if (found) return problem(withInstead(found, (line) => parseAuditLine(line, clock.now).problems.length === 0));
    const isMinus = not && name.chars.length > 0;
    if (isMinus) return problem({ start: word.start, end: word.end, problem: "negation" });
    return { type: "search", search: { key: "", not: false, part: true, values: [textOf(word.chars)] } };
  }
  const text = textOf(name.chars);
  const key = auditKeyNamed(text);
  if (key === undefined) {
    const { start, end } = name;
    return problem({ start, end, problem: "unknownKey", key: text, suggestions: nearestNames(text, AUDIT_WORDS) });
  }
  const { start, end } = answer;
  if (not && !AUDIT_KEYS.has(key)) return problem({ start, end, key, problem: "negation" });
  if (key === "since" || key === "until") return boundOf(key, answer, clock);
  const [mark] = answer.chars;
  const part = mark !== undefined && !mark.quoted && mark.text === "~";
  if (part && key === CATEGORY) return problem({ start, end, key, problem: "operator", allowed: ["eq"] });
  const rest = part ? { chars: answer.chars.slice(1), start: start + 1, end } : answer;
  const values = part ? partsIn(key, split(rest, ",")) : valuesIn(key, split(rest, ","));
  if ("problem" in values) return problem(values);
  if (key === CATEGORY) return { type: "categories", values };
  const filter = AUDIT_KEYS.get(key)?.filter;
  if (part || !filter) return { type: "search", search: { key, not, part, values } };
  return { type: "filter", filter: { name: filter, values, ...(not && { not }) } };
}

/** Returns parts of values: any text. */
function partsIn(key: string, items: readonly Piece[]): [string, ...string[]] | FilterProblem {
  const empty = items.find(({ chars }) => textOf(chars) === "");
  if (empty) return { start: empty.start, end: empty.end, key, problem: "noValue" };
  for (const item of items) {
    const notation = valueNotation(item, key === "uri" ? "path" : "name");
    if (notation) return { ...notation, key };
  }
  const [first = "", ...others] = items.map(({ chars }) => textOf(chars));
  return [first, ...others];
}

/** Merges a filter into an earlier one of the same key, adding its values, like the API does. */
function join<Kept, One extends Kept & Growing>(all: Kept[], alike: Map<string, One>, kind: string, one: One): void {
  const before = alike.get(kind);
  if (before) before.values.push(...one.values);
  else {
    alike.set(kind, one);
    all.push(one);
  }
}

/** Returns a word with its meaning, as needed by adjacent words. */
function neighborIn(word: Piece, said: Said): Neighbor & { said: Said } {
  const isFree = said.type === "search" && said.search.key === "";
  const isCode = said.type === "filter" && said.filter.name === "raw_status_code";
  return { word, said, isFree, amount: isCode ? "code" : said.type === "bound" ? "number" : undefined };
}

/**
 * Parses the audit log's query line. Every word becomes a filter, a search, a time bound, or a problem with its
 * position; a line with problems must not be used. For a line beyond `LONGEST_LINE`, its length is the only problem.
 * Times like `2h` are relative to `now`; days and times without a zone are in `zone`.
 */
export function parseAuditLine(
  line: string,
  now: Date,
  zone: Clock["zone"] = "local",
): AuditLine & { problems: FilterProblem[] } {
  const read: AuditLine = { filters: [], productCategories: [], clientSide: [] };
  const filters = new Map<string, AuditFilter & Growing>();
  const searches = new Map<string, AuditSearch & Growing>();
  const readWord = (word: Piece) => neighborIn(word, saidBy(word, { now, zone }));
  const problems = readWords(line, readWord, isKey, ({ said }) => {
    switch (said.type) {
      case "filter":
        join(read.filters, filters, `${said.filter.name} ${said.filter.not}`, said.filter);
        return undefined;
      case "search": {
        const { search } = said;
        // Free text: every word must match.
        if (search.key === "") read.clientSide.push(search);
        else join(read.clientSide, searches, `${search.key} ${search.not} ${search.part}`, search);
        return undefined;
      }
      case "categories":
        read.productCategories.push(...said.values);
        return undefined;
      case "bound":
        read[said.bound] = said.time;
        return undefined;
      case "problem": {
        const { type: _, ...found } = said;
        return found;
      }
    }
  });
  return { ...read, problems };
}

/** Writes a value after a key: in quotes if it isn't in the API's list. */
export function writeAuditValue(key: string, value: string): string {
  const { values } = AUDIT_KEYS.get(key) ?? {};
  return values && !values.includes(value) ? quote(value) : writeText(value);
}

/** Writes a word that `parseAuditLine` parses to the same values. */
export function auditWord(
  key: string,
  values: readonly string[],
  { not = false, part = false }: { not?: boolean; part?: boolean } = {},
): string {
  return `${not ? "-" : ""}${key}:${part ? "~" : ""}${values.map((value) => writeAuditValue(key, value)).join(",")}`;
}

/**
 * Returns the line for changes to AI Gateway: by its product if the API lists one, else by the address, which is
 * checked locally.
 */
export function gatewayChanges(categories: readonly ProductCategory[]): { line: string; byProduct: boolean } {
  const named = categories.flatMap(({ products }) => products);
  const products = named.filter(({ value, label }) => /ai[ _-]?gateway/i.test(`${value} ${label}`));
  return products.length > 0
    ? { line: auditWord("product", [...new Set(products.map(({ value }) => value))]), byProduct: true }
    : { line: auditWord("uri", ["/ai-gateway/"], { part: true }), byProduct: false };
}
