import type { Cursor } from "../../source/cursor.ts";
import { SourceError } from "../../source/errors.ts";
import type { Log } from "../../source/log.ts";
import type { Page } from "../../source/query.ts";
import { SERVICE } from "./call.ts";

/*
 * Finds a row by its ID, for which there is no call (docs/verifywise-api.md: Paging). IDs are serial numbers, so they
 * fall as the list goes on, but for some rows that are out of place, and with gaps.
 */

/**
 * Reads the rows from an offset on, or those after a page; undefined if the list has moved so far that what comes after
 * the page isn't known.
 */
export type ReadPage = (from: number | Cursor) => Promise<Page | undefined>;

/** Rows of higher IDs, or of lower ones, after which the row can't be before, or behind them: how far rows may be out of place. */
const MARGIN = 100;

/** How often the search begins again because the list has moved. */
const TRIES = 5;

const rowsOf = ({ logs, malformed }: Page): number => logs.length + malformed;

/** Whether rows are enough, and not of one time only: those have no order. */
const isClear = (logs: readonly Log[]): boolean =>
  logs.length >= MARGIN && logs[0]?.createdAt.getTime() !== logs.at(-1)?.createdAt.getTime();

const idOf = (log: Log | undefined): number => Number(log?.id ?? Number.NaN);

/**
 * Returns where a page is: `newer` if the row isn't before it, `older` if it isn't behind it; and whether it has rows of
 * higher and of lower IDs.
 */
function sidesOf({ logs }: Page, id: number) {
  const lower = logs.findIndex((log) => idOf(log) < id);
  const higher = logs.findLastIndex((log) => idOf(log) > id);
  return {
    newer: isClear(lower < 0 ? logs : logs.slice(0, lower)),
    older: isClear(logs.slice(higher + 1)),
    hasHigher: higher >= 0,
    hasLower: lower >= 0,
  };
}

/**
 * The last page known to be before the row, and the first offset known to be behind it, with its row's ID: NaN if none
 * was read there. `isOpen`: it isn't known either how long the list is.
 */
type Bracket = { page: Page; end: number; high: number; highId: number; isOpen: boolean };

/** Returns the offset of the page in the bracket's middle; in growing steps while there is no end in sight. */
function middleOf({ end, high, highId, isOpen }: Bracket, size: number): number {
  return (isOpen && Number.isNaN(highId) ? Math.sqrt(end * high) : (end + high) / 2) - size / 2;
}

/** Returns the offset of the page that has the row, if IDs fall evenly between the bracket's ends. */
function guessIn({ page: { logs }, end, high, highId }: Bracket, id: number, size: number): number {
  const [first, last] = [idOf(logs[0]), idOf(logs.at(-1))];
  const rowsPerId = Number.isNaN(highId) ? (logs.length - 1) / (first - last) : (high - end) / (last - highId);
  return end + (last - id) * rowsPerId - size / 2;
}

/**
 * Narrows the bracket until the row must be near its page's end. Guesses, and halves the bracket where a guess didn't;
 * reads the page before one that isn't on one side. Returns the row if it was on a page.
 */
async function narrow(bracket: Bracket, logId: string, size: number, read: ReadPage): Promise<Log | undefined> {
  const id = Number(logId);
  let next: "guess" | "middle" | "before" = "guess";
  while (bracket.end < bracket.high) {
    const { end, high } = bracket;
    const guess = guessIn(bracket, id, size);
    const wanted = next === "before" ? high - size : next === "guess" && guess < high ? guess : middleOf(bracket, size);
    const offset = Math.min(Math.max(end, Math.round(wanted)), high - 1);
    const page = await read(offset);
    if (!page) return undefined;
    const found = page.logs.find((log) => log.id === logId);
    if (found) return found;
    const { newer, hasHigher, hasLower } = sidesOf(page, id);
    if (newer) Object.assign(bracket, { page, end: offset + rowsOf(page) });
    else Object.assign(bracket, { high: offset, highId: idOf(page.logs[0]) });
    if (newer && hasLower) return undefined;
    const isHalved = bracket.high - bracket.end <= (high - end) / 2;
    next = !newer && hasHigher ? "before" : isHalved ? "guess" : "middle";
  }
  return undefined;
}

/** Returns the row; undefined if there is none; "moved" if the list moves so fast that this isn't known. */
async function search(logId: string, size: number, read: ReadPage): Promise<Log | "moved" | undefined> {
  const id = Number(logId);
  const named = ({ logs }: Page) => logs.find((log) => log.id === logId);
  const first = await read(0);
  if (!first) return "moved";
  if (named(first) || !first.next || sidesOf(first, id).older) return named(first);
  const end = rowsOf(first);
  // No more rows than IDs.
  const high = Math.min(first.total ?? Infinity, end + Math.max(0, idOf(first.logs.at(-1)) - id) + size);
  const bracket: Bracket = { page: first, end, high, highId: Number.NaN, isOpen: first.total === undefined };
  const found = await narrow(bracket, logId, size, read);
  if (found) return found;
  // Offsets have moved in the meantime: only what comes after known rows is certain.
  for (let { next } = bracket.page; next;) {
    const page = await read(next);
    if (!page) return "moved";
    if (named(page) || sidesOf(page, id).older) return named(page);
    ({ next } = page);
  }
  return undefined;
}

/**
 * Finds the row with an ID in some calls, also while rows come and go; undefined if there is none. `size`: rows of a
 * page.
 * @throws SourceError
 */
export async function findRow(logId: string, size: number, read: ReadPage): Promise<Log | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await search(logId, size, read);
    if (found !== "moved") return found;
  }
  throw new SourceError("timeout", "The list changes faster than it can be searched.", { service: SERVICE });
}
