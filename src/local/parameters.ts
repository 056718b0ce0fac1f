import { badInput } from "./answers.ts";
import {
  type Condition,
  FILTER_KEYS,
  type FilterKey,
  type FilterValue,
  type LogQuery,
  OPERATORS,
  ORDER_KEYS,
} from "./conditions.ts";
import type { LogPatch, Metadata } from "./log.ts";

type Parameters = URLSearchParams;

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw badInput(`Invalid enum value. Expected ${allowed.join(" | ")}, received "${value}"`);
  return found;
}

function numberIn(value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw badInput(
      `Expected number, received ${typeof value === "number" ? "nan" : value === null ? "null" : typeof value}`,
    );
  }
  if (value < least) throw badInput(`Number must be greater than or equal to ${least}`);
  if (value > most) throw badInput(`Number must be less than or equal to ${most}`);
  return value;
}

/**
 * Parses a whole number in the query.
 * @throws Refusal 400 with the API's message if it's invalid or out of range (API notes: Paging)
 */
export function wholeNumber(
  parameters: Parameters,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = parameters.get(name);
  if (text === null) return fallback;
  const value = numberIn(text.trim() === "" ? Number.NaN : Number(text), least, most);
  if (!Number.isInteger(value)) throw badInput("Expected integer, received float");
  return value;
}

/** Parses page and per_page, with the list's limits. */
export function paging(
  parameters: Parameters,
  perPage: { least: number; most: number },
): { page: number; perPage: number } {
  return {
    page: wholeNumber(parameters, "page", 1, 1, Number.MAX_SAFE_INTEGER),
    perPage: wholeNumber(parameters, "per_page", 20, perPage.least, perPage.most),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFilterValue(value: unknown): value is FilterValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function named(value: unknown): string {
  return value === undefined ? "undefined" : value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function condition(item: unknown): Condition {
  if (!isObject(item)) throw badInput(`Expected object, received ${named(item)}`);
  const { key, operator, value } = item;
  if (key === undefined || operator === undefined || value === undefined) throw badInput("Required");
  if (!Array.isArray(value)) throw badInput(`Expected array, received ${named(value)}`);
  if (!value.every(isFilterValue)) throw badInput("Invalid input");
  return {
    key: oneOf(FILTER_KEYS, typeof key === "string" ? key : named(key)),
    operator: oneOf(OPERATORS, typeof operator === "string" ? operator : named(operator)),
    value,
  };
}

/**
 * Parses `filters`. Only a single JSON array counts; other forms are silently ignored, and every log matches
 * (API notes: Filters).
 */
function filters(parameters: Parameters): Condition[] {
  const sent = parameters.getAll("filters");
  const list = sent.length === 1 ? parseJson(sent[0] ?? "") : undefined;
  return Array.isArray(list) ? list.map(condition) : [];
}

const TEXTS = ["model", "model_type", "provider", "request_content_type", "response_content_type"] as const;
const BOOLEANS = ["success", "cached"] as const;
const BOUNDS: Record<string, FilterKey> = {
  cost: "cost",
  duration: "duration",
  tokens_in: "tokens_in",
  tokens_out: "tokens_out",
  total_tokens: "tokens",
};

function readBoolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw badInput(`Expected boolean, received string`);
  return text === "true";
}

/**
 * Parses the deprecated parameters, which are still widely used (API notes: Listing logs): bounds are inclusive, as
 * "min" and "max" say.
 */
function deprecated(parameters: Parameters): Condition[] {
  const found: Condition[] = [];
  const given = (name: string, read: (text: string) => void) => {
    const text = parameters.get(name);
    if (text !== null && text !== "") read(text);
  };
  for (const key of TEXTS) given(key, (text) => found.push({ key, operator: "eq", value: [text] }));
  for (const key of BOOLEANS) given(key, (text) => found.push({ key, operator: "eq", value: [readBoolean(text)] }));
  given("feedback", (text) => found.push({ key: "feedback", operator: "eq", value: [numberIn(Number(text), -1, 1)] }));
  for (const [name, key] of Object.entries(BOUNDS)) {
    for (const [bound, operator] of [
      ["min", "gte"],
      ["max", "lte"],
    ] as const) {
      given(`${bound}_${name}`, (text) => {
        found.push({ key, operator, value: [numberIn(Number(text), -Infinity, Infinity)] });
      });
    }
  }
  for (const [name, operator] of [
    ["start_date", "gte"],
    ["end_date", "lte"],
  ] as const) {
    given(name, (text) => {
      if (Number.isNaN(Date.parse(text))) throw badInput("Invalid datetime");
      found.push({ key: "created_at", operator, value: [text] });
    });
  }
  return found;
}

function query(parameters: Parameters, direction: "asc" | "desc", conditions: Condition[]): LogQuery {
  const sent = parameters.get("order_by_direction") ?? parameters.get("direction");
  return {
    conditions,
    orderBy: oneOf(ORDER_KEYS, parameters.get("order_by") ?? "created_at"),
    direction: sent === null ? direction : oneOf(["asc", "desc"], sent),
  };
}

/**
 * Parses the query of GET …/logs; newest first by default (API notes: Listing logs).
 * @throws Refusal 400 with code 7001
 */
export function listQuery(parameters: Parameters): LogQuery {
  const asked = query(parameters, "desc", [...filters(parameters), ...deprecated(parameters)]);
  const search = parameters.get("search");
  return search === null ? asked : { ...asked, search };
}

/**
 * Parses the query of DELETE …/logs; oldest first by default, and every log if `filters` isn't understood
 * (API notes: Deleting logs).
 * @throws Refusal 400 with code 7001
 */
export function deleteQuery(parameters: Parameters): LogQuery {
  return query(parameters, "asc", filters(parameters));
}

function metadata(value: unknown): Metadata {
  if (!isObject(value)) throw badInput(`Expected object, received ${named(value)}`);
  for (const one of Object.values(value)) {
    if (!["string", "number", "boolean"].includes(typeof one)) throw badInput("Invalid input");
  }
  return value as Metadata;
}

/**
 * Parses the body of PATCH: all members are optional and nullable (API notes: Changing a log). An empty body changes
 * nothing.
 * @throws Refusal 400 with code 7001
 */
export function patchOf(body: string): LogPatch {
  const sent = body.trim() === "" ? {} : parseJson(body);
  if (sent === undefined) throw badInput("Malformed JSON in request body");
  if (!isObject(sent)) throw badInput(`Expected object, received ${named(sent)}`);
  const patch: LogPatch = {};
  const { feedback, score } = sent;
  if (feedback !== undefined) patch.feedback = feedback === null ? null : numberIn(feedback, -1, 1);
  if (score !== undefined) patch.score = score === null ? null : numberIn(score, 0, 100);
  if (sent["metadata"] !== undefined) patch.metadata = sent["metadata"] === null ? null : metadata(sent["metadata"]);
  return patch;
}
