import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";
import { isWithin, within } from "./window.ts";

/** Pages in a row with nothing to show that are read in one go. */
const EMPTY_PAGES = 10;

/** A page with what can be shown of it. `seen`: the rows up to its end; `total`: of all that fit. */
export type ShownPage = { logs: readonly Log[]; seen: number; malformed: number; total: number; hasMore: boolean };

/** A range, after `skip` rows of it (whole pages). */
export type ShownQuery = { range: Partial<TimeRange>; skip: number; pageSize: number; direction: "asc" | "desc" };

/**
 * Reads the first page of a range that has a row to show: a page without one has no time to go on from,
 * but the next one may. `list` reads a page of the logs that fit, with these conditions and in this order added.
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
  // A page that is not full is the end, whatever a total says that lags behind a delete (API notes: Paging).
  const hasMore = page.rows === pageSize && page.total > seen;
  return { logs, seen, malformed, total: page.total - page.unmeant, hasMore };
}
