import type { Log } from "../cloudflare/schema.ts";
import { calendarFor, clockOf, type Calendar, type Zone } from "./days.ts";

/** How numbers and times are written: in the person's language, and in the zone of its calendar. */
export type Format = {
  readonly calendar: Calendar;
  count(value: number): string;
  /** `$0.018210`: six decimals, since one call costs that little. */
  cost(usd: number): string;
  /** `842 ms`, `12.4 s`, `3 min 5 s`. */
  duration(ms: number): string;
  /** Sizes in bytes: `64 KB`. */
  size(bytes: number): string;
  time(time: Date): string;
  dateTime(time: Date): string;
  /** `Mar 14`, with the year when it is not that of `today`. */
  date(time: Date, today: Date): string;
  utc(time: Date): string;
};

/**
 * The format for a language as VS Code names it ("en", "pt-br", …), with times in that zone; a function is asked each time,
 * so that a setting is followed.
 */
export function formatFor(language: string, zone: Zone | (() => Zone) = "local"): Format {
  const locale = Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? "en";
  const calendar = calendarFor(zone);
  const clock = (time: Date): Date => clockOf(time, calendar.zone);
  // An Intl format keeps the zone in which it was made; the clock's fields are those of the zone as it is.
  const written = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const time = written({ timeStyle: "medium", hourCycle: "h23" });
  const dateTime = written({ dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
  const sameYear = written({ month: "short", day: "numeric" });
  const otherYear = written({ month: "short", day: "numeric", year: "numeric" });
  return {
    calendar,
    ...numbersFor(language),
    cost: (usd) => `$${usd.toFixed(6)}`,
    time: (value) => time.format(clock(value)),
    dateTime: (value) => dateTime.format(clock(value)),
    date: (value, today) => {
      const isThisYear = clock(value).getUTCFullYear() === clock(today).getUTCFullYear();
      return (isThisYear ? sameYear : otherYear).format(clock(value));
    },
    utc: (value) => value.toISOString().replace("T", " ").replace("Z", " UTC"),
  };
}

/** The part of a language's format that needs no calendar: all that a page writes itself, since calendars take a browser long to make. */
export function numbersFor(language: string): Pick<Format, "count" | "duration" | "size"> {
  const locale = Intl.NumberFormat.supportedLocalesOf([language])[0] ?? "en";
  const number = new Intl.NumberFormat(locale);
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    count: (value) => number.format(value),
    duration: (ms) => {
      if (ms < 10_000) return `${number.format(Math.round(ms))} ms`;
      if (ms < 60_000) return `${decimal.format(ms / 1000)} s`;
      const seconds = Math.round(ms / 1000);
      return `${number.format(Math.floor(seconds / 60))} min ${seconds % 60} s`;
    },
    size: (bytes) => {
      if (bytes < 1024) return `${number.format(bytes)} B`;
      const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
      return `${decimal.format(value)} ${unit}`;
    },
  };
}

/** What was sent and came back together; undefined when either is unknown. */
export function tokensTotal(log: Pick<Log, "tokensIn" | "tokensOut">): number | undefined {
  return log.tokensIn === undefined || log.tokensOut === undefined ? undefined : log.tokensIn + log.tokensOut;
}

/** How a call ended, as its icon and colour show it. */
export type Outcome = "success" | "error" | "cached" | "blocked";

/** A DLP block outweighs an error, an error a cache hit. */
export function outcomeOf(log: Pick<Log, "success" | "cached" | "dlpAction">): Outcome {
  if (log.dlpAction?.toLowerCase() === "block") return "blocked";
  if (!log.success) return "error";
  return log.cached ? "cached" : "success";
}

/**
 * Recorded text for one line of the editor's own widgets: control characters and those that change the direction of
 * what follows are shown as � instead of acting.
 */
export function oneLine(text: string, limit = 200): string {
  // Cut first: of a text of any length only what is shown is looked at.
  const shown = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return shown.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, "\ufffd");
}

/**
 * Recorded text for a quick pick, an input's prompt or message, the status bar or a CodeLens, which draw an icon for each `$(name)`: here
 * none is. What is plain already stays as it is.
 */
export function plain(text: string, limit?: number): string {
  return oneLine(text, limit).replace(/(?<!\\)\$\((?=[A-Za-z0-9~-]+\))/g, "\\$(");
}

/** "@cf/meta/llama-3.1-8b-instruct" → "llama-3.1-8b-instruct", "claude-sonnet-4-5-20250929" → "claude-sonnet-4-5": rows are narrow. */
export function shortModel(log: Pick<Log, "model" | "provider">): string {
  const name = log.model?.split("/").findLast(Boolean) ?? log.provider;
  return name.replace(/-(20\d{6}|20\d\d-\d\d-\d\d)$/, "");
}

/**
 * What tells one path from another in a narrow row: "/v1/messages?beta=true" → "messages",
 * "openai/deployments/gpt-4o/chat/completions" → "chat", "v1beta/models/gemini-2.5-flash:generateContent" → "generate".
 */
export function shortPath(log: Pick<Log, "model" | "path">): string {
  const parts = log.path
    .replace(/[?#].*$/s, "")
    .split(/[/:]/)
    .filter(Boolean);
  const named = new Set(log.model?.split("/"));
  const words = parts.filter((part) => !/^v\d/.test(part) && !named.has(part));
  const last = words.at(-1) ?? "";
  if (last === "completions" && words.at(-2) === "chat") return "chat";
  return /^(stream)?generateContent$/i.test(last) ? "generate" : last;
}
