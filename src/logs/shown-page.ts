import type { Log } from "../source/log.ts";
import type { Cursor } from "../source/cursor.ts";
import type { OrderName, Page, TimeRange } from "../source/query.ts";

/** Limit on consecutive pages without a visible row per read. */
const EMPTY_PAGES = 10;

/** A page with its visible rows. `next`: where the list goes on; `total`: all that match. */
export type ShownPage = {
  logs: readonly Log[];
  malformed: number;
  total: number | undefined;
  next: Cursor | undefined;
  end: Date | undefined;
};

/** A time range, after `after` if some of its rows were read. */
export type ShownQuery = { range: Partial<TimeRange>; after: Cursor | undefined; order: OrderName };

/**
 * Reads the first page of a range with a visible row: an empty page has no time to continue from, but the next one may.
 * `list`: reads a page of matching logs.
 */
export async function readShownPage(
  list: (query: { range: Partial<TimeRange>; order: OrderName }, after: Cursor | undefined) => Promise<Page>,
  { range, after, order }: ShownQuery,
): Promise<ShownPage> {
  let malformed = 0;
  let cursor = after;
  for (let pages = 1; ; pages++) {
    const { logs, total, next, end, malformed: more } = await list({ range, order }, cursor);
    malformed += more;
    if (logs.length > 0 || next === undefined || pages === EMPTY_PAGES) return { logs, malformed, total, next, end };
    cursor = next;
  }
}
