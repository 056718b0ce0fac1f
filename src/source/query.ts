import type { Cursor } from "./cursor.ts";
import type { Condition } from "./conditions.ts";
import type { Log } from "./log.ts";

/** Who waits for a call: calls for a user come before those in the background. */
export type Priority = "person" | "background";

export type CallOptions = {
  signal?: AbortSignal;
  priority?: Priority;
  /** Called with the time until which a background call waits for its budget. */
  onWait?: (until: Date) => void;
};

/** From `start` (inclusive) to `end` (exclusive). */
export type TimeRange = { start: Date; end: Date };

/** Sort orders. Logs sorted by time are grouped by day; the others are one list. */
export type OrderName = "newest" | "oldest" | "cost" | "duration" | "tokens" | "model";

/** All orders, as offered. */
export const ORDER_NAMES: readonly OrderName[] = ["newest", "oldest", "cost", "duration", "tokens", "model"];

/** What to list of a collection: all that matches, newest first, unless said otherwise. */
export type Query = {
  conditions?: readonly Condition[];
  /**
   * More conditions, for which whoever asks checks the rows: a source may leave out rows that don't match, and gives no
   * total then, unless it's that of the matching ones.
   */
  narrowing?: readonly Condition[];
  /** Free text; "" for none. */
  search?: string;
  /** A missing side is open. */
  range?: Partial<TimeRange>;
  order?: OrderName;
  /** Number of logs of a page, at most the source's `pageSize`. */
  size?: number;
};

/** Some rows of a list, in its order, none of which an earlier page of it had. */
export type Page = {
  /** With their bodies (`LogDetail`), if the source lists these. */
  logs: readonly Log[];
  /** Number of rows that couldn't be read. */
  malformed: number;
  /** Number of rows that the logs were found in; absent if all of them are the list's. */
  rows?: number;
  /** Of the whole list; undefined if the source doesn't tell. */
  total?: number | undefined;
  /** Where the list goes on; undefined at its end. */
  next?: Cursor | undefined;
  /** Whether the list has the requested order; otherwise newest first. */
  isSorted: boolean;
  /** The source looked at a part of the logs only, so that some are missing. */
  isSampled?: true;
  /** The list has no logs of this time or later, now and on further pages; undefined if it may. */
  end?: Date | undefined;
};

/**
 * Returns the second after `now`, or after the newest known log: if this machine's clock is behind, that log must still
 * be before it.
 */
export function nextSecond(now: Date, logs: readonly Log[]): Date {
  const known = logs.reduce((latest, { createdAt }) => Math.max(latest, createdAt.getTime()), now.getTime());
  return new Date((Math.floor(known / 1000) + 1) * 1000);
}

/** Whether a time is in a range. */
export function isWithin({ start, end }: Partial<TimeRange>, time: Date): boolean {
  return (start === undefined || time >= start) && (end === undefined || time < end);
}

const at = (operator: "gt" | "lt", time: number): Condition => ({
  key: "createdAt",
  operator,
  value: [new Date(time).toISOString()],
});

/**
 * Returns the conditions for a range of whole seconds, in which times are compared. No operator says "at least", so the
 * lower bound is one second earlier. A missing side is open.
 */
export function within({ start, end }: Partial<TimeRange>): Condition[] {
  return [...(start ? [at("gt", start.getTime() - 1000)] : []), ...(end ? [at("lt", end.getTime())] : [])];
}
