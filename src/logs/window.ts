import type { Condition } from "../cloudflare/filter/conditions.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";

const at = (operator: "gt" | "lt", time: number): Condition => ({
  key: "created_at",
  operator,
  value: [new Date(time).toISOString()],
});

/**
 * Returns the conditions for a range of whole seconds, the API's resolution (API notes: Filters). It has no "at least",
 * so the lower bound is one second earlier. A missing side is open.
 */
export function within({ start, end }: Partial<TimeRange>): Condition[] {
  return [...(start ? [at("gt", start.getTime() - 1000)] : []), ...(end ? [at("lt", end.getTime())] : [])];
}

/** Whether a time is in a range: the API also returns rows of the second before it. */
export function isWithin({ start, end }: Partial<TimeRange>, time: Date): boolean {
  return (start === undefined || time >= start) && (end === undefined || time < end);
}

/**
 * Returns the second after `now`, or after the newest known log: if this machine's clock is behind, that log must still
 * be before it.
 */
export function nextSecond(now: Date, logs: readonly Log[]): Date {
  const known = logs.reduce((latest, { createdAt }) => Math.max(latest, createdAt.getTime()), now.getTime());
  return new Date((Math.floor(known / 1000) + 1) * 1000);
}
