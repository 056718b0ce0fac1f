import { matchesRow } from "../source/match.ts";
import type { Condition } from "../source/conditions.ts";
import type { Log } from "../source/log.ts";
import type { Listing } from "./listing.ts";
import { byStep, COMPARE } from "./order.ts";
import type { OrderName } from "../source/query.ts";

/** The loaded logs of one group: a day, a model …; or of all, in a flat list. */
export type LogGroup = {
  /** The day, or the value as JSON; "" for a flat list. */
  readonly key: string;
  /** The matching logs in display order; an event's steps in sequence. */
  readonly logs: readonly Log[];
  /** Number of loaded rows: more than `logs` with local conditions. */
  readonly loaded: number;
  /** Of the group; undefined before it was requested. */
  readonly total: number | undefined;
  /** Whether the group has more logs. */
  readonly hasMore: boolean;
  /** Whether the group itself was requested, or needn't be. */
  readonly opened: boolean;
  /** Number of unreadable rows in this group's pages. */
  readonly malformed: number;
};

/**
 * Display options of a group. `isEvent`: until it's opened, the steps read with the gateway's logs count as all;
 * `hasOwnList`: it can be requested itself.
 */
export type Shown = { order: OrderName; clientSide: readonly Condition[]; isEvent: boolean; hasOwnList: boolean };

/** The rows of one group: those read with the gateway's or from its own listing, and newer ones. */
export class GroupRows {
  readonly key: string;
  readonly #shown: Shown;
  #rows: readonly Log[];
  #whole: boolean;
  #listing: Listing | undefined;
  #arrived: Log[] = [];
  #known: LogGroup | undefined;

  /** `whole`: these are all of the group. */
  constructor(key: string, shown: Shown, rows: readonly Log[] = [], whole = false) {
    this.key = key;
    this.#shown = shown;
    this.#rows = rows;
    this.#whole = whole;
  }

  get opened(): boolean {
    return this.#isComplete || !this.#shown.hasOwnList;
  }

  get #isComplete(): boolean {
    return this.#whole || this.#listing !== undefined;
  }

  /** Rows read with the gateway's, which its own listing can start with. */
  get rows(): readonly Log[] {
    return this.#rows;
  }

  get listing(): Listing | undefined {
    return this.#listing;
  }

  /**
   * Adds rows read with the gateway's; ignored if the group was requested itself. Also to a group that seemed whole: a
   * failure is listed after its fallback, which may have seemed an event of its own.
   */
  add(rows: readonly Log[]): void {
    if (this.#listing) return;
    const added = new Set(rows.map(({ id }) => id));
    this.#arrived = this.#arrived.filter(({ id }) => !added.has(id));
    this.#rows = [...this.#rows, ...rows];
    this.#known = undefined;
  }

  /** Marks the group as completely read. */
  complete(): void {
    this.#whole = true;
    this.#known = undefined;
  }

  /** Replaces the group's rows with its own listing, or adds what that has read since (`added`). */
  show(listing: Listing, added: readonly Log[] = listing.logs): void {
    const known = new Set(added.map(({ id }) => id));
    this.#listing = listing;
    this.#arrived = this.#arrived.filter(({ id }) => !known.has(id));
    this.#known = undefined;
  }

  /** Removes logs that moved to another group, because a log's metadata can change. */
  leaveOut(ids: ReadonlySet<string>): void {
    const stays = ({ id }: Log): boolean => !ids.has(id);
    if (this.#rows.every(stays) && this.#arrived.every(stays)) return;
    this.#rows = this.#rows.filter(stays);
    this.#arrived = this.#arrived.filter(stays);
    this.#known = undefined;
  }

  /** Removes deleted logs. */
  drop(logs: readonly Log[]): void {
    const end = this.#listing?.end;
    this.#listing?.drop(logs.filter(({ createdAt }) => end === undefined || createdAt < end));
    this.leaveOut(new Set(logs.map(({ id }) => id)));
    this.#known = undefined;
  }

  /** Adds a newer log. */
  arrive(log: Log): void {
    this.#arrived.push(log);
    this.#known = undefined;
  }

  /** Its logs as shown; the same object until something changes. */
  get known(): LogGroup {
    this.#known ??= this.#look();
    return this.#known;
  }

  #look(): LogGroup {
    const { order, clientSide, isEvent, hasOwnList } = this.#shown;
    const read = this.#listing?.logs ?? this.#rows;
    const hasMore = this.#listing ? this.#listing.hasMore : !this.#whole && !isEvent && hasOwnList;
    // Oldest first, they come after unread rows.
    const rows = order === "oldest" && hasMore ? [...read] : [...read, ...this.#arrived];
    // Keeps the source's order: it may order equals in its own way.
    const isSorted = this.#listing?.isSorted === true && order !== "newest" && this.#arrived.length === 0;
    if (isEvent) rows.sort(byStep);
    else if (!isSorted) rows.sort(COMPARE[order]);
    const later = this.#arrived.filter(({ createdAt }) => createdAt >= (this.#listing?.end ?? new Date(0))).length;
    const total = this.#whole ? rows.length : this.#listing?.total;
    return {
      key: this.key,
      logs: clientSide.length > 0 ? rows.filter((log) => matchesRow(log, clientSide)) : rows,
      loaded: rows.length,
      total: this.#whole || total === undefined ? total : total + later,
      hasMore,
      opened: this.opened,
      malformed: this.#listing?.malformed ?? 0,
    };
  }
}

type Compare = (a: LogGroup, b: LogGroup) => number;

/** Compares days by time. */
export function byDay(order: OrderName): Compare {
  const sign = order === "newest" ? 1 : -1;
  return (a, b) => (a.key < b.key ? sign : -sign);
}

/** Compares groups by their first log; groups without loaded logs come last. */
export const byFirst =
  (order: OrderName): Compare =>
  ({ logs: [a] }, { logs: [b] }) =>
    a && b ? COMPARE[order](a, b) : Number(!a) - Number(!b);
