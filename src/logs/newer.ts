import type { CollectionRef, Log } from "../source/log.ts";
import type { CallOptions, Cursor, OrderName, Query } from "../source/query.ts";
import type { LogSource } from "../source/source.ts";
import { COMPARE } from "./order.ts";

/** Polls for logs since a time: each poll is one call, and continues where the last one ended. */
export class NewerLogs {
  #from: Date | Cursor;

  constructor(since: Date) {
    this.#from = since;
  }

  /**
   * Returns logs since the last poll, possibly some known ones. `left`: number remaining for the next poll. Of a source
   * that can't be asked for newer logs, its newest page.
   */
  async poll(
    source: Pick<LogSource, "newer" | "list">,
    of: CollectionRef,
    query: Query,
    options: CallOptions,
  ): Promise<{ logs: readonly Log[]; left: number }> {
    if (!source.newer) {
      const { logs } = await source.list(of, { ...query, order: "newest" }, undefined, options);
      return { logs, left: 0 };
    }
    const { logs, left, next } = await source.newer(of, query, this.#from, options);
    this.#from = next;
    return { logs, left };
  }
}

/**
 * Whether a log existed when a list was read up to `last` and is only unread yet: polls overlap that time. `askedAt`:
 * time of the list's request.
 */
export function wasThereAfter(last: Log, log: Log, order: OrderName, askedAt: Date): boolean {
  return COMPARE[order](log, last) > 0 && (order === "newest" || log.createdAt <= askedAt);
}
