import type { CloudflareClient } from "../cloudflare/client.ts";
import type { LogPage } from "../cloudflare/logs.ts";
import { PER_PAGE } from "../cloudflare/pages.ts";
import type { Filter } from "../cloudflare/filter/query-line.ts";
import { matchesRow } from "../cloudflare/filter/row-filter.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { pageFrom } from "../logs/listing.ts";
import { within } from "../logs/window.ts";

/** Pages that are read at once: as many calls as the budget lets the background make. */
const AT_ONCE = 5;

/** Where a walk has come to: the last second that a log was given of (in ms), and the logs of that second that were given. */
export type Reached = { second: number; ids: string[] };

const secondOf = (log: Log): number => Math.floor(log.createdAt.getTime() / 1000) * 1000;

/** Where one has come to with one log more: the same place, moved on, while that is of the same second. */
export function reachedWith(reached: Reached | undefined, log: Log): Reached {
  const second = secondOf(log);
  if (reached?.second !== second) return { second, ids: [log.id] };
  reached.ids.push(log.id);
  return reached;
}

type Page = LogPage & { start: number };

/** Pages whose ids are remembered: a page begins at most a page before the end of what is known, and pages have 25 rows at least. */
const REMEMBERED = 4;

/** What is known of the rows before a bound: their number, and the ids of those that may be read again. */
class Known {
  /** Rows are counted from here: those before this time. */
  bound: Date;
  rows = 0;
  readonly #pages: Set<string>[] = [];
  /** The last second that a log was given of, and the rows from its first one on. */
  #second: number | undefined;
  #inSecond: Set<string>;

  constructor(bound: Date, reached: Reached | undefined) {
    this.bound = reached ? new Date(reached.second + 1000) : bound;
    this.#inSecond = new Set(reached?.ids);
    this.#second = reached?.second;
  }

  #has(id: string): boolean {
    return this.#inSecond.has(id) || this.#pages.some((ids) => ids.has(id));
  }

  /** Whether a page joins what is known: no row between them can have been missed. */
  joins({ start, ids }: Page): boolean {
    if (start === 0 || ids.some((id) => id !== undefined && this.#has(id))) return true;
    // Rows whose ids cannot be read cannot tell.
    return start < this.rows && ids.length > 0 && ids.slice(0, this.rows - start).every((id) => id === undefined);
  }

  /** The logs of a page that are new, and how many new rows cannot be read. */
  take({ start, ids, logs }: Page): { fresh: Log[]; unreadable: number } {
    const fresh = logs.filter(({ id }) => !this.#has(id));
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
    if (this.#pages.length > REMEMBERED) this.#pages.shift();
    this.rows = Math.max(this.rows, start + ids.length);
    return { fresh, unreadable };
  }

  /**
   * Counts from the end of the second of the last log where that spares reading much; with `again`, from there in any case, since rows before
   * have gone. Gives how many known rows are read again.
   */
  moveOn(again: boolean): number {
    const end = this.#second === undefined ? this.bound : new Date(this.#second + 1000);
    const isLater = end < this.bound && (again || this.#inSecond.size < this.rows / 2);
    if (isLater) this.bound = end;
    if (!isLater && !again) return this.rows;
    this.rows = 0;
    return this.#inSecond.size;
  }
}

/** Logs that were read; undefined stands for one that has no id or time, or is gone. `left`: how many rows there are from these logs on. */
export type Batch = { logs: readonly (Log | undefined)[]; left: number };

/**
 * The logs of a gateway that fit and are older than `bound`, newest first, each once, at constant memory, while logs come and go. Pages are
 * counted from a point in time that moves on, so that new logs and a far offset do not matter; and each page begins with a row of the
 * one before it: where that is gone, rows before it were deleted, others took their places, and they are read again.
 */
export async function* newestFirst(
  client: Pick<CloudflareClient, "listLogs">,
  { gateway, filter }: { gateway: GatewayRef; filter: Filter },
  bound: Date,
  reached: Reached | undefined,
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const { conditions, search, here } = filter;
  const known = new Known(bound, reached);

  const read = async (offset: number): Promise<Page> => {
    const { page, perPage } = pageFrom(offset, PER_PAGE);
    const filters = [...conditions, ...within({ end: known.bound })];
    const query = { filters, page, perPage, ...(search ? { search } : {}) };
    const given = await client.listLogs(gateway, query, { signal, priority: "background" });
    return { ...given, start: (page - 1) * perPage };
  };
  /** The pages from the last row known on, as many as there are rows. */
  const readOn = (rows: number): Promise<Page>[] => {
    const pages: Promise<Page>[] = [];
    for (
      let offset = Math.max(0, known.rows - 1);
      pages.length === 0 || (pages.length < AT_ONCE && offset + 1 < rows);
    ) {
      pages.push(read(offset));
      const { page, perPage } = pageFrom(offset, PER_PAGE);
      offset = page * perPage - 1;
    }
    // Each is waited for in its turn; until then its failure is nobody's.
    for (const page of pages) page.catch(() => undefined);
    return pages;
  };

  for (let coming = readOn(0); ;) {
    const given: Batch[] = [];
    let left = 0;
    let isEnd = false;
    let isShifted = false;
    for (const next of coming) {
      const page = await next;
      isShifted = !known.joins(page);
      if (isShifted) break;
      const { fresh, unreadable } = known.take(page);
      left = Math.max(0, page.total - known.rows);
      const logs = [
        ...fresh.filter((log) => matchesRow(log, here)),
        ...Array.from({ length: unreadable }, () => undefined),
      ];
      given.push({ logs, left: left + fresh.length });
      // The total may lag behind what came or went (API notes: Paging): the end is a page that is not full.
      isEnd = page.rows < page.perPage;
      if (isEnd) break;
    }
    if (!isEnd) {
      const again = known.moveOn(isShifted);
      coming = readOn(again + left);
    }
    yield* given;
    if (isEnd) return;
  }
}
