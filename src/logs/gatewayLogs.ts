import type { CloudflareClient } from "../cloudflare/client.ts";
import type { LogPage } from "../cloudflare/logs.ts";
import type { Condition } from "../cloudflare/filter.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { dayOf, rangeOf, type Day, type TimeRange } from "./days.ts";
import { before, freeze, within } from "./window.ts";

/** Logs a page: the most that the API gives (facts 0.9). */
const PAGE_SIZE = 50;

/** Pages in a row with nothing to show that are read in one go. */
const EMPTY_PAGES = 10;

/** The logs of one day that are known so far, newest first. */
export type DayLogs = {
  readonly day: Day;
  readonly logs: readonly Log[];
  /** Of the day; undefined until its window was asked for. */
  readonly total: number | undefined;
  /** Whether there are logs of this day that are not here. */
  readonly hasMore: boolean;
  /** Whether the day's own window was asked for, or need not be. */
  readonly opened: boolean;
  /** Rows that could not be read, in the pages of this day. */
  readonly malformed: number;
};

/** `left`: rows of it that are not shown, since a key and a value of theirs stand in two tags (facts 0.5). */
type Window = { range: TimeRange; nextPage: number; seen: number; left: number };
type DayState = { -readonly [K in keyof DayLogs]: DayLogs[K] } & { window?: Window };

const newestFirst = (a: Log, b: Log): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0);

/**
 * What is known of a gateway's logs, grouped by day: of all of them, or of those that fit `conditions`, which go with
 * every call. Each method is one call to the API, and rejects with its CloudflareError without having changed anything.
 */
export class GatewayLogs {
  readonly gateway: GatewayRef;
  readonly conditions: readonly Condition[];
  readonly #client: Pick<CloudflareClient, "listLogs">;
  readonly #now: () => Date;
  readonly #days = new Map<Day, DayState>();
  #hasEarlier = false;
  #malformed = 0;
  #newest: Date | undefined;
  /** Where reading goes on when none of the last rows could be shown, so that there is no day to go on from. */
  #unshown: { end: Date | undefined; seen: number } | undefined;

  constructor(
    client: Pick<CloudflareClient, "listLogs">,
    gateway: GatewayRef,
    conditions: readonly Condition[] = [],
    now: () => Date = () => new Date(),
  ) {
    this.#client = client;
    this.gateway = gateway;
    this.conditions = conditions;
    this.#now = now;
  }

  /** The days with logs, newest first. */
  get days(): readonly DayLogs[] {
    return [...this.#days.values()].sort((a, b) => (a.day < b.day ? 1 : -1));
  }

  /** Whether there may be logs before the oldest day: what is left may also be of that day. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  /** Rows that could not be read, in the pages that belong to no single day. */
  get malformed(): number {
    return this.#malformed;
  }

  /** One day, or undefined while no log of it is known. */
  day(day: Day): DayLogs | undefined {
    return this.#days.get(day);
  }

  /** Whether a log is among those known. */
  has(logId: string): boolean {
    return this.days.some(({ logs }) => logs.some(({ id }) => id === logId));
  }

  /** Reads the newest logs, whatever days they span. */
  async load(signal?: AbortSignal): Promise<void> {
    await this.#loadBefore(undefined, signal);
  }

  /** Reads the newest logs before the oldest day shown, so that empty stretches are jumped. */
  async loadEarlier(signal?: AbortSignal): Promise<void> {
    const oldest = this.days.at(-1);
    if (this.#unshown) await this.#loadBefore(this.#unshown.end, signal, this.#unshown.seen);
    else if (oldest) await this.#loadBefore(rangeOf(oldest.day).start, signal);
  }

  /** Reads the first page of a day's own window, unless the whole day is known already. */
  async open(day: Day, signal?: AbortSignal): Promise<void> {
    const state = this.#days.get(day);
    if (state && !state.opened) await this.#loadPage(state, this.#windowOf(state), signal);
  }

  /** Reads the first page of a day's window as it is now, in place of all that was known of the day. */
  async refresh(day: Day, signal?: AbortSignal): Promise<void> {
    const state = this.#days.get(day);
    if (!state) return;
    const fresh: DayState = { ...state, logs: [], malformed: 0 };
    await this.#loadPage(fresh, this.#windowOf(state), signal);
    this.#days.set(day, fresh);
  }

  /** Reads the next page of a day's window. */
  async loadMore(day: Day, signal?: AbortSignal): Promise<void> {
    const state = this.#days.get(day);
    if (state?.hasMore) await this.#loadPage(state, state.window ?? this.#windowOf(state), signal);
  }

  /** Reads what comes after the logs known of a day: its first page, then the next ones. */
  async readOn(day: Day, signal?: AbortSignal): Promise<void> {
    await (this.#days.get(day)?.opened ? this.loadMore(day, signal) : this.open(day, signal));
  }

  #windowOf({ day }: DayState): Window {
    return { range: freeze(rangeOf(day), this.#now(), this.#newest), nextPage: 1, seen: 0, left: 0 };
  }

  async #loadBefore(end: Date | undefined, signal: AbortSignal | undefined, from = 0): Promise<void> {
    const filters = [...this.conditions, ...(end ? before(end) : [])];
    let seen = from;
    let page: LogPage;
    do {
      // A page without a row to show has no time to go on from: the next one may.
      const query = { perPage: PAGE_SIZE, page: seen / PAGE_SIZE + 1, ...(filters.length > 0 ? { filters } : {}) };
      page = await this.#client.listLogs(this.gateway, query, signal ? { signal } : {});
      seen += page.rows;
      this.#malformed += page.malformed;
    } while (page.logs.length === 0 && page.rows === PAGE_SIZE && seen < from + EMPTY_PAGES * PAGE_SIZE);
    this.#unshown = page.logs.length === 0 && page.rows === PAGE_SIZE ? { end, seen } : undefined;
    const groups = Map.groupBy(page.logs, (log) => dayOf(log.createdAt));
    const oldestDay = [...groups.keys()].sort()[0];
    this.#hasEarlier = page.total > seen;
    for (const [day, logs] of groups) {
      // Only the oldest day of a page can go on beyond it.
      const opened = !this.#hasEarlier || day !== oldestDay;
      const total = opened ? logs.length : undefined;
      this.#days.set(day, { day, logs: logs.sort(newestFirst), total, hasMore: !opened, opened, malformed: 0 });
    }
    this.#newest ??= page.logs[0]?.createdAt;
  }

  async #loadPage(state: DayState, window: Window, signal: AbortSignal | undefined): Promise<void> {
    const query = { perPage: PAGE_SIZE, page: window.nextPage, filters: [...this.conditions, ...within(window.range)] };
    const page = await this.#client.listLogs(this.gateway, query, signal ? { signal } : {});
    const known = new Set(state.logs.map((log) => log.id));
    const fresh = page.logs.filter((log) => !known.has(log.id) && dayOf(log.createdAt) === state.day);
    const { rows } = page;
    state.logs = [...state.logs, ...fresh].sort(newestFirst);
    const left = window.left + page.unpaired;
    state.window = { ...window, nextPage: window.nextPage + 1, seen: window.seen + rows, left };
    state.total = page.total - left;
    state.opened = true;
    // The total may lag behind a delete (facts 0.2): a page that is not full is the end, whatever it says.
    state.hasMore = rows === PAGE_SIZE && state.window.seen < page.total;
    state.malformed += page.malformed;
  }
}
