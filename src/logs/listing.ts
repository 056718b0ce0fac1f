import type { CollectionRef, Log } from "../source/log.ts";
import type { CallOptions, Query } from "../source/query.ts";
import type { Cursor } from "../source/cursor.ts";
import type { LogSource } from "../source/source.ts";

/** Limit on consecutive pages without a visible row per read. */
const EMPTY_PAGES = 10;

/** Methods of a source for its lists. */
export type ListSource = Pick<LogSource, "lists" | "list" | "cursors">;

/** Rows that another list gave, which has none of `end` or later. */
export type Start = { logs: readonly Log[]; end?: Date | undefined };

/** A list of a collection's logs, read page by page: each log once. */
export class Listing {
  readonly #source: ListSource;
  readonly #of: CollectionRef;
  readonly #query: Query;
  /** Whether the source sorts by the requested order. */
  readonly #canSort: boolean;
  #logs: Log[] = [];
  #next: Cursor | undefined;
  #isOpen = false;
  #total: number | undefined;
  #malformed = 0;
  #end: Date | undefined;
  #isSorted: boolean;
  /** The last read; never rejects. */
  #reading: Promise<unknown> = Promise.resolve();

  /** `start`: the first rows, if known. */
  constructor(source: ListSource, of: CollectionRef, query: Query, start?: Start) {
    const { order = "newest" } = query;
    this.#source = source;
    this.#of = of;
    this.#canSort = source.lists.orders.has(order);
    this.#isSorted = this.#canSort;
    this.#query = this.#canSort ? query : { ...query, order: "newest" };
    if (!start || start.logs.length === 0 || !source.cursors) return;
    this.#logs = [...start.logs];
    this.#next = source.cursors.behind(start.logs, start.end);
    this.#end = start.end;
  }

  /** The rows read so far, in the source's order. */
  get logs(): readonly Log[] {
    return this.#logs;
  }

  /** Of the whole list; undefined before the first page, and if the source doesn't tell. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Whether rows may remain. */
  get hasMore(): boolean {
    return !this.#isOpen || this.#next !== undefined;
  }

  /** Number of unreadable rows. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Upper time limit: later logs aren't in the list. Undefined before the first page. */
  get end(): Date | undefined {
    return this.#end;
  }

  /** Whether the source sorts by the requested order; otherwise newest first. */
  get isSorted(): boolean {
    return this.#isSorted;
  }

  /** Reads the next page, or several if they have no visible row. Returns its rows. Waits for a read under way. */
  more(signal?: AbortSignal): Promise<readonly Log[]> {
    // A page begins where the previous one ended. A failure is the caller's; the next read only waits.
    const reading = this.#reading.then(() => this.#readOn(signal));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #readOn(signal: AbortSignal | undefined): Promise<readonly Log[]> {
    const options: CallOptions = signal ? { signal } : {};
    let added: readonly Log[] = [];
    for (let pages = 0; this.hasMore && added.length === 0 && pages < EMPTY_PAGES; pages++) {
      const page = await this.#source.list(this.#of, this.#query, this.#next, options);
      added = page.logs;
      this.#isOpen = true;
      this.#next = page.next;
      this.#malformed += page.malformed;
      this.#end = page.end;
      this.#isSorted = this.#canSort && page.isSorted;
      this.#logs.push(...added);
      // At its end the list is counted, since logs may have been dropped while the page was being read.
      this.#total = page.next || page.total === undefined ? page.total : this.#logs.length + this.#malformed;
    }
    return added;
  }

  /** Removes deleted logs from the list, whether or not they were read. */
  drop(logs: readonly Log[]): void {
    const ids = new Set(logs.map(({ id }) => id));
    const kept = this.#logs.filter(({ id }) => !ids.has(id));
    const gone = this.#logs.length - kept.length;
    this.#logs = kept;
    if (this.#next) this.#next = this.#source.cursors?.without(this.#next, gone) ?? this.#next;
    if (this.#total === undefined) return;
    const read = kept.length + this.#malformed;
    this.#total = Math.max(read, this.#total - logs.length);
    if (this.#total <= read) this.#next = undefined;
  }
}
