import type { Condition } from "../cloudflare/filter.ts";
import type { TimeRange } from "./days.ts";

/** The conditions for a time before `end`. The API compares whole seconds (facts 1.1), so `end` is meant to be one. */
export function before(end: Date): Condition[] {
  return [{ key: "created_at", operator: "lt", value: [end.toISOString()] }];
}

/** The conditions for a range that starts and ends on whole seconds: there is no "at least", so one second earlier. */
export function within({ start, end }: TimeRange): Condition[] {
  const secondBefore = new Date(start.getTime() - 1000);
  return [{ key: "created_at", operator: "gt", value: [secondBefore.toISOString()] }, ...before(end)];
}

/**
 * Freezes a range at `now`, so that page numbers stay true while new logs arrive. `newest` is the newest log known:
 * where this machine's clock is behind the server's, it must not fall out.
 */
export function freeze({ start, end }: TimeRange, now: Date, newest: Date | undefined): TimeRange {
  const known = Math.max(now.getTime(), newest?.getTime() ?? 0);
  const nextSecond = (Math.floor(known / 1000) + 1) * 1000;
  return { start, end: new Date(Math.min(end.getTime(), nextSecond)) };
}
