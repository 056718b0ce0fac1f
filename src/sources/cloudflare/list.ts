import { Cursors, type Cursor } from "../../source/cursor.ts";
import { SourceError } from "../../source/errors.ts";
import type { Log } from "../../source/log.ts";
import { isWithin, nextSecond, within, type OrderName, type Page, type Query } from "../../source/query.ts";
import type { LogPage, LogQuery } from "./logs.ts";
import { joins, pageFrom, PER_PAGE } from "./pages.ts";

type Order = Required<Pick<LogQuery, "orderBy" | "direction">>;

const NEWEST: Order = { orderBy: "createdAt", direction: "desc" };

/**
 * How to request each order. The published schema names the time and the model; Cloudflare's own tools also send cost
 * and duration (API notes: Listing logs). No source names the sum of tokens.
 */
const ORDERS: Readonly<{ [O in OrderName]?: Order }> = {
  newest: NEWEST,
  oldest: { orderBy: "createdAt", direction: "asc" },
  cost: { orderBy: "cost", direction: "desc" },
  duration: { orderBy: "duration", direction: "desc" },
  model: { orderBy: "model", direction: "asc" },
};

/** The orders that the API may be asked for. */
export const SORTED: ReadonlySet<OrderName> = new Set(Object.keys(ORDERS) as OrderName[]);

/** Sort keys in the published schema (API notes: Listing logs); the API may reject others. */
const SURELY_SORTED: ReadonlySet<string> = new Set(["createdAt", "model"]);

/** Returns an order's parameters; newest first for one that the API doesn't know. */
export const orderOf = (order: OrderName = "newest"): Order => ORDERS[order] ?? NEWEST;

/** The page of at most `size` rows that ends at `end` or later and begins as early as it can. */
function pageBefore(end: number, size: number): { page: number; perPage: number } {
  for (let offset = Math.max(0, end - size); offset < end; offset++) {
    const found = pageFrom(offset, size);
    if (found.page * found.perPage >= end) return found;
  }
  return { page: 1, perPage: size };
}

/** A list's position. `known`: IDs of all rows before it; only grows, when a page was taken. */
type Place = {
  /** Upper time limit of the list. */
  end: Date | undefined;
  /** Undefined before the first page. */
  order: Order | undefined;
  /** Number of rows before it, as the API counts them. */
  seen: number;
  /** Number of rows before it that the list has, readable or not. */
  listed: number;
  /**
   * Number of rows that the total counts but the list excludes: of the preceding second, or matched by one tag's key and
   * another's value.
   */
  others: number;
  known: Set<string>;
};

/** A list's position once it was read. */
type Ordered = Place & { order: Order };

const CURSORS = new Cursors<Place>();

/** Reads a page of the API; bound to a client and a gateway. */
type ListLogs = (query: LogQuery) => Promise<LogPage>;

type Read = LogPage & { start: number };

const firstPlace = (rows: readonly Log[], end: Date | undefined): Place => ({
  end,
  order: undefined,
  seen: rows.length,
  listed: rows.length,
  others: 0,
  known: new Set(rows.map(({ id }) => id)),
});

/** Returns the position after rows that another list gave. */
export const behind = (rows: readonly Log[], end: Date | undefined): Cursor => CURSORS.to(firstPlace(rows, end));

/** Returns the position after `count` of the rows before it were deleted. */
export function without(cursor: Cursor, count: number): Cursor {
  const place = CURSORS.placeOf(cursor);
  return CURSORS.to({ ...place, seen: place.seen - count, listed: place.listed - count });
}

/**
 * Reads a page of a list while logs are added and deleted. The list ends at the time of its first page, so that new
 * logs shift nothing. Each page begins with the last known row: if that's gone, earlier rows were deleted and later
 * ones moved up, so earlier pages are reread until one contains a known row. So no log is listed twice, and none is
 * missing. One call, unless rows were deleted before it.
 */
export async function listPage(
  list: ListLogs,
  query: Query,
  after: Cursor | undefined,
  now: () => Date,
): Promise<Page> {
  const size = query.size ?? PER_PAGE;
  const start = after ? CURSORS.placeOf(after) : firstPlace([], undefined);
  const place = { ...start, order: start.order ?? orderOf(query.order) };
  const read = async (at: { page: number; perPage: number }): Promise<Read> => {
    try {
      return { ...(await readAt(list, query, place, at, now)), start: (at.page - 1) * at.perPage };
    } catch (error) {
      const isRefused = error instanceof SourceError && error.reason === "rejected";
      if (!isRefused || SURELY_SORTED.has(place.order.orderBy)) throw error;
      place.order = NEWEST;
      return read(at);
    }
  };
  // A page of one row can't go on behind a known one, so `pageFrom` makes it larger.
  const pages = [await read(place.seen === 0 ? { page: 1, perPage: size } : pageFrom(place.seen - 1, size))];
  const known = { rows: place.seen, has: (id: string) => place.known.has(id) };
  for (let [first] = pages; first && !joins(first, known); [first] = pages) {
    pages.unshift(await read(pageBefore(first.start, size)));
  }
  return taken(pages, query, place);
}

async function readAt(
  list: ListLogs,
  { conditions = [], search, range }: Query,
  place: Ordered,
  at: { page: number; perPage: number },
  now: () => Date,
): Promise<LogPage> {
  const asked = now();
  const end = range?.end && place.end ? new Date(Math.min(range.end.getTime(), place.end.getTime())) : place.end;
  const filters = [...conditions, ...within({ ...range, ...(end ? { end } : {}) })];
  const read = await list({
    ...at,
    ...place.order,
    ...(filters.length > 0 ? { filters } : {}),
    ...(search ? { search } : {}),
  });
  place.end ??= nextSecond(asked, read.logs);
  return read;
}

/** Takes what is new of pages that follow each other. */
function taken(pages: readonly Read[], query: Query, place: Ordered): Page {
  const added: Log[] = [];
  let malformed = 0;
  let seen = 0;
  for (const { start, ids, logs } of pages) {
    const byId = new Map(logs.map((log) => [log.id, log]));
    ids.forEach((id, index) => {
      const log = id === undefined ? undefined : byId.get(id);
      if (id === undefined) malformed += start + index >= place.seen ? 1 : 0;
      else if (place.known.has(id)) return;
      else if (!log || !isWithin(query.range ?? {}, log.createdAt)) place.others++;
      else added.push(log);
      if (id !== undefined) place.known.add(id);
    });
    if (ids.length > 0) seen = start + ids.length;
  }
  const listed = place.listed + added.length + malformed;
  const last = pages.at(-1);
  // The total may lag behind a deletion (API notes: Paging): a page that isn't full is the end regardless.
  const hasMore = last !== undefined && last.rows === last.perPage && seen < last.total;
  return {
    logs: added,
    malformed,
    rows: pages.reduce((sum, { rows }) => sum + rows, 0),
    total: hasMore ? Math.max(0, last.total - place.others) : listed,
    ...(hasMore ? { next: CURSORS.to({ ...place, seen, listed }) } : {}),
    isSorted: place.order === orderOf(query.order) && (query.order === undefined || SORTED.has(query.order)),
    end: place.end,
  };
}
