import type { CloudflareClient } from "../../sources/cloudflare/client.ts";
import type { AuditLine } from "../../sources/cloudflare/audit/query-line.ts";
import { answersAudit, matchesAudit } from "../../sources/cloudflare/audit/matches.ts";
import type { AuditPage, AuditQuery } from "../../sources/cloudflare/audit/calls.ts";
import type { AuditEntry } from "../../sources/cloudflare/audit/schema.ts";
import { SourceError } from "../../source/errors.ts";
import type { Calendar, Day } from "../../logs/days.ts";

/** Number of days listed at first. */
const FIRST_DAYS = 7;

/** The API's retention of entries (API notes: Audit log). */
const KEPT_MONTHS = 18;

/** Maximum number of pages read at once while none has a match. */
const PAGES = 10;

/** The entries read of one day. */
export type AuditDay = { day: Day; entries: readonly AuditEntry[] };

/** Dependencies and scope of a list. */
export type AuditListNeeds = {
  client: Pick<CloudflareClient, "listAuditLogs">;
  accountId: string;
  line: AuditLine;
  calendar: Calendar;
  now: Date;
  /** Entries per call; by default the API's 100. */
  limit?: number;
};

/** Returns the oldest time with entries in the API. */
export function keptSince(now: Date): Date {
  const since = new Date(now);
  since.setUTCMonth(since.getUTCMonth() - KEPT_MONTHS);
  return since;
}

/**
 * Returns a list's end: the filter's, but no later than the end of the current second; later entries belong to the next
 * list.
 */
function endOf({ before }: AuditLine, now: Date): Date {
  const next = new Date((Math.floor(now.getTime() / 1000) + 1) * 1000);
  return before && before < next ? before : next;
}

function daysBefore(time: Date, days: number, calendar: Calendar): Date {
  let day = calendar.dayOf(new Date(time.getTime() - 1));
  for (let back = 1; back < days; back++) day = calendar.dayBefore(day);
  return calendar.rangeOf(day).start;
}

/**
 * Checks a page against the filter.
 * @throws SourceError `filterIgnored` if the API returned other entries
 */
function checked(page: AuditPage, { filters, productCategories }: AuditLine): AuditPage {
  const byCategory = productCategories.length > 0;
  if (page.entries.every((entry) => answersAudit(entry, filters, { byCategory }))) return page;
  throw new SourceError("filterIgnored", "The API answered with entries that do not fit the filter.");
}

/** Returns a filter's part of a query, without the time. */
const askedBy = ({ filters, productCategories }: AuditLine): Pick<AuditQuery, "filters" | "productCategories"> => ({
  filters,
  productCategories,
});

/** Reads the newest entries in a filter's range, at most `limit`: one call. */
export async function newestEntries(needs: AuditListNeeds, signal: AbortSignal): Promise<AuditPage> {
  const { client, accountId, line, limit = 100 } = needs;
  const { since, before } = rangeOf(needs);
  const page = await client.listAuditLogs(accountId, { ...askedBy(line), since, before, limit }, { signal });
  return checked(page, line);
}

/** Maximum number of entries per call (API notes: Audit log). */
const MOST = 1000;

/**
 * Yields all entries that match a filter, newest first, page by page: in its range, or in all that the API keeps. The
 * range ends at the start of the iteration, so that new entries don't shift the pages. `read`: number of entries read,
 * including those that don't match the conditions checked here.
 */
export async function* allEntries(
  { line, accountId, now }: Pick<AuditListNeeds, "line" | "accountId" | "now">,
  list: (accountId: string, query: AuditQuery) => Promise<AuditPage>,
): AsyncGenerator<{ entries: AuditEntry[]; read: number }, void, undefined> {
  const window = { ...askedBy(line), since: line.since ?? keptSince(now), before: endOf(line, now), limit: MOST };
  let seen = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = checked(await list(accountId, { ...window, ...(cursor && { cursor }) }), line);
    const entries = page.entries.filter(({ id }) => !seen.has(id));
    yield { entries: entries.filter((entry) => matchesAudit(entry, line.clientSide)), read: entries.length };
    if (page.cursor === undefined || page.cursor === cursor) return;
    seen = new Set(page.entries.map(({ id }) => id));
    ({ cursor } = page);
  }
}

/** Returns a list's initial range and its earliest time. */
function rangeOf({ line, calendar, now }: Pick<AuditListNeeds, "line" | "calendar" | "now">) {
  const before = endOf(line, now);
  return { before, since: line.since ?? daysBefore(before, FIRST_DAYS, calendar), floor: line.since ?? keptSince(now) };
}

/**
 * The entries of an account that match a filter, newest first, as far as they are read. A list's range ends at its
 * creation, so that new entries don't shift the pages; the API's cursors continue within a window, and the next window
 * comes before it.
 */
export class AuditList {
  readonly #needs: AuditListNeeds;
  readonly #entries: AuditEntry[] = [];
  readonly #ids = new Set<string>();
  /** The earliest time of the list. */
  readonly #floor: Date;
  #before: Date;
  #since: Date;
  #cursor: string | undefined;
  #days: readonly AuditDay[] | undefined;
  /** Number of entries read, including those that don't match the conditions checked here. */
  read = 0;
  /** Number of received entries that couldn't be read. */
  malformed = 0;

  constructor(needs: AuditListNeeds) {
    this.#needs = needs;
    const { since, before, floor } = rangeOf(needs);
    this.#before = before;
    this.#since = since;
    this.#floor = floor;
  }

  get entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  /** Returns the days with entries, newest first. */
  get days(): readonly AuditDay[] {
    if (this.#days) return this.#days;
    const { calendar } = this.#needs;
    const days = Map.groupBy(this.#entries, ({ time }) => calendar.dayOf(time));
    return (this.#days = [...days].map(([day, entries]) => ({ day, entries })));
  }

  /** Returns the earliest time read so far. */
  get since(): Date {
    return this.#since;
  }

  /** Returns whether the current window has more pages. */
  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  /** Returns whether there may be entries before the current window. */
  get hasEarlier(): boolean {
    return this.#since > this.#floor;
  }

  /** Returns whether the filter sets the earliest time, instead of the API's retention. */
  get endsWithLine(): boolean {
    return this.#needs.line.since !== undefined;
  }

  /** Reads the first page: one call, or more while there is no match. */
  load(signal: AbortSignal): Promise<void> {
    return this.#readOn(undefined, signal);
  }

  /** Reads the next page of the window. */
  async loadMore(signal: AbortSignal): Promise<void> {
    if (this.#cursor !== undefined) await this.#readOn(this.#cursor, signal);
  }

  /** Reads the time before the window, in steps that double while they are empty: six calls for 18 empty months. */
  async loadEarlier(signal: AbortSignal): Promise<void> {
    const had = this.#entries.length;
    for (let days = FIRST_DAYS * 2; this.hasEarlier && !this.hasMore && this.#entries.length === had; days *= 2) {
      const before = this.#since;
      const since = new Date(Math.max(daysBefore(before, days, this.#needs.calendar).getTime(), this.#floor.getTime()));
      const [oldBefore, oldSince] = [this.#before, this.#since];
      this.#before = before;
      this.#since = since;
      try {
        await this.#readOn(undefined, signal);
      } catch (error) {
        // The unread window is still to come.
        if (this.#cursor === undefined) [this.#before, this.#since] = [oldBefore, oldSince];
        throw error;
      }
    }
  }

  async #readOn(cursor: string | undefined, signal: AbortSignal): Promise<void> {
    const had = this.#entries.length;
    let next = cursor;
    for (let pages = 0; pages < PAGES && this.#entries.length === had; pages++) {
      next = await this.#readPage(next, signal);
      if (next === undefined) return;
    }
  }

  /** Reads a page and returns the cursor of the next one. */
  async #readPage(cursor: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    const { client, accountId, line, limit = 100 } = this.#needs;
    const query = { ...askedBy(line), since: this.#since, before: this.#before, limit, ...(cursor && { cursor }) };
    const page = checked(await client.listAuditLogs(accountId, query, { signal }), line);
    signal.throwIfAborted();
    for (const entry of page.entries) {
      if (this.#ids.has(entry.id)) continue;
      this.#ids.add(entry.id);
      this.read += 1;
      if (matchesAudit(entry, line.clientSide)) this.#entries.push(entry);
    }
    this.malformed += page.malformed;
    // A repeated cursor would never end.
    this.#cursor = page.cursor === cursor ? undefined : page.cursor;
    this.#days = undefined;
    return this.#cursor;
  }
}
