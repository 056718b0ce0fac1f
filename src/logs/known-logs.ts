import type { Log } from "../source/log.ts";
import type { Day } from "./days.ts";
import { conditionsLike, keyOf } from "./grouping.ts";
import type { Listing } from "./listing.ts";
import { GroupRows, type LogGroup } from "./log-group.ts";
import type { NewerLogs } from "./newer.ts";
import { isByTime } from "./order.ts";
import type { Lists } from "../source/source.ts";
import type { LogView } from "./view-source.ts";

/**
 * What of a view's logs depends on how they are read: by day (`PagedDays`), by another group (`PagedGroups`), or as one list
 * (`PagedList`). Each read is one call to the source, and rejects with its SourceError without having changed anything.
 */
export type LogPages = {
  /** The order of groups. */
  readonly compare: (a: LogGroup, b: LogGroup) => number;
  /** How many logs fit, as the first page said. */
  readonly total: number | undefined;
  /** Whether the one listing goes on, and how many rows of it are not read yet. */
  readonly hasMore: boolean;
  readonly left: number | undefined;
  /** Whether the source sorts as was asked. */
  readonly isSorted: boolean;
  /** Rows that could not be read, in the pages that belong to no single group. */
  readonly malformed: number;
  /** The days after which (undefined: from the start on) there may be more. */
  readonly gaps: readonly (Day | undefined)[];
  /** Whether all logs that were there are known, but those of groups that aren't opened. */
  readonly isRead: boolean;
  /** The last row that was read, where rows after it are not. */
  readonly unread: Log | undefined;
  /** The end of the seconds that the one listing may have. */
  readonly end: Date | undefined;
  /** Reads the first page; of one listing, then the next. */
  load(signal: AbortSignal | undefined): Promise<void>;
  /** Reads what comes after a day (undefined: after nothing). */
  loadEarlier(after: Day | undefined, signal: AbortSignal | undefined): Promise<void>;
  /** Reads from a day on, unless it is known. */
  reach(day: Day, signal: AbortSignal | undefined): Promise<void>;
  /** Keeps the groups of these keys, which were known `before` a refresh, where they may still be there. */
  keep(before: LogPages, keys: readonly string[]): void;
  /** Takes logs that were deleted out of the one listing. */
  drop(listed: readonly Log[]): void;
  /** No log is left. */
  clear(): void;
};

/** The rows that are known of a view, in their groups. */
export class KnownLogs {
  readonly view: LogView;
  /** What logs are put into: days, other groups, or one list without groups. */
  readonly kind: "days" | "groups" | "list";
  /** Whether a group can be requested itself; otherwise it has the rows of the one list. */
  readonly hasOwnLists: boolean;
  readonly groups = new Map<string, GroupRows>();
  readonly ids = new Set<string>();
  /** When the first page was asked for, and the end of the seconds that it may have. */
  askedAt: Date | undefined;
  readAt: Date | undefined;
  newer: NewerLogs | undefined;

  /** `lists`: what the source can be asked for. */
  constructor(view: LogView, lists: Pick<Lists, "byTime" | "orders" | "taken">) {
    this.view = view;
    const isByDay = view.group === "day" && isByTime(view.order);
    const asksForDays = isByDay && lists.byTime && lists.orders.has(view.order);
    this.hasOwnLists =
      view.group === "day"
        ? lists.byTime
        : lists.taken(conditionsLike(view.group)).length === conditionsLike(view.group).length;
    this.kind = asksForDays ? "days" : isByDay || view.group !== "day" ? "groups" : "list";
  }

  /** What groups show of their rows. */
  get shown() {
    const { order, group, filter } = this.view;
    return { order, clientSide: filter.clientSide, isEvent: group === "event", hasOwnList: this.hasOwnLists };
  }

  /** The key of the group that a log is in. */
  keyOf(log: Log): string {
    return this.kind === "list" ? "" : keyOf(this.view.group, log, this.view.calendar);
  }

  /** Takes a group among those known. */
  put(key: string, rows: readonly Log[] = [], isWhole = false): GroupRows {
    const group = new GroupRows(key, this.shown, rows, isWhole);
    this.groups.set(key, group);
    for (const { id } of rows) this.ids.add(id);
    return group;
  }

  /**
   * Shows the listing of a group. `added`: what of it is not shown yet. To look at all of it for each page would take longer with each
   * page.
   */
  show(group: GroupRows, listing: Listing, added: readonly Log[] = listing.logs): void {
    const listed = new Set(added.map(({ id }) => id));
    for (const id of listed) this.ids.add(id);
    group.show(listing, added);
    if (this.kind !== "groups") return;
    for (const other of this.groups.values()) if (other.key !== group.key) other.leaveOut(listed);
  }
}
