import { Refusal } from "../answers.ts";
import { AUDIT_FIELD_NAMES, AUDIT_FIELDS, type AuditField, type AuditFilter, type AuditQuery } from "./filters.ts";
import { productsOf } from "./products.ts";
import type { AuditPosition } from "./trail.ts";

/** The audit log's failure: messages without codes (API notes: Errors). */
export function auditRefusal(status: number, message: string): Refusal {
  return new Refusal({ status, json: { errors: [{ message }], messages: [{ message }], success: false } });
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Parses a required time to ms since 1970: RFC3339, or a UTC date if `dates` allows it.
 * @throws Refusal 400
 */
export function requiredTime(parameters: URLSearchParams, name: string, dates = true): number {
  const text = parameters.get(name) ?? "";
  if (text === "") throw auditRefusal(400, `${name} is required`);
  const time = RFC3339.test(text) || (dates && DATE.test(text)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw auditRefusal(400, `${name} must be a YYYY-MM-DD date or an RFC3339 timestamp`);
  return time;
}

/**
 * Parses the page size: 1 to 1000, 100 by default (API notes: Audit log).
 * @throws Refusal 400
 */
export function auditLimit(parameters: URLSearchParams): number {
  const text = parameters.get("limit");
  const limit = text === null ? 100 : text === "" ? Number.NaN : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw auditRefusal(400, "limit must be between 1 and 1000");
  return limit;
}

/** Encodes a position as an opaque cursor. */
export function cursorOf({ time, seq }: AuditPosition): string {
  return Buffer.from(`${time} ${seq}`).toString("base64url");
}

/**
 * Decodes the position in `cursor`.
 * @throws Refusal 400 for a cursor that no response had
 */
export function positionOf(parameters: URLSearchParams): AuditPosition | undefined {
  const cursor = parameters.get("cursor") ?? "";
  if (cursor === "") return undefined;
  const [, time, seq] = /^(-?\d+) (\d+)$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  if (time === undefined || seq === undefined) throw auditRefusal(400, "cursor is invalid");
  return { time: Number(time), seq: Number(seq) };
}

function checked(field: AuditField, values: string[]): string[] {
  const allowed: readonly string[] | undefined = AUDIT_FIELDS[field];
  for (const value of values) {
    const fits = field === "raw_status_code" ? /^\d+$/.test(value) : (allowed?.includes(value) ?? true);
    if (!fits) throw auditRefusal(400, `${field} must not be "${value}"`);
  }
  return values;
}

/** `audit_log_id` is an older name of `id` (API notes: Audit log). */
const PARAMETERS: [string, AuditField][] = [
  ...AUDIT_FIELD_NAMES.map((name): [string, AuditField] => [name, name]),
  ["audit_log_id", "id"],
];

/** Returns the requested products: those named, and those of named categories. */
function products(parameters: URLSearchParams): AuditFilter[] {
  const named = parameters.getAll("resource_product");
  const categories = parameters.getAll("product_category");
  const expanded = categories.flatMap((category) => {
    const found = productsOf(category);
    if (found === undefined) throw auditRefusal(400, `unknown product_category "${category}"`);
    return found;
  });
  const values = [...named, ...expanded];
  return values.length === 0 ? [] : [{ field: "resource_product", not: false, values }];
}

/** Parses all filters and their `.not` forms, each repeatable (API notes: Audit log). */
function filters(parameters: URLSearchParams): AuditFilter[] {
  const found = products(parameters);
  for (const [name, field] of PARAMETERS) {
    const values = name === "resource_product" ? [] : checked(field, parameters.getAll(name));
    const excluded = checked(field, parameters.getAll(`${name}.not`));
    if (values.length > 0) found.push({ field, not: false, values });
    if (excluded.length > 0) found.push({ field, not: true, values: excluded });
  }
  return found;
}

function directionOf(parameters: URLSearchParams): "asc" | "desc" {
  const direction = parameters.get("direction") ?? "desc";
  if (direction !== "asc" && direction !== "desc") throw auditRefusal(400, "direction must be asc or desc");
  return direction;
}

/**
 * Parses the time window and the order of a list or a history, without filters.
 * @throws Refusal 400
 */
export function auditWindow(parameters: URLSearchParams): AuditQuery {
  const since = requiredTime(parameters, "since");
  const before = requiredTime(parameters, "before");
  return { since, before, direction: directionOf(parameters), filters: [] };
}

/**
 * Parses the query of GET …/logs/audit, newest first by default (API notes: Audit log).
 * @throws Refusal 400
 */
export function auditQuery(parameters: URLSearchParams): AuditQuery {
  return { ...auditWindow(parameters), filters: filters(parameters) };
}
