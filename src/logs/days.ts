import type { TimeRange } from "../source/query.ts";

/** A calendar day, as `2026-11-20`. Days sort as text. */
export type Day = string;

/** Time zone for days: the process's current zone, or UTC. */
export type Zone = "local" | "utc";

/** The days of a zone. */
export type Calendar = {
  readonly zone: Zone;
  /** Returns the day that contains `time`. */
  dayOf(time: Date): Day;
  /**
   * Returns a day's range, from its first instant to the next day's: 24 hours, or as many as clock changes leave (none
   * for a skipped day).
   */
  rangeOf(day: Day): TimeRange;
  /** Returns the last existing day before it. */
  dayBefore(day: Day): Day;
};

/** Returns a zone's clock at `time`, as UTC fields of a Date. */
export function clockOf(time: Date, zone: Zone): Date {
  if (zone === "utc") return time;
  const [year, month, date] = [time.getFullYear(), time.getMonth(), time.getDate()];
  return new Date(
    Date.UTC(year, month, date, time.getHours(), time.getMinutes(), time.getSeconds(), time.getMilliseconds()),
  );
}

/** Returns the first instant of the day `later` days on. */
function startOf(day: Day, zone: Zone, later = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const fields = [year, month - 1, date + later] as const;
  // If clocks skip midnight, it's the first instant after it; if midnight occurs twice, the first.
  return zone === "utc" ? new Date(Date.UTC(...fields)) : new Date(...fields);
}

/** Returns a zone's calendar; a function is called each time, so that a setting takes effect. */
export function calendarFor(zone: Zone | (() => Zone)): Calendar {
  const current = typeof zone === "function" ? zone : () => zone;
  const dayOf = (time: Date): Day => clockOf(time, current()).toISOString().slice(0, 10);
  return {
    get zone() {
      return current();
    },
    dayOf,
    rangeOf: (day) => ({ start: startOf(day, current()), end: startOf(day, current(), 1) }),
    dayBefore: (day) => dayOf(new Date(startOf(day, current()).getTime() - 1)),
  };
}
