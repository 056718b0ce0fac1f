import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Condition } from "../cloudflare/filter/conditions.ts";
import type { Filter } from "../cloudflare/filter/query-line.ts";
import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { Calendar, TimeRange } from "./days.ts";
import type { GroupName } from "./grouping.ts";
import { Listing } from "./listing.ts";
import type { OrderName } from "./order.ts";

/** A view of a gateway's logs: filter, order, grouping. */
export type LogView = {
  filter: Filter;
  order: OrderName;
  group: GroupName;
  /** Logs per page: 1 to 50 (API notes: Paging). */
  pageSize: number;
  calendar: Calendar;
};

/** The source of a view's logs: the API, queried with its filter. */
export class Source {
  readonly #client: Pick<CloudflareClient, "listLogs">;
  readonly #gateway: GatewayRef;
  readonly #view: LogView;
  readonly #now: () => Date;

  constructor(client: Pick<CloudflareClient, "listLogs">, gateway: GatewayRef, view: LogView, now: () => Date) {
    this.#client = client;
    this.#gateway = gateway;
    this.#view = view;
    this.#now = now;
  }

  /** Reads a page of logs that match the filter and the query: one call. @throws CloudflareError */
  page(
    { filters = [], ...query }: LogQuery,
    signal: AbortSignal | undefined,
    priority?: "background",
  ): Promise<LogPage> {
    const { filter, pageSize } = this.#view;
    const all = [...filter.conditions, ...filters];
    const asked = { perPage: pageSize, filters: all, ...(filter.search ? { search: filter.search } : {}), ...query };
    return this.#client.listLogs(this.#gateway, asked, {
      ...(priority ? { priority } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  /**
   * Returns the listing for the filter and the conditions; for a single event, all its logs regardless of the filter.
   */
  listing(conditions: readonly Condition[], range?: TimeRange, start?: { logs: readonly Log[]; end?: Date }): Listing {
    const { filter, order, pageSize, group } = this.#view;
    const isOneEvent = group === "event" && conditions.length > 0;
    const query = {
      conditions: isOneEvent ? conditions : [...filter.conditions, ...conditions],
      search: isOneEvent ? "" : filter.search,
      order,
      pageSize,
      ...(range ? { range } : {}),
    };
    return new Listing(this.#client, this.#gateway, query, this.#now, start);
  }
}
