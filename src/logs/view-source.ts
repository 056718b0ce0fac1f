import type { Condition } from "../source/conditions.ts";
import type { CollectionRef } from "../source/log.ts";
import type { CallOptions, OrderName, Page, Query, TimeRange } from "../source/query.ts";
import type { Cursor } from "../source/cursor.ts";
import type { LogSource } from "../source/source.ts";
import type { Filter } from "../query/query-line.ts";
import type { Calendar } from "./days.ts";
import type { GroupName } from "./grouping.ts";
import { Listing, type Start } from "./listing.ts";
import type { NewerLogs } from "./newer.ts";

/** A view of a collection's logs: filter, order, grouping. */
export type LogView = {
  filter: Filter;
  order: OrderName;
  group: GroupName;
  /** Logs per page; at most the source's. */
  pageSize: number;
  calendar: Calendar;
};

/** A source's methods for a view. */
export type ViewedSource = Pick<LogSource, "service" | "lists" | "list" | "cursors" | "newer">;

/** A collection's logs, asked for with a view's filter. */
export class ViewSource {
  readonly #source: ViewedSource;
  readonly #of: CollectionRef;
  readonly #view: LogView;
  /** Whether the source looked at a part of the logs only, for any of what was read. */
  isSampled = false;

  constructor(source: ViewedSource, of: CollectionRef, view: LogView) {
    const list: ViewedSource["list"] = async (...asked) => {
      const page = await source.list(...asked);
      this.isSampled ||= page.isSampled === true;
      return page;
    };
    this.#source = { ...source, list };
    this.#of = of;
    this.#view = view;
  }

  /** What all reads have in common. */
  get #query(): Query {
    const { filter, pageSize } = this.#view;
    const size = Math.min(pageSize, this.#source.lists.pageSize);
    return { conditions: filter.conditions, narrowing: filter.clientSide, search: filter.search, size };
  }

  /** Reads a page of logs that match the filter: one call. @throws SourceError */
  page(
    query: { range: Partial<TimeRange>; order: OrderName },
    after: Cursor | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Page> {
    return this.#source.list(this.#of, { ...this.#query, ...query }, after, signal ? { signal } : {});
  }

  /** Polls for newer logs that match the filter: one call. @throws SourceError */
  newer(newer: NewerLogs, signal: AbortSignal | undefined) {
    const options: CallOptions = { priority: "background", ...(signal ? { signal } : {}) };
    return newer.poll(this.#source, this.#of, this.#query, options);
  }

  /**
   * Returns the listing for the filter and the conditions; for a single event, all its logs regardless of the filter.
   */
  listing(conditions: readonly Condition[], range?: TimeRange, start?: Start): Listing {
    const { order, group } = this.#view;
    const isOneEvent = group === "event" && conditions.length > 0;
    const { conditions: own = [], narrowing = [], search = "", ...query } = this.#query;
    return new Listing(
      this.#source,
      this.#of,
      {
        ...query,
        conditions: isOneEvent ? conditions : [...own, ...conditions],
        narrowing: isOneEvent ? [] : narrowing,
        search: isOneEvent ? "" : search,
        order,
        ...(range ? { range } : {}),
      },
      start,
    );
  }
}
