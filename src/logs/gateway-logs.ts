import type { CloudflareClient } from "../cloudflare/client.ts";
import { matches } from "../cloudflare/filter/filter.ts";
import { matchesRow } from "../cloudflare/filter/row-filter.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { Day } from "./days.ts";
import { Gaps } from "./gaps.ts";
import { keyOf, queryOf } from "./grouping.ts";
import type { Listing } from "./listing.ts";
import { byDay, byFirst, GroupRows, type LogGroup } from "./log-group.ts";
import { NewerLogs, wasThereAfter } from "./newer.ts";
import { isByTime } from "./order.ts";
import { readShownPage } from "./shown-page.ts";
import { Source, type LogView } from "./source.ts";
import { nextSecond } from "./window.ts";

/**
 * What is known of a gateway's logs: of all of them, or of those that fit a filter, in groups or as one list. By time and day,
 * the newest (or oldest) ones come first, whatever days they span, and "earlier" jumps empty stretches; else it is one
 * listing, whose rows are put into their groups. Each method is one call to the API, and rejects with its CloudflareError
 * without having changed anything.
 */
export class GatewayLogs {
  readonly gateway: GatewayRef;
  readonly view: LogView;
  readonly #source: Source;
  readonly #now: () => Date;
  readonly #groups = new Map<string, GroupRows>();
  readonly #ids = new Set<string>();
  readonly #gaps: Gaps;
  /** All logs as one listing, where days play no part. */
  #head: Listing | undefined;
  /** When the first page was asked for, and the end of the seconds that it may have. */
  #askedAt: Date | undefined;
  #readAt: Date | undefined;
  /** The last row of the first page, where days are missing after it. */
  #lastOfFirst: Log | undefined;
  #newer: NewerLogs | undefined;
  #total: number | undefined;
  /** By how much the total has grown since the first page. */
  #arrivals = 0;
  #malformed = 0;

  constructor(
    client: Pick<CloudflareClient, "listLogs">,
    gateway: GatewayRef,
    view: LogView,
    now: () => Date = () => new Date(),
  ) {
    this.gateway = gateway;
    this.view = view;
    this.#source = new Source(client, gateway, view, now);
    this.#gaps = new Gaps(view);
    this.#now = now;
  }

  /** Whether logs are grouped by day. */
  get isByDay(): boolean {
    return this.view.group === "day" && isByTime(this.view.order);
  }

  /** Whether logs are one list, without groups. */
  get isFlat(): boolean {
    return this.view.group === "day" && !isByTime(this.view.order);
  }

  /** The groups in the order asked for: days by time, others by their first log, those of which none is known last. */
  get groups(): readonly LogGroup[] {
    const groups = [...this.#groups.values()].map(({ known }) => known);
    return groups.sort(this.isByDay ? byDay(this.view.order) : byFirst(this.view.order));
  }

  /** How many logs fit, in all; undefined until the first page was read, and where only the rows tell which fit. */
  get total(): number | undefined {
    if (this.view.filter.here.length > 0) return undefined;
    const total = this.#head ? this.#head.total : this.#total;
    return total === undefined ? undefined : total + this.#arrivals;
  }

  /** The rows that are loaded, fitting what only they tell or not. */
  get loaded(): number {
    return this.groups.reduce((sum, { loaded }) => sum + loaded, 0);
  }

  /** The days after which (undefined: from the start on) there may be more. */
  get gaps(): readonly (Day | undefined)[] {
    return this.#gaps.days;
  }

  /** Whether the one listing goes on. */
  get hasMore(): boolean {
    return this.#head?.hasMore === true;
  }

  /** How many rows of the one listing are not read yet. */
  get left(): number {
    const { total = 0, logs = [], malformed = 0 } = this.#head ?? {};
    return Math.max(0, total - logs.length - malformed);
  }

  /** Whether the API sorts as was asked. */
  get isSorted(): boolean {
    return this.#head ? this.#head.isSorted : true;
  }

  /** Rows that could not be read, in the pages that belong to no single group. */
  get malformed(): number {
    return this.#malformed + (this.isFlat ? 0 : (this.#head?.malformed ?? 0));
  }

  /** One group, or undefined while no log of it is known. */
  group(key: string): LogGroup | undefined {
    return this.#groups.get(key)?.known;
  }

  /** Whether a log is shown, as far as only its row can tell. */
  fits(log: Log): boolean {
    return matchesRow(log, this.view.filter.here);
  }

  /** Whether a log is among those known. */
  has(logId: string): boolean {
    return this.#ids.has(logId);
  }

  /** Reads the first page, whatever groups it spans. */
  async load(signal?: AbortSignal): Promise<void> {
    await (this.isByDay ? this.#readDays(undefined, signal) : this.#readHead(signal));
  }

  /** Reads the next page of the one listing, where days play no part. */
  async loadOn(signal?: AbortSignal): Promise<void> {
    if (this.hasMore) await this.#readHead(signal);
  }

  /** Reads what comes after a day (undefined: after nothing), so that empty stretches are jumped. */
  async loadEarlier(after: Day | undefined, signal?: AbortSignal): Promise<void> {
    if (this.#gaps.has(after)) await this.#readDays(after, signal);
  }

  /**
   * Reads from a day on, in the order shown, so that the day or the next one with logs is among those known: what lies between
   * them and the days before is a gap. Undefined when there is none.
   */
  async goTo(day: Day, signal?: AbortSignal): Promise<LogGroup | undefined> {
    const isPast = ({ key }: LogGroup): boolean => (this.view.order === "newest" ? key <= day : key >= day);
    if (!this.#groups.has(day)) await this.#readDays(this.#gaps.dayAbove(day), signal);
    return this.#groups.get(day)?.known ?? this.groups.find(isPast);
  }

  /**
   * Keeps the groups of what was known before a refresh, to be read when they are looked at: what was open stays open. Not
   * those that cannot be there any more, and no events, whose steps are what they are known by.
   */
  keep(before: GatewayLogs): void {
    if (this.isByDay) this.#keepDays(before);
    else if (!this.isFlat && this.view.group !== "event" && this.hasMore) {
      for (const { key } of before.groups)
        if (!this.#groups.has(key)) this.#groups.set(key, new GroupRows(key, this.#shown));
    }
  }

  #keepDays(before: GatewayLogs): void {
    const last = this.groups.at(-1)?.key;
    if (last === undefined) return;
    const today = this.view.calendar.dayOf(this.#now());
    const known = before.groups.map(({ key }) => key);
    for (const key of this.#gaps.keep(before.#gaps, known, last, today))
      this.#groups.set(key, new GroupRows(key, this.#shown));
  }

  /** Reads a group's own listing, unless the whole group is known already. */
  async open(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#groups.get(key);
    if (!group || group.opened) return;
    // The steps of an event are of interest together, those too that the filter leaves out.
    if (this.view.group === "event") await this.refresh(key, signal);
    else await this.#readGroup(group, group.rows, signal);
  }

  /** Reads a group anew, in place of all that was known of it. */
  async refresh(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#groups.get(key);
    if (!group) return;
    const shown = this.#shown;
    const fresh = new GroupRows(key, shown.isEvent ? { ...shown, here: [] } : shown);
    await this.#readGroup(fresh, [], signal);
    this.#groups.set(key, fresh);
    // Until its end is read, a group's total may have rows of its neighbour.
    if (group.opened && !group.known.hasMore && !fresh.known.hasMore)
      this.#arrivals += fresh.known.loaded - group.known.loaded;
    const kept = new Set(fresh.known.logs.map(({ id }) => id));
    for (const { id } of group.known.logs) if (!kept.has(id)) this.#ids.delete(id);
  }

  /** Reads the next page of a group. */
  async loadMore(key: string, signal?: AbortSignal): Promise<void> {
    if (this.isFlat) return this.loadOn(signal);
    const group = this.#groups.get(key);
    if (!group?.known.hasMore) return;
    if (!group.listing) return this.#readGroup(group, group.rows, signal);
    const added = await group.listing.more(signal);
    this.#show(group, group.listing, added);
  }

  /**
   * Asks for the logs that came since: one call. They are not among those known before `arrive` is called with them.
   * `left`: how many more there are for the next time.
   */
  async newer(signal?: AbortSignal): Promise<{ logs: Log[]; left: number }> {
    this.#newer ??= new NewerLogs(this.#readAt ?? this.#now());
    const { logs, left } = await this.#newer.look((query) => this.#source.page(query, signal, "background"));
    const unread = this.#head ? (this.#head.hasMore ? this.#head.logs.at(-1) : undefined) : this.#lastOfFirst;
    const order = this.#head?.isSorted === false ? "newest" : this.view.order;
    const wasThere = (log: Log): boolean =>
      unread !== undefined && wasThereAfter(unread, log, order, this.#askedAt ?? new Date(0));
    return { logs: logs.filter((log) => !this.#ids.has(log.id) && !wasThere(log)), left };
  }

  /** Takes logs that came since among those known. */
  arrive(logs: readonly Log[]): void {
    for (const log of logs) {
      if (this.#ids.has(log.id)) continue;
      this.#ids.add(log.id);
      this.#arrivals++;
      const key = this.#keyOf(log);
      const isRead = !this.hasMore && (this.view.order === "newest" || this.gaps.length === 0);
      let group = this.#groups.get(key);
      if (!group) {
        // Of a list that is not read to its end, the rest will bring it.
        if (this.isByDay && this.view.order === "oldest" && !isRead) continue;
        group = new GroupRows(key, this.#shown, [], isRead);
        this.#groups.set(key, group);
      }
      group.arrive(log);
    }
  }

  /**
   * Takes logs that were deleted out of those known and out of the totals. A group of which none is left goes too; one of which none
   * is known any more, and perhaps some are left, is among the keys that are given.
   */
  drop(logs: readonly Log[]): string[] {
    const counted = logs.filter((log) => this.#ids.has(log.id) || this.#isCounted(log));
    const end = this.#head?.end;
    const listed = end ? counted.filter(({ createdAt }) => createdAt < end) : [];
    this.#arrivals -= counted.length - listed.length;
    // Where logs are one list, it is that of its group too.
    if (!this.isFlat) this.#head?.drop(listed);
    const unknown: string[] = [];
    for (const [key, rows] of Map.groupBy(counted, (log) => this.#keyOf(log))) {
      const group = this.#groups.get(key);
      group?.drop(rows);
      if (!group || group.known.loaded > 0 || group.known.malformed > 0) continue;
      if (group.known.hasMore && !group.opened) unknown.push(key);
      else if (!group.known.hasMore && !this.isFlat) this.#groups.delete(key);
    }
    for (const { id } of counted) this.#ids.delete(id);
    if (this.total === 0) this.#gaps.clear();
    return unknown;
  }

  /** Reads groups of which no log is known any more; one that has none goes. */
  async reopen(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const key of keys) {
      await this.open(key, signal);
      const group = this.#groups.get(key)?.known;
      if (group?.loaded === 0 && group.malformed === 0 && !group.hasMore) this.#groups.delete(key);
    }
  }

  /** Whether the total counts a log that is not known, as far as its row can tell. */
  #isCounted(log: Log): boolean {
    return this.view.filter.search === "" && matches(log, this.view.filter.conditions);
  }

  get #shown() {
    const { order, group, filter } = this.view;
    return { order, here: filter.here, isEvent: group === "event" };
  }

  #keyOf(log: Log): string {
    return this.isFlat ? "" : keyOf(this.view.group, log, this.view.calendar);
  }

  async #readGroup(group: GroupRows, rows: readonly Log[], signal: AbortSignal | undefined): Promise<void> {
    const { conditions, range } = queryOf(this.view.group, group.key, this.view.calendar);
    // With the oldest first, rows of the second before the group come before those known of it.
    const start = this.view.order === "oldest" ? [] : rows;
    const end = start.length > 0 ? (this.#head?.end ?? this.#readAt) : undefined;
    const listing = this.#source.listing(conditions, range, { logs: start, ...(end ? { end } : {}) });
    await listing.more(signal);
    // Another call for the same may have been quicker, and more have been read since.
    if (!group.listing) this.#show(group, listing);
  }

  /** `added`: what of the listing is not shown yet. To look at all of it for each page would take longer with each page. */
  #show(group: GroupRows, listing: Listing, added: readonly Log[] = listing.logs): void {
    const listed = new Set(added.map(({ id }) => id));
    for (const id of listed) this.#ids.add(id);
    group.show(listing, added);
    if (this.isByDay || this.isFlat) return;
    for (const other of this.#groups.values()) if (other.key !== group.key) other.leaveOut(listed);
  }

  /** One listing for all, whose rows are put into their groups. */
  async #readHead(signal: AbortSignal | undefined): Promise<void> {
    const head = this.#head ?? this.#source.listing([]);
    const asked = this.#now();
    const added = await head.more(signal);
    this.#head = head;
    this.#askedAt ??= asked;
    this.#readAt ??= head.end;
    const [first] = head.logs;
    // By the API's clock, where a log tells it.
    if (first && this.view.order === "newest") this.#newer ??= new NewerLogs(first.createdAt);
    if (this.isFlat) {
      const group = this.#groups.get("") ?? new GroupRows("", this.#shown);
      this.#groups.set("", group);
      this.#show(group, head, group.listing === head ? added : head.logs);
      return;
    }
    for (const [key, logs] of Map.groupBy(added, (log) => this.#keyOf(log))) {
      const group = this.#groups.get(key) ?? new GroupRows(key, this.#shown);
      this.#groups.set(key, group);
      group.add(logs);
      // Nothing else can be of its event.
      if (this.view.group === "event" && logs.every(({ eventId }) => !eventId)) group.complete();
    }
    for (const { id } of added) this.#ids.add(id);
    if (!head.hasMore) for (const group of this.#groups.values()) if (!group.opened) group.complete();
  }

  async #readDays(after: Day | undefined, signal: AbortSignal | undefined): Promise<void> {
    const asked = this.#now();
    const page = await readShownPage((query) => this.#source.page(query, signal), this.#gaps.query(after));
    const { logs, hasMore } = page;
    this.#malformed += page.malformed;
    if (after === undefined) {
      this.#total = page.total;
      // By the API's clock, where a log tells it.
      const [newest] = this.view.order === "newest" ? logs : [];
      if (newest) this.#newer = new NewerLogs(newest.createdAt);
      if (hasMore) this.#lastOfFirst = logs.at(-1);
    }
    this.#askedAt ??= asked;
    this.#readAt ??= nextSecond(asked, logs);
    const days = Map.groupBy(logs, (log) => this.#keyOf(log));
    for (const { day, isWhole } of this.#gaps.fill(after, [...days.keys()], page, (day) => this.#groups.has(day))) {
      const rows = days.get(day) ?? [];
      this.#groups.set(day, new GroupRows(day, this.#shown, rows, isWhole));
      for (const { id } of rows) this.#ids.add(id);
    }
  }
}
