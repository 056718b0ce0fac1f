import type { ConditionValue } from "../source/conditions.ts";
import { readsAsNotation } from "./notation.ts";
import { NAMED_VALUES, quote, textOf, type Piece } from "./words.ts";
import { FIELDS } from "../source/fields.ts";

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DURATION = /^(.*\d\.?)(ms|s|m|h)$/;
const AGO = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/;
const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** Anchored to the first T: starting at every T would take quadratic time on a text of only Ts. */
const ZONED = /^[^T]*T.*(?:Z|[+-]\d\d:?\d\d)$/s;
const UNZONED = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

/** Whether a text is parsed as a number. */
export const isNumber = (text: string): boolean => NUMBER.test(text);

/** Returns a text's number; undefined if it has too many digits for a double. */
function numberIn(text: string): number | undefined {
  if (/^-?\d{16,}$/.test(text) && String(Number(text)) !== text) return undefined;
  return isNumber(text) ? Number(text) : undefined;
}

/** Returns milliseconds: 250, 250ms, 1.5s, 2m, 1h. */
function durationIn(text: string): number | undefined {
  const [, amount = text, unit = "ms"] = DURATION.exec(text) ?? [];
  const number = numberIn(amount);
  if (number === undefined || unit === "ms") return number;
  const product = number * (MILLISECONDS[unit] ?? 1);
  return Number.isInteger(product) ? product : Math.round(product * 1e6) / 1e6;
}

/** Time of parsing, and zone for dates and times without one. */
export type Clock = { now: Date; zone: "local" | "utc" };

/** Returns year, month (from 0) and day of the month in a zone. */
function dayOf(time: Date, { zone }: Clock): [number, number, number] {
  return zone === "utc"
    ? [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()]
    : [time.getFullYear(), time.getMonth(), time.getDate()];
}

type Fields = [year: number, month: number, day: number, ...ofDay: number[]];

const timeOf = (fields: Fields, { zone }: Clock): Date =>
  zone === "utc" ? new Date(Date.UTC(...fields)) : new Date(...fields);

/** Parses a date or time without a zone; undefined for an invalid day or hour. */
function unzonedTime(text: string, clock: Clock): Date | undefined {
  const parts = UNZONED.exec(text)?.slice(1);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const date = [year, month - 1, day] as const;
  const time = timeOf([...date, hour, minute, second, Number((parts[6] ?? "").padEnd(3, "0"))], clock);
  const read = dayOf(time, clock);
  return date.every((field, at) => field === read[at]) && minute < 60 && second < 60 ? time : undefined;
}

/** Returns the time that a word means, as ISO 8601: 2h (ago), today, yesterday, a date, a time with or without a zone. */
function timeIn(text: string, clock: Clock): string | undefined {
  if (ZONED.test(text)) return text;
  const [, amount, unit] = AGO.exec(text) ?? [];
  const { now } = clock;
  const midnight = (time: Date) => timeOf(dayOf(time, clock), clock);
  const time =
    unit !== undefined
      ? new Date(now.getTime() - Number(amount) * (MILLISECONDS[unit] ?? 0))
      : text === "today"
        ? midnight(now)
        : text === "yesterday"
          ? midnight(new Date(midnight(now).getTime() - 1))
          : unzonedTime(text, clock);
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** How to parse a value. `typed`: a bare 42 or true is a number or boolean if the key takes any type. */
export type Reading = { key: string; typed: boolean; clock: Clock };

/** Parses a piece of the query line as a key's value; undefined if it's invalid. Quoted text is taken verbatim. */
export function readValue({ chars }: Piece, { key, typed, clock }: Reading): ConditionValue | undefined {
  const text = textOf(chars);
  const quoted = chars.some((char) => char.quoted);
  const { type, nullable, isDuration } = FIELDS.get(key) ?? {};
  const named = NAMED_VALUES[key];
  if (!quoted && named && Object.hasOwn(named, text)) return named[text];
  if (!quoted && nullable && text === "none") return null;
  switch (type) {
    case "number":
      return isDuration ? durationIn(text) : numberIn(text);
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "time":
      return quoted ? text : timeIn(text, clock);
    case "tag":
      if (quoted || !typed) return text;
      return text === "true" || text === "false" ? text === "true" : numberIn(text);
    default:
      return text;
  }
}

/** Writes a text value: in quotes if it would otherwise be parsed as something else. */
export const writeText = (text: string): string => (isPlain(text) ? text : quote(text));

/** Whether an unquoted text is parsed as the same text. */
function isPlain(text: string): boolean {
  return text !== "none" && /^[^\s",<>~=][^\s",]*$/.test(text) && !readsAsNotation(text);
}

/** Whether a text fits into a line: without line breaks. */
export const fitsInLine = (text: string): boolean => !/[\r\n]/.test(text);

/** Writes a key's value so that `readValue` returns it. `typed`: as in `Reading`. */
export function writeValue(key: string, value: ConditionValue, typed: boolean): string {
  if (value === null) return "none";
  const name = Object.entries(NAMED_VALUES[key] ?? {}).find(([, meaning]) => meaning === value)?.[0];
  if (name !== undefined) return name;
  if (typeof value === "number") {
    const seconds = FIELDS.get(key)?.isDuration && value !== 0 && Number.isSafeInteger(value) && value % 1000 === 0;
    return seconds ? `${value / 1000}s` : String(value);
  }
  if (typeof value === "boolean") return String(value);
  const verbatim = isPlain(value) && !typed && (key !== "createdAt" || ZONED.test(value));
  return verbatim ? value : quote(value);
}
