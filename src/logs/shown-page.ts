import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";
import { isWithin, within } from "./window.ts";

/** Limit on consecutive pages without a visible row per read. */
const EMPTY_PAGES = 10;

/** A page with its visible rows. `seen`: number of rows up to its end; `total`: all that match. */
export type ShownPage = { logs: readonly Log[]; seen: number; malformed: number; total: number; hasMore: boolean };

/** A time range, after `skip` of its rows (whole pages). */
export type ShownQuery = { range: Partial<TimeRange>; skip: number; pageSize: number; direction: "asc" | "desc" };

/**
 * Reads the first page of a range with a visible row: an empty page has no time to continue from, but the next one may.
 * `list`: reads a page of matching logs, with additional conditions and an order.
 */
export async function readShownPage(
  list: (query: LogQuery) => Promise<LogPage>,
  { range, skip, pageSize, direction }: ShownQuery,
): Promise<ShownPage> {
  let seen = skip;
  let malformed = 0;
  let page: LogPage;
  let logs: readonly Log[];
  do {
    page = await list({ filters: within(range), page: seen / pageSize + 1, direction });
    seen += page.rows;
    malformed += page.malformed;
    logs = page.logs.filter(({ createdAt }) => isWithin(range, createdAt));
  } while (logs.length === 0 && page.rows === pageSize && seen < skip + EMPTY_PAGES * pageSize);
  // A page that isn't full is the end, even if the total lags behind a deletion (API notes: Paging).
  const hasMore = page.rows === pageSize && page.total > seen;
  return { logs, seen, malformed, total: page.total - page.unmeant, hasMore };
}
