import { instantOf } from "../source/conditions.ts";
import type { Calendar, Day } from "./days.ts";

/**
 * Parses a day: 2026-11-19, today, yesterday, 3d or 2w (days or weeks back), or the day of a time with its zone.
 * Returns undefined for anything else, including invalid and future days.
 */
export function dayNamed(text: string, now: Date, calendar: Calendar): Day | undefined {
  const word = text.trim().toLowerCase();
  const [, amount, unit] = /^(\d{1,3})([dw])$/.exec(word) ?? [];
  if (word === "today") return daysBack(0, now, calendar);
  if (word === "yesterday") return daysBack(1, now, calendar);
  if (amount !== undefined) return daysBack(Number(amount) * (unit === "w" ? 7 : 1), now, calendar);
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return calendar.dayOf(calendar.rangeOf(word).start) === word ? word : undefined;
  const instant = instantOf(word.toUpperCase());
  return instant === undefined ? undefined : calendar.dayOf(new Date(instant));
}

/** Calendar days, which don't always have 24 hours. */
function daysBack(count: number, now: Date, calendar: Calendar): Day {
  let day = calendar.dayOf(now);
  for (let back = 0; back < count; back++) day = calendar.dayBefore(day);
  return day;
}
