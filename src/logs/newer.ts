import type { CollectionRef, Log } from "../source/log.ts";
import { within, type CallOptions, type OrderName, type Query } from "../source/query.ts";
import type { Cursor } from "../source/cursor.ts";
import type { LogSource } from "../source/source.ts";
import { COMPARE } from "./order.ts";

/** How far back to look, in ms, unless the source says otherwise: a log may be listed some seconds after its time. */
const LATE = 10_000;

/** Limit on the pages of a poll of a source that can't be asked for newer logs. */
const MOST_PAGES = 10;

type Polled = { logs: readonly Log[]; left: number };

/** Polls for logs since a time: each poll continues where the last one ended. */
export class NewerLogs {
  #from: Date | Cursor;
  /** Of a list that is read instead: its newest log's time, all logs up to which are known after it. */
  #known: Date;
  #newest: Date;
  #cursor: Cursor | undefined;

  constructor(since: Date) {
    this.#from = since;
    this.#known = since;
    this.#newest = since;
  }

  /**
   * Returns logs since the last poll, possibly some known ones. `left`: at least how many remain for the next poll. One
   * call; a source that can't be asked for newer logs is listed from its newest one, up to ten pages.
   */
  async poll(
    source: Pick<LogSource, "newer" | "list" | "lists">,
    of: CollectionRef,
    query: Query,
    options: CallOptions,
  ): Promise<Polled> {
    if (!source.newer) return this.#listed(source, of, query, options);
    const { logs, left, next } = await source.newer(of, query, this.#from, options);
    this.#from = next;
    return { logs, left };
  }

  /** Reads pages, newest first, until one goes back to what is known. */
  async #listed(
    source: Pick<LogSource, "list" | "lists">,
    of: CollectionRef,
    query: Query,
    options: CallOptions,
  ): Promise<Polled> {
    const since = new Date(this.#known.getTime() - (source.lists.listedAfterMs ?? LATE));
    const logs: Log[] = [];
    const narrowing = [...(query.narrowing ?? []), ...within({ start: since })];
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await source.list(of, { ...query, narrowing, order: "newest" }, this.#cursor, options);
      const fresh = page.logs.filter(({ createdAt }) => createdAt >= since);
      logs.push(...fresh);
      for (const { createdAt } of fresh) if (createdAt > this.#newest) this.#newest = createdAt;
      this.#cursor = fresh.length < page.logs.length ? undefined : page.next;
      if (this.#cursor) continue;
      this.#known = this.#newest;
      return { logs, left: 0 };
    }
    return { logs, left: 1 };
  }
}

/**
 * Whether a log existed when a list was read up to `last` and is only unread yet: polls overlap that time, and logs of one
 * time may have no order among them. `askedAt`: time of the list's request.
 */
export function wasThereAfter(last: Log, log: Log, order: OrderName, askedAt: Date): boolean {
  if (order === "newest" && log.createdAt.getTime() === last.createdAt.getTime()) return true;
  return COMPARE[order](log, last) > 0 && (order === "newest" || log.createdAt <= askedAt);
}
