import type { Log } from "../source/log.ts";
import type { Day } from "./days.ts";
import { Gaps } from "./gaps.ts";
import type { KnownLogs, LogPages } from "./known-logs.ts";
import { byDay } from "./log-group.ts";
import { NewerLogs } from "./newer.ts";
import { readShownPage } from "./shown-page.ts";
import type { ViewSource } from "./view-source.ts";
import { nextSecond } from "../source/query.ts";

/** Logs by time and day: the newest (or oldest) come first, whatever days they span, and "earlier" jumps empty stretches. */
export class PagedDays implements LogPages {
  readonly #known: KnownLogs;
  readonly #source: ViewSource;
  readonly #now: () => Date;
  readonly #gaps: Gaps;
  /** The last row of the first page, where days are missing after it. */
  unread: Log | undefined;
  total: number | undefined;
  malformed = 0;
  readonly hasMore = false;
  readonly left = 0;
  readonly isSorted = true;
  readonly end = undefined;

  constructor(known: KnownLogs, source: ViewSource, now: () => Date) {
    this.#known = known;
    this.#source = source;
    this.#now = now;
    this.#gaps = new Gaps(known.view);
  }

  get compare() {
    return byDay(this.#known.view.order);
  }

  get gaps(): readonly (Day | undefined)[] {
    return this.#gaps.days;
  }

  get isRead(): boolean {
    return this.#known.view.order === "newest" || this.gaps.length === 0;
  }

  load(signal: AbortSignal | undefined): Promise<void> {
    return this.#read(undefined, signal);
  }

  async loadEarlier(after: Day | undefined, signal: AbortSignal | undefined): Promise<void> {
    if (this.#gaps.has(after)) await this.#read(after, signal);
  }

  async reach(day: Day, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#known.groups.has(day)) await this.#read(this.#gaps.dayAbove(day), signal);
  }

  keep(before: LogPages, keys: readonly string[]): void {
    const { view, groups } = this.#known;
    const last = [...groups.values()]
      .map(({ known }) => known)
      .sort(this.compare)
      .at(-1)?.key;
    if (last === undefined || !(before instanceof PagedDays)) return;
    const today = view.calendar.dayOf(this.#now());
    for (const key of this.#gaps.keep(before.#gaps, [...keys], last, today)) this.#known.put(key);
  }

  drop(): void {}

  clear(): void {
    this.#gaps.clear();
  }

  async #read(after: Day | undefined, signal: AbortSignal | undefined): Promise<void> {
    const known = this.#known;
    const asked = this.#now();
    const list: Parameters<typeof readShownPage>[0] = (query, cursor) => this.#source.page(query, cursor, signal);
    const page = await readShownPage(list, this.#gaps.query(after));
    const { logs, next } = page;
    this.malformed += page.malformed;
    if (after === undefined) {
      this.total = page.total;
      // By the source's clock, where a log tells it.
      const [newest] = known.view.order === "newest" ? logs : [];
      if (newest) known.newer = new NewerLogs(newest.createdAt);
      if (next) this.unread = logs.at(-1);
    }
    known.askedAt ??= asked;
    known.readAt ??= page.end ?? nextSecond(asked, logs);
    const days = Map.groupBy(logs, (log) => known.keyOf(log));
    for (const { day, isWhole } of this.#gaps.fill(after, [...days.keys()], page, (one) => known.groups.has(one)))
      known.put(day, days.get(day), isWhole);
  }
}
