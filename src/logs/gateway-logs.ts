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
 * In-memory list of one gateway's logs for one view (filter, order, grouping). By time and day, it loads the newest (or
 * oldest) logs of any days first, and "earlier" skips empty stretches; otherwise it's one listing, with rows assigned
 * to groups. Each method is one call to the API, and rejects with its CloudflareError without changing anything.
 */
export class GatewayLogs {
  readonly gateway: GatewayRef;
  readonly view: LogView;
  readonly #source: Source;
  readonly #now: () => Date;
  readonly #groups = new Map<string, GroupRows>();
  readonly #ids = new Set<string>();
  readonly #gaps: Gaps;
  /** A single listing of all logs, for views without days. */
  #head: Listing | undefined;
  /** Time of the first page's request, and the end of the seconds it may include. */
  #askedAt: Date | undefined;
  #readAt: Date | undefined;
  /** The first page's last row, if days are missing after it. */
  #lastOfFirst: Log | undefined;
  #newer: NewerLogs | undefined;
  #total: number | undefined;
  /** Growth of the total since the first page. */
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

  /** Whether logs are a flat list. */
  get isFlat(): boolean {
    return this.view.group === "day" && !isByTime(this.view.order);
  }

  /** The groups in display order: days by time, others by their first log, groups without loaded logs last. */
  get groups(): readonly LogGroup[] {
    const groups = [...this.#groups.values()].map(({ known }) => known);
    return groups.sort(this.isByDay ? byDay(this.view.order) : byFirst(this.view.order));
  }

  /** Total matching logs; undefined before the first page, and if only rows show whether they match. */
  get total(): number | undefined {
    if (this.view.filter.here.length > 0) return undefined;
    const total = this.#head ? this.#head.total : this.#total;
    return total === undefined ? undefined : total + this.#arrivals;
  }

  /** Number of loaded rows, whether or not they match local conditions. */
  get loaded(): number {
    return this.groups.reduce((sum, { loaded }) => sum + loaded, 0);
  }

  /** Days (undefined: the start) that may be followed by more. */
  get gaps(): readonly (Day | undefined)[] {
    return this.#gaps.days;
  }

  /** Whether the single listing has more pages. */
  get hasMore(): boolean {
    return this.#head?.hasMore === true;
  }

  /** Number of unread rows of the single listing. */
  get left(): number {
    const { total = 0, logs = [], malformed = 0 } = this.#head ?? {};
    return Math.max(0, total - logs.length - malformed);
  }

  /** Whether the API sorts by the requested order. */
  get isSorted(): boolean {
    return this.#head ? this.#head.isSorted : true;
  }

  /** Number of unreadable rows in pages without a single group. */
  get malformed(): number {
    return this.#malformed + (this.isFlat ? 0 : (this.#head?.malformed ?? 0));
  }

  /** Returns a group; undefined without loaded logs. */
  group(key: string): LogGroup | undefined {
    return this.#groups.get(key)?.known;
  }

  /** Whether a log is shown, as far as its row decides that. */
  fits(log: Log): boolean {
    return matchesRow(log, this.view.filter.here);
  }

  /** Whether a log is loaded. */
  has(logId: string): boolean {
    return this.#ids.has(logId);
  }

  /** Reads the first page, whatever groups it spans. */
  async load(signal?: AbortSignal): Promise<void> {
    await (this.isByDay ? this.#readDays(undefined, signal) : this.#readHead(signal));
  }

  /** Reads the next page of the single listing. */
  async loadOn(signal?: AbortSignal): Promise<void> {
    if (this.hasMore) await this.#readHead(signal);
  }

  /** Reads what follows a day (undefined: the start), skipping empty stretches. */
  async loadEarlier(after: Day | undefined, signal?: AbortSignal): Promise<void> {
    if (this.#gaps.has(after)) await this.#readDays(after, signal);
  }

  /**
   * Loads the day, or the next one with logs, in display order; a gap separates it from the days before. Returns
   * undefined if there is none.
   */
  async goTo(day: Day, signal?: AbortSignal): Promise<LogGroup | undefined> {
    const isPast = ({ key }: LogGroup): boolean => (this.view.order === "newest" ? key <= day : key >= day);
    if (!this.#groups.has(day)) await this.#readDays(this.#gaps.dayAbove(day), signal);
    return this.#groups.get(day)?.known ?? this.groups.find(isPast);
  }

  /**
   * Keeps groups from before a refresh, to be read when visible, so that open groups stay open. Skips groups that can't
   * exist anymore, and events, which are identified by their steps.
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

  /** Reads a group's own listing, unless the group is already complete. */
  async open(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#groups.get(key);
    if (!group || group.opened) return;
    // An event's steps belong together, including those that the filter excludes.
    if (this.view.group === "event") await this.refresh(key, signal);
    else await this.#readGroup(group, group.rows, signal);
  }

  /** Rereads a group, replacing its logs. */
  async refresh(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#groups.get(key);
    if (!group) return;
    const shown = this.#shown;
    const fresh = new GroupRows(key, shown.isEvent ? { ...shown, here: [] } : shown);
    await this.#readGroup(fresh, [], signal);
    this.#groups.set(key, fresh);
    // Until it's fully read, a group's total may include rows of its neighbor.
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

  /** Requests newer logs with one call; `arrive` adds them. `left`: how many remain for the next call. */
  async newer(signal?: AbortSignal): Promise<{ logs: Log[]; left: number }> {
    this.#newer ??= new NewerLogs(this.#readAt ?? this.#now());
    const { logs, left } = await this.#newer.look((query) => this.#source.page(query, signal, "background"));
    const unread = this.#head ? (this.#head.hasMore ? this.#head.logs.at(-1) : undefined) : this.#lastOfFirst;
    const order = this.#head?.isSorted === false ? "newest" : this.view.order;
    const wasThere = (log: Log): boolean =>
      unread !== undefined && wasThereAfter(unread, log, order, this.#askedAt ?? new Date(0));
    return { logs: logs.filter((log) => !this.#ids.has(log.id) && !wasThere(log)), left };
  }

  /** Adds newer logs to the loaded ones. */
  arrive(logs: readonly Log[]): void {
    for (const log of logs) {
      if (this.#ids.has(log.id)) continue;
      this.#ids.add(log.id);
      this.#arrivals++;
      const key = this.#keyOf(log);
      const isRead = !this.hasMore && (this.view.order === "newest" || this.gaps.length === 0);
      let group = this.#groups.get(key);
      if (!group) {
        // An incomplete list will include it when the rest is read.
        if (this.isByDay && this.view.order === "oldest" && !isRead) continue;
        group = new GroupRows(key, this.#shown, [], isRead);
        this.#groups.set(key, group);
      }
      group.arrive(log);
    }
  }

  /**
   * Removes deleted logs from the loaded ones and the totals, and empty groups. Returns the keys of groups without
   * loaded logs that may still have some.
   */
  drop(logs: readonly Log[]): string[] {
    const counted = logs.filter((log) => this.#ids.has(log.id) || this.#isCounted(log));
    const end = this.#head?.end;
    const listed = end ? counted.filter(({ createdAt }) => createdAt < end) : [];
    this.#arrivals -= counted.length - listed.length;
    // In a flat list, it's also the group's listing.
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

  /** Rereads groups without loaded logs, and removes empty ones. */
  async reopen(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const key of keys) {
      await this.open(key, signal);
      const group = this.#groups.get(key)?.known;
      if (group?.loaded === 0 && group.malformed === 0 && !group.hasMore) this.#groups.delete(key);
    }
  }

  /** Whether the total includes an unloaded log, as far as its row decides that. */
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
    // Oldest first, rows of the preceding second come before the group's known ones.
    const start = this.view.order === "oldest" ? [] : rows;
    const end = start.length > 0 ? (this.#head?.end ?? this.#readAt) : undefined;
    const listing = this.#source.listing(conditions, range, { logs: start, ...(end ? { end } : {}) });
    await listing.more(signal);
    // A concurrent call may have finished earlier, and more been read since.
    if (!group.listing) this.#show(group, listing);
  }

  /** `added`: the listing's logs that aren't shown yet. Scanning all of it would take longer with each page. */
  #show(group: GroupRows, listing: Listing, added: readonly Log[] = listing.logs): void {
    const listed = new Set(added.map(({ id }) => id));
    for (const id of listed) this.#ids.add(id);
    group.show(listing, added);
    if (this.isByDay || this.isFlat) return;
    for (const other of this.#groups.values()) if (other.key !== group.key) other.leaveOut(listed);
  }

  /** Reads the single listing, and assigns its rows to groups. */
  async #readHead(signal: AbortSignal | undefined): Promise<void> {
    const head = this.#head ?? this.#source.listing([]);
    const asked = this.#now();
    const added = await head.more(signal);
    this.#head = head;
    this.#askedAt ??= asked;
    this.#readAt ??= head.end;
    const [first] = head.logs;
    // By the API's clock, if a log shows it.
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
      // No other log can belong to its event.
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
      // By the API's clock, if a log shows it.
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
