/** A calendar day, as `2026-11-20`. Days sort as text. */
export type Day = string;

/** From `start` (included) to `end` (excluded). */
export type TimeRange = { start: Date; end: Date };

/** Whose clock tells the day: that where the person is (the zone of the process, as it is when asked), or UTC. */
export type Zone = "local" | "utc";

/** The days of a zone. */
export type Calendar = {
  readonly zone: Zone;
  /** The day on which `time` lies. */
  dayOf(time: Date): Day;
  /** From its first instant to that of the next day: 24 hours, or as many as the clocks leave (none: a day that was left out). */
  rangeOf(day: Day): TimeRange;
  /** The last day before it that there was. */
  dayBefore(day: Day): Day;
};

/** What the clock of a zone shows at `time`, as the UTC fields of a Date. */
export function clockOf(time: Date, zone: Zone): Date {
  if (zone === "utc") return time;
  const [year, month, date] = [time.getFullYear(), time.getMonth(), time.getDate()];
  return new Date(
    Date.UTC(year, month, date, time.getHours(), time.getMinutes(), time.getSeconds(), time.getMilliseconds()),
  );
}

/** The first instant of a day, `later` days on. */
function startOf(day: Day, zone: Zone, later = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const fields = [year, month - 1, date + later] as const;
  // Of a midnight that the clocks skip this is the first instant after it, of one that comes twice the first.
  return zone === "utc" ? new Date(Date.UTC(...fields)) : new Date(...fields);
}

/** The calendar of a zone; a function is asked each time, so that a setting is followed. */
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
