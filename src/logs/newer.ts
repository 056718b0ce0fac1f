import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";
import { ORDERS, type OrderName } from "./order.ts";
import { within } from "./window.ts";

/** How far back to look, in ms: a log may be listed some seconds after its time. */
const LATE = 10_000;

const secondOf = (time: Date): number => Math.floor(time.getTime() / 1000);

/** Polls for logs since a time, oldest first: each poll is one call, and continues where the last one ended. */
export class NewerLogs {
  /** The latest known time. */
  #newest: Date;
  /** Start time and page of the next poll. */
  #from: Date;
  #page = 1;

  constructor(since: Date) {
    this.#newest = since;
    this.#from = new Date(since.getTime() - LATE);
  }

  /**
   * Returns logs since the last poll, and from some seconds before it. `left`: number remaining for the next poll.
   * `list`: reads a page of matching logs, with additional conditions and an order.
   */
  async poll(list: (query: LogQuery) => Promise<LogPage>): Promise<{ logs: readonly Log[]; left: number }> {
    const asked = this.#page;
    const page = await list({
      filters: within({ start: this.#from }),
      page: asked,
      orderBy: "created_at",
      direction: "asc",
    });
    const { logs } = page;
    for (const { createdAt } of logs) if (createdAt > this.#newest) this.#newest = createdAt;
    if (page.rows < page.perPage) {
      this.#page = 1;
      this.#from = new Date(this.#newest.getTime() - LATE);
      return { logs, left: 0 };
    }
    const last = logs.at(-1);
    if (last && secondOf(last.createdAt) > secondOf(this.#from)) {
      // From its last second on, because deletions shift page numbers.
      this.#page = 1;
      this.#from = last.createdAt;
    } else {
      this.#page = asked + 1;
    }
    return { logs, left: Math.max(0, page.total - asked * page.perPage) };
  }
}

/**
 * Whether a log existed when a list was read up to `last` and is only unread yet: polls overlap that time. `askedAt`:
 * time of the list's request.
 */
export function wasThereAfter(last: Log, log: Log, order: OrderName, askedAt: Date): boolean {
  return ORDERS[order].compare(log, last) > 0 && (order === "newest" || log.createdAt <= askedAt);
}
