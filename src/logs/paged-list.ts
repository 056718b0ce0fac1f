import type { Log } from "../source/log.ts";
import type { KnownLogs, LogPages } from "./known-logs.ts";
import type { Listing } from "./listing.ts";
import { byFirst } from "./log-group.ts";
import { NewerLogs } from "./newer.ts";
import type { ViewSource } from "./view-source.ts";

/** All logs as one listing, which is that of the one group there is. */
export class PagedList implements LogPages {
  protected readonly known: KnownLogs;
  readonly #source: ViewSource;
  readonly #now: () => Date;
  /** The one listing, once its first page is read. */
  protected head: Listing | undefined;
  readonly gaps = [];

  constructor(known: KnownLogs, source: ViewSource, now: () => Date) {
    this.known = known;
    this.#source = source;
    this.#now = now;
  }

  get compare() {
    return byFirst(this.known.view.order);
  }

  get total(): number | undefined {
    return this.head?.total;
  }

  get hasMore(): boolean {
    return this.head?.hasMore === true;
  }

  get left(): number | undefined {
    const { total, logs = [], malformed = 0 } = this.head ?? {};
    return total === undefined ? undefined : Math.max(0, total - logs.length - malformed);
  }

  get isSorted(): boolean {
    return this.head ? this.head.isSorted : true;
  }

  get malformed(): number {
    return 0;
  }

  get isRead(): boolean {
    return !this.hasMore;
  }

  get unread(): Log | undefined {
    return this.hasMore ? this.head?.logs.at(-1) : undefined;
  }

  get end(): Date | undefined {
    return this.head?.end;
  }

  async load(signal: AbortSignal | undefined): Promise<void> {
    const { known } = this;
    const head = this.head ?? this.#source.listing([]);
    const asked = this.#now();
    const added = await head.more(signal);
    this.head = head;
    known.askedAt ??= asked;
    known.readAt ??= head.end;
    const [first] = head.logs;
    // By the source's clock, where a log tells it.
    if (first && (known.view.order === "newest" || !head.isSorted)) known.newer ??= new NewerLogs(first.createdAt);
    this.take(head, added);
  }

  /** Takes what a page of the listing has added. */
  protected take(head: Listing, added: readonly Log[]): void {
    const group = this.known.groups.get("") ?? this.known.put("");
    this.known.show(group, head, group.listing === head ? added : head.logs);
  }

  // There are no days.

  async loadEarlier(): Promise<void> {}
  async reach(): Promise<void> {}
  clear(): void {}

  keep(_before: LogPages, _keys: readonly string[]): void {}

  /** The group drops them from the listing, which is its own. */
  drop(_listed: readonly Log[]): void {}
}
