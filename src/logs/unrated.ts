import type { Log } from "../cloudflare/schema.ts";
import type { Listing } from "./listing.ts";

/** The logs of a list that nobody has rated, one after the other; its pages are read as they are needed. */
export class UnratedLogs {
  readonly #listing: Pick<Listing, "logs" | "total" | "hasMore" | "more">;
  readonly #isUnrated: (log: Log) => boolean;
  /** Those that come before the rest of the list. */
  readonly #first: Log[] = [];
  #given = 0;

  /** `isUnrated`: whether a log is wanted, as far as that is known now; asked again when it is given. */
  constructor(listing: Pick<Listing, "logs" | "total" | "hasMore" | "more">, isUnrated: (log: Log) => boolean) {
    this.#listing = listing;
    this.#isUnrated = isUnrated;
  }

  /** How many are still to be given; of those that are not read yet some may be rated, so that `isMost` is the most there can be. */
  get left(): { count: number; isMost: boolean } {
    const { logs, total = 0, hasMore } = this.#listing;
    const read = [...this.#first, ...logs.slice(this.#given)].filter(this.#isUnrated).length;
    return { count: read + (hasMore ? Math.max(0, total - logs.length) : 0), isMost: hasMore };
  }

  /** The next one, or undefined at the end. @throws CloudflareError as the page that it reads; asked again, it goes on from there */
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

  /** Gives a log again, as the next one. */
  putBack(log: Log): void {
    this.#first.unshift(log);
  }
}
