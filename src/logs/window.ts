import type { Condition } from "../cloudflare/filter/conditions.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";

const at = (operator: "gt" | "lt", time: number): Condition => ({
  key: "created_at",
  operator,
  value: [new Date(time).toISOString()],
});

/**
 * The conditions for a range that starts and ends on whole seconds, which is what the API compares (API notes: Filters): there is no "at
 * least", so one second earlier. A side that is left out is open.
 */
export function within({ start, end }: Partial<TimeRange>): Condition[] {
  return [...(start ? [at("gt", start.getTime() - 1000)] : []), ...(end ? [at("lt", end.getTime())] : [])];
}

/** Whether a time lies in a range: the API also gives rows of the second before it. */
export function isWithin({ start, end }: Partial<TimeRange>, time: Date): boolean {
  return (start === undefined || time >= start) && (end === undefined || time < end);
}

/**
 * The whole second after `now`, or after the newest log known: where this machine's clock is behind the server's, it must not fall
 * out of what is before that second.
 */
export function nextSecond(now: Date, logs: readonly Log[]): Date {
  const known = logs.reduce((latest, { createdAt }) => Math.max(latest, createdAt.getTime()), now.getTime());
  return new Date((Math.floor(known / 1000) + 1) * 1000);
}
