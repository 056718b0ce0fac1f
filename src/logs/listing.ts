import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Condition } from "../cloudflare/filter/conditions.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { LogPage } from "../cloudflare/logs.ts";
import { joins, pageFrom } from "../cloudflare/pages.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";
import { ORDERS, type OrderName } from "./order.ts";
import { isWithin, nextSecond, within } from "./window.ts";

/** Pages in a row with nothing to show that are read in one go. */
const EMPTY_PAGES = 10;

/** What the published schema lets the API sort by, of what is asked for here (API notes: Listing logs): anything else it may refuse. */
const SURELY_SORTED: ReadonlySet<string> = new Set(["created_at", "model"]);

/** Which logs of a gateway, in which order, so many a page. */
export type ListingQuery = {
  conditions: readonly Condition[];
  search: string;
  range?: Partial<TimeRange>;
  order: OrderName;
  /** 1 to 50 (API notes: Paging). */
  pageSize: number;
};

/** The page of at most `size` rows that ends at `end` or later and begins as early as it can. */
function pageBefore(end: number, size: number): { page: number; perPage: number } {
  for (let offset = Math.max(0, end - size); offset < end; offset++) {
    const found = pageFrom(offset, size);
    if (found.page * found.perPage >= end) return found;
  }
  return { page: 1, perPage: size };
}

/**
 * A list of a gateway's logs, read page by page while logs come and go. It ends at the time of its first page, so that new logs
 * shift nothing; and each page begins with the last row known: if that is gone, rows before it were deleted, others took
 * their places, and the pages before are read again until one is known. So no log is listed twice, and none is missing.
 */
export class Listing {
  readonly #client: Pick<CloudflareClient, "listLogs">;
  readonly #gateway: GatewayRef;
  readonly #query: ListingQuery;
  readonly #now: () => Date;
  #logs: Log[];
  readonly #known: Set<string>;
  #end: Date | undefined;
  #orderBy: string;
  #seen: number;
  #total: number | undefined;
  #hasMore = true;
  #malformed = 0;
  /** Rows that its total counts and that do not belong to the list: of the second before it, or found by a tag's key and another's value. */
  #others = 0;

  /** `start`: the first rows of the list, where they are known, and the time at which they were read. */
  constructor(
    client: Pick<CloudflareClient, "listLogs">,
    gateway: GatewayRef,
    query: ListingQuery,
    now: () => Date,
    start: { logs: readonly Log[]; end?: Date | undefined } = { logs: [] },
  ) {
    this.#client = client;
    this.#gateway = gateway;
    this.#query = query;
    this.#now = now;
    this.#orderBy = ORDERS[query.order].orderBy;
    this.#logs = [...start.logs];
    this.#known = new Set(start.logs.map(({ id }) => id));
    this.#seen = start.logs.length;
    this.#end = start.end;
  }

  /** The rows read so far, in the API's order. */
  get logs(): readonly Log[] {
    return this.#logs;
  }

  /** Of the whole list; undefined until a page was read. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Whether there may be rows after those read. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Rows that could not be read. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Where the list ends in time: later logs are not in it. Undefined until a page was read. */
  get end(): Date | undefined {
    return this.#end;
  }

  /** Whether the API sorts as was asked; else it gives the newest first. */
  get isSorted(): boolean {
    return ORDERS[this.#query.order].sortedByApi && this.#orderBy === ORDERS[this.#query.order].orderBy;
  }

  /** Reads the next page: one call, unless rows were deleted before it or it has no row to show. Returns the rows that it brought. */
  async more(signal?: AbortSignal): Promise<readonly Log[]> {
    let added: readonly Log[] = [];
    for (let pages = 0; this.#hasMore && added.length === 0 && pages < EMPTY_PAGES; pages++) {
      added = await this.#readOn(signal);
    }
    return added;
  }

  /** Takes logs of the list that were deleted out of it, whether they were read or not. */
  drop(logs: readonly Log[]): void {
    const ids = new Set(logs.map(({ id }) => id));
    const kept = this.#logs.filter(({ id }) => !ids.has(id));
    this.#seen -= this.#logs.length - kept.length;
    this.#logs = kept;
    if (this.#total === undefined) return;
    const read = kept.length + this.#malformed;
    this.#total = Math.max(read, this.#total - logs.length);
    this.#hasMore &&= this.#total > read;
  }

  async #readOn(signal: AbortSignal | undefined): Promise<readonly Log[]> {
    const { pageSize } = this.#query;
    const pages = [await this.#read(pageFrom(Math.max(0, this.#seen - 1), pageSize), signal)];
    const known = { rows: this.#seen, has: (id: string) => this.#known.has(id) };
    for (let [first] = pages; first && !joins(first, known); [first] = pages) {
      pages.unshift(await this.#read(pageBefore(first.start, pageSize), signal));
    }
    const { seen, added } = this.#take(pages);
    const last = pages.at(-1);
    if (!last) return added;
    this.#seen = seen;
    // The total may lag behind a delete (API notes: Paging): a page that is not full is the end, whatever it says.
    this.#hasMore = last.rows === last.perPage && seen < last.total;
    this.#total = this.#hasMore ? Math.max(0, last.total - this.#others) : this.#logs.length + this.#malformed;
    return added;
  }

  /** Takes what is new of pages that follow each other; `seen` is the row after the last one of them. */
  #take(pages: readonly (LogPage & { start: number })[]): { seen: number; added: Log[] } {
    const added: Log[] = [];
    let seen = 0;
    for (const { start, ids, logs } of pages) {
      const byId = new Map(logs.map((log) => [log.id, log]));
      ids.forEach((id, index) => {
        const isNew = start + index >= this.#seen;
        const log = id === undefined ? undefined : byId.get(id);
        if (id === undefined) this.#malformed += isNew ? 1 : 0;
        else if (this.#known.has(id)) return;
        else if (!log || !isWithin(this.#query.range ?? {}, log.createdAt)) this.#others++;
        else added.push(log);
        if (id !== undefined) this.#known.add(id);
      });
      if (ids.length > 0) seen = start + ids.length;
    }
    this.#logs.push(...added);
    return { seen, added };
  }

  async #read(
    { page, perPage }: { page: number; perPage: number },
    signal: AbortSignal | undefined,
  ): Promise<LogPage & { start: number }> {
    const { conditions, search, range, order } = this.#query;
    const asked = this.#now();
    const end = range?.end && this.#end ? new Date(Math.min(range.end.getTime(), this.#end.getTime())) : this.#end;
    const times = within({ ...range, ...(end ? { end } : {}) });
    const filters = [...conditions, ...times];
    const query = {
      page,
      perPage,
      orderBy: this.#orderBy,
      direction: this.#orderBy === ORDERS[order].orderBy ? ORDERS[order].direction : ("desc" as const),
      ...(filters.length > 0 ? { filters } : {}),
      ...(search ? { search } : {}),
    };
    try {
      const read = await this.#client.listLogs(this.#gateway, query, signal ? { signal } : {});
      this.#end ??= nextSecond(asked, read.logs);
      return { ...read, start: (page - 1) * perPage };
    } catch (error) {
      const isRefused = error instanceof CloudflareError && error.reason === "rejected";
      if (!isRefused || SURELY_SORTED.has(this.#orderBy)) throw error;
      this.#orderBy = "created_at";
      return this.#read({ page, perPage }, signal);
    }
  }
}
