import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { AuditLine } from "../../cloudflare/audit/query-line.ts";
import { answersAudit, matchesAudit } from "../../cloudflare/audit/matches.ts";
import type { AuditPage, AuditQuery } from "../../cloudflare/audit/calls.ts";
import type { AuditEntry } from "../../cloudflare/audit/schema.ts";
import { CloudflareError } from "../../cloudflare/errors.ts";
import type { Calendar, Day } from "../../logs/days.ts";

/** Days that are listed at first. */
const FIRST_DAYS = 7;

/** How far back the API keeps entries (API notes: Audit log). */
const KEPT_MONTHS = 18;

/** Pages that are read in one go while nothing in them fits. */
const PAGES = 10;

/** The entries of one day that are read. */
export type AuditDay = { day: Day; entries: readonly AuditEntry[] };

/** What a list is made of. */
export type AuditListNeeds = {
  client: Pick<CloudflareClient, "listAuditLogs">;
  accountId: string;
  line: AuditLine;
  calendar: Calendar;
  now: Date;
  /** Entries a call; the API's 100 unless given. */
  limit?: number;
};

/** The oldest time that the API may still have entries of. */
export function keptSince(now: Date): Date {
  const since = new Date(now);
  since.setUTCMonth(since.getUTCMonth() - KEPT_MONTHS);
  return since;
}

/** Where a list ends: where the line says, but not after the whole second that is; what comes later belongs to the next list. */
function endOf({ before }: AuditLine, now: Date): Date {
  const next = new Date((Math.floor(now.getTime() / 1000) + 1) * 1000);
  return before && before < next ? before : next;
}

function daysBefore(time: Date, days: number, calendar: Calendar): Date {
  let day = calendar.dayOf(new Date(time.getTime() - 1));
  for (let back = 1; back < days; back++) day = calendar.dayBefore(day);
  return calendar.rangeOf(day).start;
}

/** What the API could not be asked, or not answered with in good faith. @throws CloudflareError `filterIgnored` */
function checked(page: AuditPage, { filters, productCategories }: AuditLine): AuditPage {
  const byCategory = productCategories.length > 0;
  if (page.entries.every((entry) => answersAudit(entry, filters, { byCategory }))) return page;
  throw new CloudflareError("filterIgnored", "The API answered with entries that do not fit the filter.");
}

/** What is asked of the API for a line, but for the time. */
const askedBy = ({ filters, productCategories }: AuditLine): Pick<AuditQuery, "filters" | "productCategories"> => ({
  filters,
  productCategories,
});

/** The newest entries of the range that a line asks for, at most `limit`: one call. */
export async function newestEntries(needs: AuditListNeeds, signal: AbortSignal): Promise<AuditPage> {
  const { client, accountId, line, limit = 100 } = needs;
  const { since, before } = rangeOf(needs);
  const page = await client.listAuditLogs(accountId, { ...askedBy(line), since, before, limit }, { signal });
  return checked(page, line);
}

/** The most entries that a call gives (API notes: Audit log). */
const MOST = 1000;

/**
 * All entries that fit a line, newest first, a page at a time: of its range, or of all that the API keeps. The time ends when it begins, so that
 * what comes meanwhile moves nothing. `read`: entries read, of which some may not fit what is looked for here.
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
    yield { entries: entries.filter((entry) => matchesAudit(entry, line.here)), read: entries.length };
    if (page.cursor === undefined || page.cursor === cursor) return;
    seen = new Set(page.entries.map(({ id }) => id));
    ({ cursor } = page);
  }
}

/** From when to when a list begins with. */
function rangeOf({ line, calendar, now }: Pick<AuditListNeeds, "line" | "calendar" | "now">) {
  const before = endOf(line, now);
  return { before, since: line.since ?? daysBefore(before, FIRST_DAYS, calendar), floor: line.since ?? keptSince(now) };
}

/**
 * The entries of an account that fit a line, newest first, as far as they are read. The time of a list ends when it is made, so that what
 * comes meanwhile moves nothing; within a window the API's cursors lead on, and before it there is the next window.
 */
export class AuditList {
  readonly #needs: AuditListNeeds;
  readonly #entries: AuditEntry[] = [];
  readonly #ids = new Set<string>();
  /** As far back as it goes. */
  readonly #floor: Date;
  #before: Date;
  #since: Date;
  #cursor: string | undefined;
  #days: readonly AuditDay[] | undefined;
  /** How many entries were read, also those that did not fit what is looked for here. */
  read = 0;
  /** How many of those given could not be read. */
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

  /** The days with entries, newest first. */
  get days(): readonly AuditDay[] {
    if (this.#days) return this.#days;
    const { calendar } = this.#needs;
    const days = Map.groupBy(this.#entries, ({ time }) => calendar.dayOf(time));
    return (this.#days = [...days].map(([day, entries]) => ({ day, entries })));
  }

  /** How far back it was looked. */
  get since(): Date {
    return this.#since;
  }

  /** Whether the window that is read has more. */
  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  /** Whether there may be entries before that window. */
  get hasEarlier(): boolean {
    return this.#since > this.#floor;
  }

  /** Whether the line says how far back it goes, and not what the API keeps. */
  get endsWithLine(): boolean {
    return this.#needs.line.since !== undefined;
  }

  /** Reads the first page: one call, or some more while nothing in them fits. */
  load(signal: AbortSignal): Promise<void> {
    return this.#readOn(undefined, signal);
  }

  /** Reads the next page of the window. */
  async loadMore(signal: AbortSignal): Promise<void> {
    if (this.#cursor !== undefined) await this.#readOn(this.#cursor, signal);
  }

  /** Reads what is before the window, in steps that double while there is nothing: six calls for 18 empty months. */
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
        // What was not read is still before.
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

  /** Reads a page; what asks for the next one. */
  async #readPage(cursor: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    const { client, accountId, line, limit = 100 } = this.#needs;
    const query = { ...askedBy(line), since: this.#since, before: this.#before, limit, ...(cursor && { cursor }) };
    const page = checked(await client.listAuditLogs(accountId, query, { signal }), line);
    signal.throwIfAborted();
    for (const entry of page.entries) {
      if (this.#ids.has(entry.id)) continue;
      this.#ids.add(entry.id);
      this.read += 1;
      if (matchesAudit(entry, line.here)) this.#entries.push(entry);
    }
    this.malformed += page.malformed;
    // A walk that stands still would never end.
    this.#cursor = page.cursor === cursor ? undefined : page.cursor;
    this.#days = undefined;
    return this.#cursor;
  }
}
