import type { Log } from "../source/log.ts";
import type { Listing } from "./listing.ts";

/** Iterates a list's unrated logs, reading pages on demand. */
export class UnratedLogs {
  readonly #listing: Pick<Listing, "logs" | "total" | "hasMore" | "more">;
  readonly #isUnrated: (log: Log) => boolean;
  /** Logs that come before the rest of the list. */
  readonly #first: Log[] = [];
  #given = 0;

  /** `isUnrated`: whether a log is unrated, as far as known; checked again when the log's turn comes. */
  constructor(listing: Pick<Listing, "logs" | "total" | "hasMore" | "more">, isUnrated: (log: Log) => boolean) {
    this.#listing = listing;
    this.#isUnrated = isUnrated;
  }

  /** Number of remaining logs. `isMost`: an upper limit, because unread ones may be rated. */
  get left(): { count: number; isMost: boolean } {
    const { logs, total = 0, hasMore } = this.#listing;
    const read = [...this.#first, ...logs.slice(this.#given)].filter(this.#isUnrated).length;
    return { count: read + (hasMore ? Math.max(0, total - logs.length) : 0), isMost: hasMore };
  }

  /**
   * Returns the next one; undefined at the end. @throws SourceError from reading a page; calling again continues
   * there
   */
  async next(signal: AbortSignal): Promise<Log | undefined> {
    for (;;) {
      const log = this.#first.shift() ?? this.#listing.logs[this.#given++];
      if (log && this.#isUnrated(log)) return log;
      if (log) continue;
      this.#given = this.#listing.logs.length;
      if (!this.#listing.hasMore) return undefined;
      await this.#listing.more(signal);
    }
  }

  /** Returns a log to the front. */
  putBack(log: Log): void {
    this.#first.unshift(log);
  }
}
