import { amountOf, isObject, textOf, type Row } from "../../source/parsing.ts";

/* Values of events: each function returns undefined for a value of another kind, because any key may have any value. */

/** Returns an object, also from JSON text. */
export function objectOf(value: unknown): Row | undefined {
  if (typeof value !== "string") return isObject(value) ? value : undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a boolean, also from its text. */
export function flagOf(value: unknown): boolean | undefined {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "boolean" ? value : undefined;
}

/** Returns an ID as text. */
export const idTextOf = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : textOf(value);

/** Returns a time from milliseconds since 1970 or an ISO date, which is UTC without a zone. */
export function timeOf(value: unknown): Date | undefined {
  const isDate = typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]/i.test(value);
  const zoned = isDate && !/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? `${value}Z` : value;
  const time = new Date((isDate ? String(zoned) : amountOf(value)) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
