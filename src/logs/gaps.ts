import type { Day } from "./days.ts";
import type { Cursor } from "../source/cursor.ts";
import type { ShownPage, ShownQuery } from "./shown-page.ts";
import type { LogView } from "./view-source.ts";

/** A day's position: after that day in display order, or (undefined) at the start. */
type After = Day | undefined;

/** Gaps between loaded days, in display order, and the queries that fill them. */
export class Gaps {
  readonly #view: LogView;
  /** Where to go on in a gap whose first rows can't be shown. */
  readonly #gaps = new Map<After, Cursor | undefined>();

  constructor(view: LogView) {
    this.#view = view;
  }

  get days(): readonly After[] {
    return [...this.#gaps.keys()];
  }

  has(after: After): boolean {
    return this.#gaps.has(after);
  }

  /** Marks all days as loaded: there are no more logs. */
  clear(): void {
    this.#gaps.clear();
  }

  /** Returns the query for what follows a day. */
  query(after: After): ShownQuery {
    const { order, calendar } = this.#view;
    const isNewestFirst = order === "newest";
    const range = after === undefined ? undefined : calendar.rangeOf(after);
    return {
      range: range ? (isNewestFirst ? { end: range.start } : { start: range.end }) : {},
      after: this.#gaps.get(after),
      order,
    };
  }

  /** Returns the preceding day in display order. */
  dayAbove(day: Day): Day {
    const { order, calendar } = this.#view;
    const { start, end } = calendar.rangeOf(day);
    return calendar.dayOf(order === "newest" ? end : new Date(start.getTime() - 1));
  }

  /**
   * Inserts a page's days into a gap, up to a loaded day, which closes it. Returns the new days, and whether the page
   * has all of each.
   */
  fill(
    after: After,
    days: readonly Day[],
    { next }: Pick<ShownPage, "next">,
    isKnown: (day: Day) => boolean,
  ): { day: Day; isWhole: boolean }[] {
    this.#gaps.delete(after);
    const joined = days.findIndex(isKnown);
    const fresh = joined < 0 ? days : days.slice(0, joined);
    // Only a page's last day can continue after it.
    const part = next && joined < 0 ? fresh.at(-1) : undefined;
    if (part !== undefined) this.#gaps.set(part, undefined);
    else if (next && days.length === 0) this.#gaps.set(after, next);
    return fresh.map((day) => ({ day, isWhole: day !== part }));
  }

  /** Keeps days and gaps from before a refresh that come after the last loaded day. Returns those of `known`. */
  keep(before: Gaps, known: readonly Day[], last: Day, today: Day): Day[] {
    const { order } = this.#view;
    // Without a gap, all days are loaded.
    if (!this.#gaps.has(last)) return [];
    const kept = known.filter((day) => (order === "newest" ? day < last : day > last));
    if (known.includes(last) && !before.#gaps.has(last) && kept.length > 0) this.#gaps.delete(last);
    for (const day of kept) {
      if (before.#gaps.has(day)) this.#gaps.set(day, before.#gaps.get(day));
    }
    // There may be new days after the last one.
    const end = kept.at(-1);
    if (order === "oldest" && end !== undefined && end < today && !this.#gaps.has(end)) this.#gaps.set(end, undefined);
    return kept;
  }
}
