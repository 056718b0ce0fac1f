import type { CallOptions, Caller } from "./http/call.ts";
import type { Condition } from "./filter/filter.ts";
import { listLogs, type LogPage, type LogQuery } from "./logs.ts";
import { PER_PAGE } from "./pages.ts";
import type { GatewayRef, Log } from "./schema.ts";

export type WalkOptions = CallOptions & {
  /** How many pages may be under way at once; 6 unless given. */
  ahead?: number;
  /** How many rows are wanted: pages beyond them are not asked for. */
  wanted?: number;
};

/** Pages that are counted from one point in time before a later one is taken: what lies before a page costs the server time. */
const REACH = 24;

/** Where pages are counted from: the logs before `bound` (a whole second), of which `skipped` logs of the walk are newer. */
type Anchor = { bound: Date | undefined; skipped: number };

const secondOf = (log: Log): number => Math.floor(log.createdAt.getTime() / 1000);

const before = ({ bound }: Anchor): Condition[] =>
  bound ? [{ key: "created_at", operator: "lt", value: [bound.toISOString()] }] : [];

type Coming = { reading: Promise<LogPage>; end: number };

/** The logs that were given out so far, as far as the next steps need to know. */
class Given {
  readonly #recent: Set<string>[] = [];
  readonly #remembered: number;
  count = 0;
  /** Up to which place of the result they reach, and how many of the last lie in the second of the last one. */
  end = 0;
  #second = Number.NaN;
  #inSecond = 0;

  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  /** Those of a page up to `end` that were not given out yet. */
  take({ logs, rows }: LogPage, end: number): Log[] {
    const fresh = logs.filter(({ id }) => !this.#recent.some((ids) => ids.has(id)));
    this.#recent.push(new Set(fresh.map(({ id }) => id)));
    if (this.#recent.length > this.#remembered) this.#recent.shift();
    for (const log of fresh) {
      this.#inSecond = secondOf(log) === this.#second ? this.#inSecond + 1 : 1;
      this.#second = secondOf(log);
    }
    this.count += fresh.length + rows - logs.length;
    this.end = end;
    return fresh;
  }

  /** A later point to count from: the end of the second of the last log. None where no time could be read. */
  anchor(): Anchor | undefined {
    if (Number.isNaN(this.#second)) return undefined;
    return { bound: new Date((this.#second + 1) * 1000), skipped: this.end - this.#inSecond };
  }
}

/**
 * All pages of a query in order, each log once, with some under way while the caller works on one. Memory does not grow with
 * the number of logs. Newest first, the pages are counted anew every now and then from a later point in time: neither new
 * logs nor a far offset get in the way. In another order, logs that come or go meanwhile may shift a page.
 */
export async function* walkLogs(
  caller: Caller,
  gateway: GatewayRef,
  query: LogQuery,
  options: WalkOptions = {},
): AsyncGenerator<LogPage, void, undefined> {
  const { ahead = 6, wanted = Number.POSITIVE_INFINITY, signal, ...rest } = options;
  const { perPage = PER_PAGE, filters = [], orderBy = "created_at", direction = "desc" } = query;
  const anchored = orderBy === "created_at" && direction === "desc";
  const stop = new AbortController();
  const given = new Given(ahead + 3);
  const coming: Coming[] = [];
  let anchor: Anchor = { bound: undefined, skipped: 0 };
  let asked = 0;
  let total = Number.POSITIVE_INFINITY;

  const isFar = () => anchored && asked - anchor.skipped >= REACH * perPage;
  // The point is only moved while nothing is under way: places counted from two points do not add up when logs come late.
  const mayAsk = () => asked < Math.min(total, wanted) && coming.length < (isFar() ? 1 : ahead);

  const ask = (): void => {
    const later = isFar() ? given.anchor() : undefined;
    // All of a long second has to be counted from its start.
    if (later && later.skipped > anchor.skipped) anchor = later;
    const page = Math.floor((asked - anchor.skipped) / perPage) + 1;
    asked = anchor.skipped + page * perPage;
    const of = { ...query, perPage, page, filters: [...filters, ...before(anchor)] };
    const abort = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const reading = listLogs(caller, gateway, of, { ...rest, signal: abort });
    // It is waited for in its turn; until then its failure is nobody's.
    reading.catch(() => undefined);
    coming.push({ reading, end: asked });
  };

  try {
    ask();
    for (let number = 1; ; number++) {
      const next = coming.shift();
      if (!next) return;
      const page = await next.reading;
      const logs = given.take(page, next.end);
      const full = page.rows === perPage;
      if (number === 1) {
        total = page.total;
        // From here on what is newer than the first log does not shift the pages.
        const [newest] = page.logs;
        // What is not shown of the first page may be newer still: counted as skipped, at worst some rows come twice.
        if (anchored && newest) {
          anchor = { bound: new Date((secondOf(newest) + 1) * 1000), skipped: page.rows - page.logs.length };
        }
      }
      // The total may lag behind what came or went (API notes: Paging): the end is a page that is not full.
      if (!full) total = Math.min(total, asked);
      while (mayAsk()) ask();
      if (full && coming.length === 0 && asked < wanted) ask();
      yield { ...page, logs, page: number, total: Number.isFinite(total) ? Math.max(total, given.count) : given.count };
    }
  } finally {
    stop.abort();
  }
}
