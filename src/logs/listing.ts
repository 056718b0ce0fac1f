import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Condition } from "../cloudflare/filter/conditions.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { LogPage } from "../cloudflare/logs.ts";
import { joins, pageFrom } from "../cloudflare/pages.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { TimeRange } from "./days.ts";
import { ORDERS, type OrderName } from "./order.ts";
import { isWithin, nextSecond, within } from "./window.ts";

/** Limit on consecutive pages without a visible row per read. */
const EMPTY_PAGES = 10;

/** Sort keys in the published schema (API notes: Listing logs); the API may reject others. */
const SURELY_SORTED: ReadonlySet<string> = new Set(["created_at", "model"]);

/** A query of a gateway's logs: filter, order, page size. */
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
 * A list of a gateway's logs, read page by page while logs are added and deleted. It ends at the time of its first
 * page, so that new logs shift nothing. Each page begins with the last known row: if that's gone, earlier rows were
 * deleted and later ones moved up, so earlier pages are reread until one contains a known row. So no log is listed
 * twice, and none is missing.
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
  /**
   * Rows that the total counts but the list excludes: of the preceding second, or matched by one tag's key and
   * another's value.
   */
  #others = 0;

  /** `start`: known first rows, and the time at which they were read. */
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

  /** Of the whole list; undefined before the first page. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Whether rows may remain. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Number of unreadable rows. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Upper time limit: later logs aren't in the list. Undefined before the first page. */
  get end(): Date | undefined {
    return this.#end;
  }

  /** Whether the API sorts by the requested order; otherwise newest first. */
  get isSorted(): boolean {
    return ORDERS[this.#query.order].sortedByApi && this.#orderBy === ORDERS[this.#query.order].orderBy;
  }

  /** Reads the next page: one call, unless rows were deleted before it or it has no visible row. Returns its rows. */
  async more(signal?: AbortSignal): Promise<readonly Log[]> {
    let added: readonly Log[] = [];
    for (let pages = 0; this.#hasMore && added.length === 0 && pages < EMPTY_PAGES; pages++) {
      added = await this.#readOn(signal);
    }
    return added;
  }

  /** Removes deleted logs from the list, whether or not they were read. */
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
    // The total may lag behind a deletion (API notes: Paging): a page that isn't full is the end regardless.
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
