import type { Reached } from "../../source/walk.ts";
import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import type { Condition } from "../../source/conditions.ts";
import { listLogs, type LogPage, type LogQuery } from "./logs.ts";
import { joins, pageFrom, PER_PAGE } from "./pages.ts";
import type { CollectionRef, Log } from "../../source/log.ts";

export type WalkOptions = CallOptions & {
  /** Limit on concurrent pages; 6 by default. */
  ahead?: number;
  /** Number of rows wanted: pages beyond it aren't requested. */
  wanted?: number;
};

const AHEAD = 6;

const secondOf = (log: Log): number => Math.floor(log.createdAt.getTime() / 1000) * 1000;

/** A page and the place of its first row. */
type Page = LogPage & { start: number };

/** Pages besides those under way whose ids are remembered: a page begins at most a page before the end of what is known. */
const REMEMBERED = 3;

/** The rows before a bound that were read: their number, and the ids of those that may be read again. */
class Known {
  /** Rows are counted from here: those before this time. Undefined until it is known, or where rows are in another order. */
  bound: Date | undefined;
  rows = 0;
  readonly #remembered: number;
  readonly #pages: Set<string>[] = [];
  /** The last second that a log was given of, and the rows from its first one on. */
  #second: number | undefined;
  #inSecond: Set<string>;

  constructor({ bound, reached }: Start, remembered: number) {
    this.bound = reached ? new Date(reached.second + 1000) : bound;
    this.#inSecond = new Set(reached?.ids);
    this.#second = reached?.second;
    this.#remembered = remembered;
  }

  has(id: string): boolean {
    return this.#inSecond.has(id) || this.#pages.some((ids) => ids.has(id));
  }

  /** The logs of a page that are new, and how many new rows cannot be read. */
  take({ start, ids, logs }: Page): { fresh: Log[]; unreadable: number } {
    const fresh = logs.filter(({ id }) => !this.has(id));
    const unreadable = ids.filter((id, index) => id === undefined && start + index >= this.rows).length;
    const read = ids.filter((id) => id !== undefined);
    const last = fresh.at(-1);
    if (last && secondOf(last) !== this.#second) {
      this.#second = secondOf(last);
      const first = fresh.find((log) => secondOf(log) === this.#second);
      this.#inSecond = new Set(read.slice(first ? read.indexOf(first.id) : 0));
    } else {
      for (const id of read) this.#inSecond.add(id);
    }
    this.#pages.push(new Set(read));
    if (this.#pages.length > this.#remembered) this.#pages.shift();
    this.rows = Math.max(this.rows, start + ids.length);
    return { fresh, unreadable };
  }

  /**
   * Counts from the end of the second of the last log where that spares reading much; with `again`, from there in any case, since rows before
   * have gone. Gives how many known rows are read again.
   */
  moveOn(again: boolean): number {
    const end = this.#second === undefined ? this.bound : new Date(this.#second + 1000);
    const isLater =
      end !== undefined &&
      (this.bound === undefined || end < this.bound) &&
      (again || this.#inSecond.size < this.rows / 2);
    if (isLater) this.bound = end;
    if (!isLater && !again) return this.rows;
    this.rows = 0;
    return this.#inSecond.size;
  }
}

/** Where a walk begins, newest first: at logs before `bound`, behind those that were given already. All unless given. */
export type Start = { bound?: Date; reached?: Reached | undefined };

/** A page of a walk. `logs`: those that no page had before; `unreadable`: new rows that cannot be read; `left`: rows behind it. */
export type WalkedPage = LogPage & { unreadable: number; left: number };

/**
 * All pages of a query in order, each log once, some of them under way while the caller works on others. Memory does not grow with the
 * number of logs. Newest first, none is missed while logs come and go: pages are counted from a point in time that moves on, so
 * that new logs and a far offset do not matter; and each page begins with a row of the one before it. Where that is gone, rows before it
 * were deleted, others took their places, and they are read again. In another order, logs that come or go meanwhile may shift a page.
 * @param list reads a page of the gateway that is meant
 */
export async function* walkPages(
  list: (query: LogQuery, signal: AbortSignal) => Promise<LogPage>,
  query: LogQuery,
  {
    ahead = AHEAD,
    wanted = Number.POSITIVE_INFINITY,
    signal,
    ...start
  }: Pick<WalkOptions, "ahead" | "wanted" | "signal"> & Start = {},
): AsyncGenerator<WalkedPage, void, undefined> {
  const { perPage = PER_PAGE, filters = [], orderBy = "createdAt", direction = "desc" } = query;
  const isNewestFirst = orderBy === "createdAt" && direction === "desc";
  const stop = new AbortController();
  const abort = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const known = new Known(start, ahead + REMEMBERED);
  const overlap = isNewestFirst ? 1 : 0;
  const before = (): Condition[] =>
    isNewestFirst && known.bound ? [{ key: "createdAt", operator: "lt", value: [known.bound.toISOString()] }] : [];
  const placeOf = (offset: number) =>
    isNewestFirst ? pageFrom(offset, perPage) : { page: Math.floor(offset / perPage) + 1, perPage };

  const read = async (place: { page: number; perPage: number }): Promise<Page> => {
    const given = await list({ ...query, filters: [...filters, ...before()], ...place }, abort);
    return { ...given, start: (place.page - 1) * place.perPage };
  };
  /** The pages from the last row known on, as many as there are rows. */
  const readOn = (rows: number): Promise<Page>[] => {
    const pages: Promise<Page>[] = [];
    for (
      let offset = Math.max(0, known.rows - overlap);
      pages.length === 0 || (pages.length < ahead && offset + overlap < rows);
    ) {
      const place = placeOf(offset);
      pages.push(read(place));
      offset = place.page * place.perPage - overlap;
    }
    // Awaited in order below. Swallow the rejection until then, or Node reports it as unhandled.
    for (const page of pages) page.catch(() => undefined);
    return pages;
  };

  let count = 0;
  try {
    for (let coming = readOn(0); ;) {
      const given: WalkedPage[] = [];
      let left = 0;
      let isEnd = false;
      let isShifted = false;
      for (const next of coming) {
        const page = await next;
        isShifted = isNewestFirst && !joins(page, known);
        if (isShifted) break;
        const { fresh, unreadable } = known.take(page);
        // From here on what is newer than the first log does not shift the pages.
        if (isNewestFirst && page.logs[0]) known.bound ??= new Date(secondOf(page.logs[0]) + 1000);
        left = Math.max(0, page.total - known.rows);
        count += fresh.length + unreadable;
        given.push({ ...page, logs: fresh, unreadable, left });
        // The total may lag behind what came or went (API notes: Paging): the end is a page that is not full.
        isEnd = page.rows < page.perPage || count >= wanted;
        if (isEnd) break;
      }
      if (!isEnd) {
        const again = isNewestFirst ? known.moveOn(isShifted) : known.rows;
        coming = readOn(again + Math.min(left, wanted - count));
      }
      yield* given;
      if (isEnd) return;
    }
  } finally {
    stop.abort();
  }
}

/** All pages of a query of a gateway, as `walkPages` gives them: numbered from 1, `total` that of the first unless there were more. */
export async function* walkLogs(
  caller: Caller,
  gateway: CollectionRef,
  query: LogQuery,
  { ahead, wanted, signal, ...rest }: WalkOptions = {},
): AsyncGenerator<LogPage, void, undefined> {
  const list = (of: LogQuery, until: AbortSignal) => listLogs(caller, gateway, of, { ...rest, signal: until });
  const options = {
    ...(ahead === undefined ? {} : { ahead }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(signal ? { signal } : {}),
  };
  let [number, count, total] = [0, 0, 0];
  for await (const { left: _left, unreadable, ...page } of walkPages(list, query, options)) {
    count += page.logs.length + unreadable;
    if (number === 0) total = page.total;
    yield { ...page, page: ++number, total: Math.max(total, count) };
  }
}
