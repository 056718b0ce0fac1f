import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";
import { ORDERS, type OrderName } from "./order.ts";
import { within } from "./window.ts";

/** A log may be listed some seconds after its time: so far back newer ones are looked for, in ms. */
const LATE = 10_000;

const secondOf = (time: Date): number => Math.floor(time.getTime() / 1000);

/** Asks for the logs since a time, again and again, oldest first: each look is one call and goes on where the last one ended. */
export class NewerLogs {
  /** The latest time known. */
  #newest: Date;
  /** Where the next look begins, and at which page from there. */
  #from: Date;
  #page = 1;

  constructor(since: Date) {
    this.#newest = since;
    this.#from = new Date(since.getTime() - LATE);
  }

  /**
   * The logs since the last look, and some seconds from before it. `left`: how many there are for the next look.
   * `list` reads a page of the logs that fit, with these conditions and in this order added.
   */
  async look(list: (query: LogQuery) => Promise<LogPage>): Promise<{ logs: readonly Log[]; left: number }> {
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
      // From its last second on, since page numbers move when logs are deleted.
      this.#page = 1;
      this.#from = last.createdAt;
    } else {
      this.#page = asked + 1;
    }
    return { logs, left: Math.max(0, page.total - asked * page.perPage) };
  }
}

/**
 * Whether a log was there when a list was read up to `last`, and is only not read yet: newer ones are looked for from before
 * then. `askedAt`: when the list was asked for.
 */
export function wasThereAfter(last: Log, log: Log, order: OrderName, askedAt: Date): boolean {
  return ORDERS[order].compare(log, last) > 0 && (order === "newest" || log.createdAt <= askedAt);
}
