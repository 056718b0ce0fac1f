import type { Day } from "./days.ts";
import type { ShownPage, ShownQuery } from "./shown-page.ts";
import type { LogView } from "./source.ts";

/** A day's place: after that day, in the order shown, or (undefined) after nothing. */
type After = Day | undefined;

/** Where days may be missing among those known, in the order shown; and what is asked for there. */
export class Gaps {
  readonly #view: LogView;
  /** `skip` rows there cannot be shown. */
  readonly #gaps = new Map<After, { skip: number }>();

  constructor(view: LogView) {
    this.#view = view;
  }

  get days(): readonly After[] {
    return [...this.#gaps.keys()];
  }

  has(after: After): boolean {
    return this.#gaps.has(after);
  }

  /** Says that no day is missing: there are no logs any more. */
  clear(): void {
    this.#gaps.clear();
  }

  /** What is asked for to know what follows a day. */
  query(after: After): ShownQuery {
    const { order, pageSize, calendar } = this.#view;
    const isNewestFirst = order === "newest";
    const range = after === undefined ? undefined : calendar.rangeOf(after);
    return {
      range: range ? (isNewestFirst ? { end: range.start } : { start: range.end }) : {},
      skip: this.#gaps.get(after)?.skip ?? 0,
      pageSize,
      direction: isNewestFirst ? "desc" : "asc",
    };
  }

  /** The day after which a day stands. */
  dayAbove(day: Day): Day {
    const { order, calendar } = this.#view;
    const { start, end } = calendar.rangeOf(day);
    return calendar.dayOf(order === "newest" ? end : new Date(start.getTime() - 1));
  }

  /**
   * Puts the days of a page into a gap, up to one that is known already: there it is closed. The days that were missing, and
   * whether the page has the whole of each.
   */
  fill(
    after: After,
    days: readonly Day[],
    { hasMore, seen }: Pick<ShownPage, "hasMore" | "seen">,
    isKnown: (day: Day) => boolean,
  ): { day: Day; isWhole: boolean }[] {
    this.#gaps.delete(after);
    const joined = days.findIndex(isKnown);
    const fresh = joined < 0 ? days : days.slice(0, joined);
    // Only the last day of a page can go on beyond it.
    const part = hasMore && joined < 0 ? fresh.at(-1) : undefined;
    if (part !== undefined) this.#gaps.set(part, { skip: 0 });
    else if (hasMore && days.length === 0) this.#gaps.set(after, { skip: seen });
    return fresh.map((day) => ({ day, isWhole: day !== part }));
  }

  /**
   * Takes over what was known before a refresh after the last day known now: the days `known` there, which are given back, with
   * the gaps after them.
   */
  keep(before: Gaps, known: readonly Day[], last: Day, today: Day): Day[] {
    const { order } = this.#view;
    // Without a gap these are all days there are.
    if (!this.#gaps.has(last)) return [];
    const kept = known.filter((day) => (order === "newest" ? day < last : day > last));
    if (known.includes(last) && !before.#gaps.has(last) && kept.length > 0) this.#gaps.delete(last);
    for (const day of kept) {
      const gap = before.#gaps.get(day);
      if (gap) this.#gaps.set(day, gap);
    }
    // Since then there may be days after the last one.
    const end = kept.at(-1);
    if (order === "oldest" && end !== undefined && end < today && !this.#gaps.has(end))
      this.#gaps.set(end, { skip: 0 });
    return kept;
  }
}
