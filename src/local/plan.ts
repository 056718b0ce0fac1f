import {
  type Condition,
  type FilterKey,
  type FilterValue,
  type LogQuery,
  type OrderKey,
  passes,
} from "./conditions.ts";
import type { Window } from "./counts.ts";
import { FACETS, type FacetKey } from "./schema.ts";
import type { Terms } from "./terms.ts";

/** A fragment of SQL over `logs AS l`, with its bound values. */
export type Sql = { text: string; values: (string | number)[] };

/** A condition on interned texts, as the IDs of matching terms. */
export type FacetCondition = {
  /** The column of `logs`, or "metadata" for metadata keys and values. */
  column: string;
  kind: string;
  terms: number[];
  /** Whether logs without a value also match (before `negated`). */
  orMissing: boolean;
  negated: boolean;
};

/** A query, split by how each part is answered. */
export type Plan = {
  gateway: number;
  window: Window;
  facets: FacetCondition[];
  rest: Sql[];
  order: string;
  byTime: boolean;
  /** The index to scan: of IDs or events if a condition names some, else of times. */
  index: "logs_by_id" | "logs_by_event" | "logs_by_created_at";
};

const NUMBERS: Partial<Record<FilterKey, string>> = {
  cost: "l.cost",
  tokens_in: "l.tokens_in",
  tokens_out: "l.tokens_out",
  duration: "l.duration",
  tokens:
    "CASE WHEN l.tokens_in IS NULL AND l.tokens_out IS NULL THEN NULL ELSE coalesce(l.tokens_in, 0) + coalesce(l.tokens_out, 0) END",
};

const TEXTS: Partial<Record<FilterKey, { column: string; index: Plan["index"] }>> = {
  id: { column: "l.id", index: "logs_by_id" },
  event_id: { column: "l.event_id", index: "logs_by_event" },
};

/** With a plain 0, SQLite may reject the forced index. */
const NEVER: Sql = { text: "(SELECT 0)", values: [] };

function any(parts: Sql[], orMissing?: string): Sql {
  const all = orMissing === undefined ? parts : [...parts, { text: `${orMissing} IS NULL`, values: [] }];
  if (all.length === 0) return NEVER;
  return { text: `(${all.map((part) => part.text).join(" OR ")})`, values: all.flatMap((part) => part.values) };
}

function not(part: Sql): Sql {
  return { text: `NOT coalesce(${part.text}, 0)`, values: part.values };
}

const COMPARISONS = { eq: "=", neq: "=", lt: "<", gt: ">", lte: "<=", gte: ">=" };

/** Compares the column itself, or for `contains` its text. */
function compare(
  column: string,
  { operator, value }: Condition,
  convert: (value: FilterValue) => string | number | undefined,
): Sql {
  const parts: Sql[] = [];
  for (const one of value) {
    const bound = convert(one);
    if (bound === undefined) continue;
    if (operator === "contains") parts.push({ text: `instr(CAST(${column} AS TEXT), ?) > 0`, values: [String(bound)] });
    else parts.push({ text: `${column} ${COMPARISONS[operator]} ?`, values: [bound] });
  }
  const equality = operator === "eq" || operator === "neq";
  const found = any(parts, equality && value.includes(null) ? column : undefined);
  return operator === "neq" ? not(found) : found;
}

function toNumber(value: FilterValue): number | undefined {
  const number = value === null || value === "" ? Number.NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function toText(value: FilterValue): string | undefined {
  return value === null ? undefined : String(value);
}

/**
 * Returns a time value truncated to its second, in ms: `gt …20.999Z` finds a log at `…20.710Z` (API notes: Filters).
 */
function wholeSecond(value: FilterValue): number | undefined {
  if (value === null || typeof value === "boolean") return undefined;
  const time = typeof value === "number" ? value : Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000) * 1000;
}

/** Returns the time window that an operator leaves around one second, in ms; `eq` is the whole second. */
function windowOf(operator: Exclude<Condition["operator"], "neq" | "contains">, second: number): Window {
  const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
  switch (operator) {
    case "eq":
      return { from: second, to: second + 1000 };
    case "gt":
      return { ...always, from: second + 1 };
    case "gte":
      return { ...always, from: second };
    case "lt":
      return { ...always, to: second };
    case "lte":
      return { ...always, to: second + 1 };
  }
}

/** Narrows the window for a single value, else returns SQL. */
function time(condition: Condition, window: Window): Sql | undefined {
  const { operator, value } = condition;
  if (operator === "contains") {
    return compare("strftime('%Y-%m-%dT%H:%M:%fZ', l.created_at / 1000.0, 'unixepoch')", condition, toText);
  }
  const windows = value
    .map(wholeSecond)
    .filter((second) => second !== undefined)
    .map((second) => windowOf(operator === "neq" ? "eq" : operator, second));
  const [only] = windows;
  if (only !== undefined && windows.length === 1 && operator !== "neq") {
    window.from = Math.max(window.from, only.from);
    window.to = Math.min(window.to, only.to);
    return undefined;
  }
  const found = any(
    windows.map(({ from, to }) => ({ text: "(l.created_at >= ? AND l.created_at < ?)", values: [from, to] })),
  );
  return operator === "neq" ? not(found) : found;
}

function facet(column: string, condition: Condition, terms: Terms): FacetCondition {
  const { key, operator, value } = condition;
  const equality = operator === "eq" || operator === "neq";
  const ids = equality
    ? value.map((one) => (one === null ? undefined : terms.find(key, String(one)))).filter((id) => id !== undefined)
    : terms.matching(key, (text) => passes(operator, value, text));
  return {
    column,
    kind: key,
    terms: [...new Set(ids)],
    orMissing: equality && value.includes(null),
    negated: operator === "neq",
  };
}

const LIKE = (column: string) => `${column} LIKE ? ESCAPE '\\'`;

/**
 * Case-insensitive substring search in path, model, provider and metadata; the live scope is undocumented
 * (API notes: Listing logs).
 */
function search(text: string): Sql {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const term = (column: string) =>
    `l.${column} IN (SELECT id FROM terms WHERE kind = '${column}' AND ${LIKE("value")})`;
  return {
    text: `(${term("path")} OR ${term("model")} OR ${term("provider")} OR ${LIKE("l.metadata")})`,
    values: [pattern, pattern, pattern, pattern],
  };
}

function orderColumn(key: OrderKey): string {
  if (key === "feedback") return "(SELECT CAST(value AS REAL) FROM terms WHERE id = l.feedback)";
  return key in FACETS ? `(SELECT value FROM terms WHERE id = l.${FACETS[key as FacetKey]})` : `l.${key}`;
}

/** Splits a query into a plan. */
export function planOf(gateway: number, query: LogQuery, terms: Terms): Plan {
  const direction = query.direction === "asc" ? "ASC" : "DESC";
  const plan: Plan = {
    gateway,
    window: { from: 0, to: Number.MAX_SAFE_INTEGER },
    facets: [],
    rest: [],
    byTime: query.orderBy === "created_at",
    index: "logs_by_created_at",
    order:
      query.orderBy === "created_at"
        ? `l.created_at ${direction}, l.id ${direction}`
        : `${orderColumn(query.orderBy)} ${direction}, l.created_at ${direction}, l.id ${direction}`,
  };
  for (const condition of query.conditions) {
    const { key } = condition;
    const number = NUMBERS[key];
    const text = TEXTS[key];
    if (key === "created_at") {
      const rest = time(condition, plan.window);
      if (rest !== undefined) plan.rest.push(rest);
    } else if (key === "metadata.key" || key === "metadata.value") {
      plan.facets.push(facet("metadata", condition, terms));
    } else if (number !== undefined) {
      plan.rest.push(compare(number, condition, condition.operator === "contains" ? toText : toNumber));
    } else if (text !== undefined) {
      plan.rest.push(compare(text.column, condition, toText));
      const isNamed = condition.operator === "eq" && condition.value.length > 0 && !condition.value.includes(null);
      // SQLite wouldn't choose it by itself for several IDs.
      if (isNamed && plan.index !== "logs_by_id") plan.index = text.index;
    } else {
      plan.facets.push(facet(FACETS[key as FacetKey], condition, terms));
    }
  }
  if (query.search !== undefined && query.search !== "") plan.rest.push(search(query.search));
  return plan;
}

/** Returns a facet's condition as SQL over `logs AS l`. */
function facetSql({ column, terms, orMissing, negated }: FacetCondition): Sql {
  const list = JSON.stringify(terms);
  if (column === "metadata") {
    const has: Sql = {
      text: `EXISTS (SELECT 1 FROM metadata_terms AS x WHERE x.gateway = l.gateway AND x.created_at = l.created_at AND x.seq = l.seq AND x.term IN (SELECT value FROM json_each(?)))`,
      values: [list],
    };
    const found = any([has], orMissing ? "l.metadata" : undefined);
    return negated ? not(found) : found;
  }
  const [only] = terms;
  const has: Sql =
    only !== undefined && terms.length === 1
      ? { text: `l.${column} = ?`, values: [only] }
      : { text: `l.${column} IN (SELECT value FROM json_each(?))`, values: [list] };
  const found = any([has], orMissing ? `l.${column}` : undefined);
  return negated ? not(found) : found;
}

/**
 * Returns all conditions on a log as one SQL condition over `logs AS l`. `without`: the facet that the index already
 * answers.
 */
export function whereSql(plan: Plan, window: Window, without?: FacetCondition): Sql {
  const parts: Sql[] = [
    {
      text: "l.gateway = ? AND l.created_at >= ? AND l.created_at < ?",
      values: [plan.gateway, window.from, window.to],
    },
    ...plan.facets.filter((one) => one !== without).map(facetSql),
    ...plan.rest,
  ];
  return { text: parts.map((part) => part.text).join(" AND "), values: parts.flatMap((part) => part.values) };
}
