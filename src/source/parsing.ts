import { cut, TEXT_LIMITS, type Log, type Metadata, type TextField } from "./log.ts";

/* What the sources' parsers of rows share. Values may be of any kind: each function returns undefined for another one. */

/** A JSON object. */
export type Row = Record<string, unknown>;

/** Whether a value is an object with members. */
export const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a text that isn't empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Returns a number, also from a numeric text. */
export function amountOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\s*[-+]?\.?\d/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Drops keys with null or undefined. */
export function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept: Record<string, unknown> = {};
  for (const key in values) if (values[key] != null) kept[key] = values[key];
  return kept as never;
}

const isScalar = ([, item]: [string, unknown]) => ["string", "number", "boolean"].includes(typeof item);

/** Returns the entries that metadata can have: texts, numbers and booleans. */
export const metadataIn = (entries: Record<string, unknown>): Metadata =>
  Object.fromEntries(Object.entries(entries).filter(isScalar)) as Metadata;

const TEXT_FIELDS = Object.entries(TEXT_LIMITS) as [TextField, number][];

/** Returns a row's texts as a log keeps them, and the whole of those that are truncated. `wholeOf`: a field's text. */
export function cutTexts(wholeOf: (field: TextField) => unknown): {
  texts: { [F in TextField]?: string };
  recorded: Log["recorded"];
} {
  const texts: { [F in TextField]?: string } = {};
  let recorded: Log["recorded"];
  for (const [field, limit] of TEXT_FIELDS) {
    const whole = wholeOf(field);
    if (typeof whole !== "string") continue;
    texts[field] = cut(whole, limit);
    if (whole.length > limit) (recorded ??= {})[field] = whole;
  }
  return { texts, recorded };
}
