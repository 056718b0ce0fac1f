import { FILTER_KEYS, type ConditionValue } from "./conditions.ts";
import { NAMED_VALUES, quote, textOf, type Piece } from "./filter-words.ts";

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
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
const ZONED = /T.*(?:Z|[+-]\d\d:?\d\d)$/;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

function numberIn(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** In milliseconds: 250, 250ms, 1.5s, 2m, 1h. */
function durationIn(text: string): number | undefined {
  const [, amount = text, unit = "ms"] = DURATION.exec(text) ?? [];
  const number = numberIn(amount);
  if (number === undefined || unit === "ms") return number;
  const product = number * (MILLISECONDS[unit] ?? 1);
  return Number.isInteger(product) ? product : Math.round(product * 1e6) / 1e6;
}

/** A date or time without a zone, in this machine's; undefined for a day or hour that no calendar has. */
function localTime(text: string): Date | undefined {
  const parts = LOCAL.exec(text)?.slice(1);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const time = new Date(year, month - 1, day, hour, minute, second, Number((parts[6] ?? "").padEnd(3, "0")));
  const real = time.getMonth() === month - 1 && time.getDate() === day && minute < 60 && second < 60;
  return real ? time : undefined;
}

/** The `created_at` value that a bare word means: 2h (ago), today, yesterday, a date, a time with or without its zone. */
function timeIn(text: string, now: Date): string | undefined {
  if (ZONED.test(text)) return text;
  const [, amount, unit] = AGO.exec(text) ?? [];
  const midnight = (daysAgo: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
  const time =
    unit !== undefined
      ? new Date(now.getTime() - Number(amount) * (MILLISECONDS[unit] ?? 0))
      : text === "today"
        ? midnight(0)
        : text === "yesterday"
          ? midnight(1)
          : localTime(text);
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** How a value is to be read: `typed` takes a bare 42 or true as number and yes/no where the key takes any of them. */
export type Reading = { key: string; typed: boolean; now: Date };

/** The value that a piece of the query line means for a key; undefined when it means none. Quoted text is taken as it is. */
export function readValue({ chars }: Piece, { key, typed, now }: Reading): ConditionValue | undefined {
  const text = textOf(chars);
  const quoted = chars.some((char) => char.quoted);
  const { type, nullable } = FILTER_KEYS.get(key) ?? {};
  const named = NAMED_VALUES[key];
  if (!quoted && named && Object.hasOwn(named, text)) return named[text];
  if (!quoted && nullable && text === "none") return null;
  switch (type) {
    case "number":
      return key === "duration" ? durationIn(text) : numberIn(text);
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "time":
      return quoted ? text : timeIn(text, now);
    case "tag":
      if (quoted || !typed) return text;
      return text === "true" || text === "false" ? text === "true" : numberIn(text);
    default:
      return text;
  }
}

/** Reads back as the same text, unquoted. */
function isPlain(text: string): boolean {
  return text !== "none" && /^[^\s",<>~=][^\s",]*$/.test(text);
}

/** How a value of a key is written, so that `readValue` reads the same value. `typed` as there. */
export function writeValue(key: string, value: ConditionValue, typed: boolean): string {
  if (value === null) return "none";
  const name = Object.entries(NAMED_VALUES[key] ?? {}).find(([, meaning]) => meaning === value)?.[0];
  if (name !== undefined) return name;
  if (typeof value === "number") {
    const seconds = key === "duration" && value !== 0 && Number.isSafeInteger(value) && value % 1000 === 0;
    return seconds ? `${value / 1000}s` : String(value);
  }
  if (typeof value === "boolean") return String(value);
  const verbatim = isPlain(value) && !typed && (key !== "created_at" || ZONED.test(value));
  return verbatim ? value : quote(value);
}
