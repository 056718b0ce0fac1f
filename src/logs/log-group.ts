import { matchesRow } from "../cloudflare/filter/row-filter.ts";
import type { Condition } from "../cloudflare/filter/conditions.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { Listing } from "./listing.ts";
import { byStep, ORDERS, type OrderName } from "./order.ts";

/** What is known of the logs of one group: a day, a model …; or of all, where they are one list. */
export type LogGroup = {
  /** The day, or the value as JSON; "" where logs are one list. */
  readonly key: string;
  /** Those that fit, in the order asked for; the steps of an event as they went. */
  readonly logs: readonly Log[];
  /** Rows that are loaded: more than `logs` where a condition is on what only the row tells. */
  readonly loaded: number;
  /** Of the group; undefined until it was asked for. */
  readonly total: number | undefined;
  /** Whether there are logs of this group that are not here. */
  readonly hasMore: boolean;
  /** Whether the group itself was asked for, or need not be. */
  readonly opened: boolean;
  /** Rows that could not be read, in the pages of this group. */
  readonly malformed: number;
};

/** What a group shows of its rows; `isEvent`: until it is opened, the steps that came with the gateway's logs are taken for all. */
export type Shown = { order: OrderName; here: readonly Condition[]; isEvent: boolean };

/** The rows of one group: those that came with the gateway's, or its own listing; and those that arrived since. */
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
    return this.#whole || this.#listing !== undefined;
  }

  /** The rows that came with the gateway's: what its own listing can begin with. */
  get rows(): readonly Log[] {
    return this.#rows;
  }

  get listing(): Listing | undefined {
    return this.#listing;
  }

  /** Adds rows that came with the gateway's; a group that was asked for itself has them, or will. */
  add(rows: readonly Log[]): void {
    if (this.opened) return;
    const added = new Set(rows.map(({ id }) => id));
    this.#arrived = this.#arrived.filter(({ id }) => !added.has(id));
    this.#rows = [...this.#rows, ...rows];
    this.#known = undefined;
  }

  /** Says that nothing of the group is left to be read. */
  complete(): void {
    this.#whole = true;
    this.#known = undefined;
  }

  /** Takes the group's own listing in place of what was known of it, or what it has read since, which is `added`. */
  show(listing: Listing, added: readonly Log[] = listing.logs): void {
    const known = new Set(added.map(({ id }) => id));
    this.#listing = listing;
    this.#arrived = this.#arrived.filter(({ id }) => !known.has(id));
    this.#known = undefined;
  }

  /** Leaves out logs that are listed in another group by now: a log's metadata can be changed. */
  leaveOut(ids: ReadonlySet<string>): void {
    const stays = ({ id }: Log): boolean => !ids.has(id);
    if (this.#rows.every(stays) && this.#arrived.every(stays)) return;
    this.#rows = this.#rows.filter(stays);
    this.#arrived = this.#arrived.filter(stays);
    this.#known = undefined;
  }

  /** Takes logs of the group that were deleted out of it. */
  drop(logs: readonly Log[]): void {
    const end = this.#listing?.end;
    this.#listing?.drop(logs.filter(({ createdAt }) => end === undefined || createdAt < end));
    this.leaveOut(new Set(logs.map(({ id }) => id)));
    this.#known = undefined;
  }

  /** Adds a log that has come since. */
  arrive(log: Log): void {
    this.#arrived.push(log);
    this.#known = undefined;
  }

  /** Its logs as they are shown; the same object until something changes. */
  get known(): LogGroup {
    this.#known ??= this.#look();
    return this.#known;
  }

  #look(): LogGroup {
    const { order, here, isEvent } = this.#shown;
    const read = this.#listing?.logs ?? this.#rows;
    const hasMore = this.#listing ? this.#listing.hasMore : !this.#whole && !isEvent;
    // With the oldest first they stand after what is not read yet.
    const rows = order === "oldest" && hasMore ? [...read] : [...read, ...this.#arrived];
    // What the API has sorted stays as it is: it may order equals in a way of its own.
    const isSorted = this.#listing?.isSorted === true && order !== "newest" && this.#arrived.length === 0;
    if (isEvent) rows.sort(byStep);
    else if (!isSorted) rows.sort(ORDERS[order].compare);
    const later = this.#arrived.filter(({ createdAt }) => createdAt >= (this.#listing?.end ?? new Date(0))).length;
    const total = this.#whole ? rows.length : this.#listing?.total;
    return {
      key: this.key,
      logs: here.length > 0 ? rows.filter((log) => matchesRow(log, here)) : rows,
      loaded: rows.length,
      total: this.#whole || total === undefined ? total : total + later,
      hasMore,
      opened: this.opened,
      malformed: this.#listing?.malformed ?? 0,
    };
  }
}

type Compare = (a: LogGroup, b: LogGroup) => number;

/** Days by time. */
export function byDay(order: OrderName): Compare {
  const sign = order === "newest" ? 1 : -1;
  return (a, b) => (a.key < b.key ? sign : -sign);
}

/** Groups by their first log, those of which none is known last. */
export const byFirst =
  (order: OrderName): Compare =>
  ({ logs: [a] }, { logs: [b] }) =>
    a && b ? ORDERS[order].compare(a, b) : Number(!a) - Number(!b);
