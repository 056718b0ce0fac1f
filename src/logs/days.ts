/** A calendar day in the person's zone, as `2026-11-20`. Days sort as text. */
export type Day = string;

/** From `start` (included) to `end` (excluded). */
export type TimeRange = { start: Date; end: Date };

const two = (value: number): string => String(value).padStart(2, "0");

/** The day on which `time` lies where the person is (the zone of the process). */
export function dayOf(time: Date): Day {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function parts(day: Day): [year: number, month: number, date: number] {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return [year, month - 1, date];
}

/** From local midnight to the next one: 23, 24 or 25 hours, as the clocks go. */
export function rangeOf(day: Day): TimeRange {
  const [year, month, date] = parts(day);
  return { start: new Date(year, month, date), end: new Date(year, month, date + 1) };
}

/** The day before. */
export function dayBefore(day: Day): Day {
  const [year, month, date] = parts(day);
  // Noon exists on every day, midnight does not.
  return dayOf(new Date(year, month, date - 1, 12));
}
