import type { Log } from "../source/log.ts";
import { calendarFor, clockOf, type Calendar, type Zone } from "./days.ts";

/** Formats numbers and times in the user's language and the calendar's zone. */
export type Format = {
  readonly calendar: Calendar;
  count(value: number): string;
  /** `$0.018210`: six decimals, because single calls cost that little. */
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
 * Returns the format for a language in VS Code's notation ("en", "pt-br", …) and a zone; a function is called each
 * time, so that a setting takes effect.
 */
export function formatFor(language: string, zone: Zone | (() => Zone) = "local"): Format {
  const locale = Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? "en";
  const calendar = calendarFor(zone);
  const clock = (time: Date): Date => clockOf(time, calendar.zone);
  // An Intl format keeps the zone of its creation; the clock's fields follow the current one.
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

/**
 * Returns the part of a language's format that needs no calendar, which is all that a page needs: browsers are slow to
 * create calendars.
 */
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

/** Returns the total tokens; undefined if either count is unknown. */
export function tokensTotal(log: Pick<Log, "tokensIn" | "tokensOut">): number | undefined {
  return log.tokensIn === undefined || log.tokensOut === undefined ? undefined : log.tokensIn + log.tokensOut;
}

/** A call's outcome, or what a guardrail did ("checked": neither blocked nor masked), for its icon and color. */
export type Outcome = "success" | "error" | "cached" | "blocked" | "stopped" | "masked" | "checked";

/** A DLP block takes precedence over an error, an error over a cache hit. */
export function outcomeOf(log: Pick<Log, "success" | "cached" | "dlpAction" | "check">): Outcome {
  if (log.check) return log.check.action === "blocked" ? "stopped" : (log.check.action ?? "checked");
  if (log.dlpAction?.toLowerCase() === "block") return "blocked";
  if (!log.success) return "error";
  return log.cached ? "cached" : "success";
}

/**
 * Returns recorded text for one line of VS Code's UI: control and bidirectional characters become � instead of acting.
 */
export function oneLine(text: string, limit = 200): string {
  // Cut first, so that long texts cost no more than what is shown.
  const shown = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return shown.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, "\ufffd");
}

/**
 * Returns recorded text for UI that renders `$(name)` as an icon (quick picks, input prompts and messages, the status
 * bar, CodeLens), with icons disabled. Plain text stays as it is.
 */
export function plain(text: string, limit?: number): string {
  return oneLine(text, limit).replace(/(?<!\\)\$\((?=[A-Za-z0-9~-]+\))/g, "\\$(");
}

/** A check's name, or the model's: "@cf/meta/llama-3.1-8b-instruct" → "llama-3.1-8b-instruct", "claude-sonnet-4-5-20250929" → "claude-sonnet-4-5": rows are narrow. */
export function shortModel(log: Pick<Log, "model" | "provider" | "check">): string {
  if (log.check) return log.check.name;
  const name = log.model?.split("/").findLast(Boolean) ?? log.provider;
  return name.replace(/-(20\d{6}|20\d\d-\d\d-\d\d)$/, "");
}

/**
 * Shortens a path to what distinguishes it in a narrow row: "/v1/messages?beta=true" → "messages",
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
