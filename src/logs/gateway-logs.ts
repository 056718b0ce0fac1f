import { matchesRow } from "../source/match.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import type { Day } from "./days.ts";
import { queryOf } from "./grouping.ts";
import { KnownLogs, type LogPages } from "./known-logs.ts";
import { GroupRows, type LogGroup } from "./log-group.ts";
import { NewerLogs, wasThereAfter } from "./newer.ts";
import { PagedDays } from "./paged-days.ts";
import { PagedGroups } from "./paged-groups.ts";
import { PagedList } from "./paged-list.ts";
import { ViewSource, type LogView, type ViewedSource } from "./view-source.ts";

const PAGED = { days: PagedDays, groups: PagedGroups, list: PagedList };

/**
 * The logs of one gateway in memory, as one view shows them: all of them, or those that fit a filter, in groups or as one list. Each read is
 * one call to the source, and rejects with its SourceError without having changed anything.
 */
export class GatewayLogs {
  readonly gateway: CollectionRef;
  readonly view: LogView;
  /** The name of the service that has them. */
  readonly service: string;
  readonly #source: ViewSource;
  readonly #now: () => Date;
  readonly #known: KnownLogs;
  readonly #pages: LogPages;
  /** By how much the total has grown since the first page. */
  #arrivals = 0;

  constructor(source: ViewedSource, gateway: CollectionRef, view: LogView, now: () => Date = () => new Date()) {
    this.gateway = gateway;
    this.view = view;
    this.service = source.service;
    this.#now = now;
    this.#source = new ViewSource(source, gateway, view);
    this.#known = new KnownLogs(view, source.lists);
    this.#pages = new PAGED[this.#known.kind](this.#known, this.#source, now);
  }

  /** Whether logs are grouped by day. */
  get isByDay(): boolean {
    return this.#known.kind === "days";
  }

  /** Whether logs are a flat list. */
  get isFlat(): boolean {
    return this.#known.kind === "list";
  }

  /** Whether a group can be requested itself. */
  get hasOwnLists(): boolean {
    return this.#known.hasOwnLists;
  }

  /** The groups in display order: days by time, others by their first log, groups without loaded logs last. */
  get groups(): readonly LogGroup[] {
    return [...this.#known.groups.values()].map(({ known }) => known).sort(this.#pages.compare);
  }

  /** Total matching logs; undefined before the first page, and if only rows show whether they match. */
  get total(): number | undefined {
    if (this.view.filter.clientSide.length > 0) return undefined;
    const { total } = this.#pages;
    return total === undefined ? undefined : total + this.#arrivals;
  }

  /** Number of loaded rows, whether or not they match local conditions. */
  get loaded(): number {
    return this.groups.reduce((sum, { loaded }) => sum + loaded, 0);
  }

  /** Days (undefined: the start) that may be followed by more. */
  get gaps(): readonly (Day | undefined)[] {
    return this.#pages.gaps;
  }

  /** Whether the single listing has more pages. */
  get hasMore(): boolean {
    return this.#pages.hasMore;
  }

  /** Number of unread rows of the single listing. */
  get left(): number | undefined {
    return this.#pages.left;
  }

  /** Whether the source sorts by the requested order. */
  get isSorted(): boolean {
    return this.#pages.isSorted;
  }

  /** Whether the source looked at a part of the logs only, so that some are missing. */
  get isSampled(): boolean {
    return this.#source.isSampled;
  }

  /** Number of unreadable rows in pages without a single group. */
  get malformed(): number {
    return this.#pages.malformed;
  }

  /** Returns a group; undefined without loaded logs. */
  group(key: string): LogGroup | undefined {
    return this.#known.groups.get(key)?.known;
  }

  /** Whether a log is shown, as far as its row decides that. */
  fits(log: Log): boolean {
    return matchesRow(log, this.view.filter.clientSide);
  }

  /** Whether a log is loaded. */
  has(logId: string): boolean {
    return this.#known.ids.has(logId);
  }

  /** Reads the first page, whatever groups it spans. */
  async load(signal?: AbortSignal): Promise<void> {
    await this.#pages.load(signal);
  }

  /** Reads the next page of the single listing. */
  async loadOn(signal?: AbortSignal): Promise<void> {
    if (this.hasMore) await this.#pages.load(signal);
  }

  /** Reads what follows a day (undefined: the start), skipping empty stretches. */
  async loadEarlier(after: Day | undefined, signal?: AbortSignal): Promise<void> {
    await this.#pages.loadEarlier(after, signal);
  }

  /**
   * Loads the day, or the next one with logs, in display order; a gap separates it from the days before. Returns
   * undefined if there is none.
   */
  async goTo(day: Day, signal?: AbortSignal): Promise<LogGroup | undefined> {
    const isPast = ({ key }: LogGroup): boolean => (this.view.order === "newest" ? key <= day : key >= day);
    await this.#pages.reach(day, signal);
    return this.group(day) ?? this.groups.find(isPast);
  }

  /**
   * Keeps the groups of what was known before a refresh, to be read when they are looked at: what was open stays open. Not
   * those that can no longer be there, and no events, whose steps are what they are known by.
   */
  keep(before: GatewayLogs): void {
    const keys = before.groups.map(({ key }) => key);
    this.#pages.keep(before.#pages, keys);
  }

  /** Reads a group's own listing, unless the group is already complete. */
  async open(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#known.groups.get(key);
    if (!group || group.opened) return;
    // An event's steps belong together, including those that the filter excludes.
    if (this.view.group === "event") await this.refresh(key, signal);
    else await this.#readGroup(group, group.rows, signal);
  }

  /** Rereads a group, replacing its logs. */
  async refresh(key: string, signal?: AbortSignal): Promise<void> {
    const group = this.#known.groups.get(key);
    if (!group || !this.#known.hasOwnLists) return;
    const shown = this.#known.shown;
    const fresh = new GroupRows(key, shown.isEvent ? { ...shown, clientSide: [] } : shown);
    await this.#readGroup(fresh, [], signal);
    this.#known.groups.set(key, fresh);
    // Until its end is read, a group's total may have rows of its neighbor.
    if (group.opened && !group.known.hasMore && !fresh.known.hasMore)
      this.#arrivals += fresh.known.loaded - group.known.loaded;
    const kept = new Set(fresh.known.logs.map(({ id }) => id));
    for (const { id } of group.known.logs) if (!kept.has(id)) this.#known.ids.delete(id);
  }

  /** Reads the next page of a group. */
  async loadMore(key: string, signal?: AbortSignal): Promise<void> {
    if (this.isFlat) return this.loadOn(signal);
    const group = this.#known.groups.get(key);
    if (!group?.known.hasMore) return;
    if (!group.listing) return this.#readGroup(group, group.rows, signal);
    const added = await group.listing.more(signal);
    this.#known.show(group, group.listing, added);
  }

  /** Requests newer logs with one call; `arrive` adds them. `left`: how many remain for the next call. */
  async newer(signal?: AbortSignal): Promise<{ logs: Log[]; left: number }> {
    const known = this.#known;
    known.newer ??= new NewerLogs(known.readAt ?? known.askedAt ?? this.#now());
    const { logs, left } = await this.#source.newer(known.newer, signal);
    const { unread } = this.#pages;
    const order = this.isSorted ? this.view.order : "newest";
    const wasThere = (log: Log): boolean =>
      unread !== undefined && wasThereAfter(unread, log, order, known.askedAt ?? new Date(0));
    return { logs: logs.filter((log) => !known.ids.has(log.id) && !wasThere(log)), left };
  }

  /** Adds newer logs to the loaded ones. */
  arrive(logs: readonly Log[]): void {
    for (const log of logs) {
      if (this.#known.ids.has(log.id)) continue;
      this.#known.ids.add(log.id);
      this.#arrivals++;
      const key = this.#known.keyOf(log);
      const { isRead } = this.#pages;
      let group = this.#known.groups.get(key);
      if (!group) {
        // Of a list that is not read to its end, the rest will bring it.
        if (this.isByDay && !isRead) continue;
        group = this.#known.put(key, [], isRead);
      }
      group.arrive(log);
    }
  }

  /**
   * Removes deleted logs from the loaded ones and the totals, and empty groups. Returns the keys of groups without
   * loaded logs that may still have some.
   */
  drop(logs: readonly Log[]): string[] {
    const counted = logs.filter((log) => this.#known.ids.has(log.id) || this.#isCounted(log));
    const { end } = this.#pages;
    const listed = end ? counted.filter(({ createdAt }) => createdAt < end) : [];
    this.#arrivals -= counted.length - listed.length;
    this.#pages.drop(listed);
    const unknown: string[] = [];
    for (const [key, rows] of Map.groupBy(counted, (log) => this.#known.keyOf(log))) {
      const group = this.#known.groups.get(key);
      group?.drop(rows);
      if (!group || group.known.loaded > 0 || group.known.malformed > 0) continue;
      if (group.known.hasMore && !group.opened) unknown.push(key);
      else if (!group.known.hasMore && !this.isFlat) this.#known.groups.delete(key);
    }
    for (const { id } of counted) this.#known.ids.delete(id);
    if (this.total === 0) this.#pages.clear();
    return unknown;
  }

  /** Rereads groups without loaded logs, and removes empty ones. */
  async reopen(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const key of keys) {
      await this.open(key, signal);
      const group = this.#known.groups.get(key)?.known;
      if (group?.loaded === 0 && group.malformed === 0 && !group.hasMore) this.#known.groups.delete(key);
    }
  }

  /** Whether the total includes an unloaded log, as far as its row decides that. */
  #isCounted(log: Log): boolean {
    return this.view.filter.search === "" && matchesRow(log, this.view.filter.conditions);
  }

  async #readGroup(group: GroupRows, rows: readonly Log[], signal: AbortSignal | undefined): Promise<void> {
    const { conditions, range } = queryOf(this.view.group, group.key, this.view.calendar);
    // Oldest first, rows of the preceding second come before the group's known ones.
    const start = this.view.order === "oldest" ? [] : rows;
    const end = start.length > 0 ? (this.#pages.end ?? this.#known.readAt) : undefined;
    const listing = this.#source.listing(conditions, range, { logs: start, ...(end ? { end } : {}) });
    await listing.more(signal);
    // Another call for the same may have been quicker, and more have been read since.
    if (!group.listing) this.#known.show(group, listing);
  }
}
