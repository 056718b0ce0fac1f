import { Cursors, type Cursor } from "../../source/cursor.ts";
import { SourceError } from "../../source/errors.ts";
import type { Log } from "../../source/log.ts";
import { matchesRow } from "../../source/match.ts";
import type { CallOptions, Page, Query } from "../../source/query.ts";
import type { LogSource } from "../../source/source.ts";
import { call, SERVICE } from "./call.ts";
import { withFallbacks, type Row } from "./fallbacks.ts";
import type { Narrowing } from "./narrowing.ts";
import type { RunsServer } from "./runs.ts";
import { isGatewayUp } from "./server.ts";
import { messagesOf, parseList, type Asked, type Generation, type ListAnswer } from "./schema.ts";

/** Limit on a page's logs: 200 in generation 1, 500 in generation 2 (docs/verifywise-api.md: Paging). */
export const PAGE = 200;

const DEFAULT = 50;

/** A server, and the generation that answered last; undefined before the first answer. */
export type Server = RunsServer & { generation?: Generation };

/** One of a server's lists: the member of an answer that has its rows, how these are parsed, and what it's asked for. */
export type List = {
  path: string;
  member: "rows" | "logs";
  parse: (row: unknown, asked: Asked) => Log | undefined;
  narrowing: (query: Query, generation: Generation | undefined) => Narrowing;
};

/** A list's position: rows before it, what they are known by, and what the list is asked for. Only grows, when a page was taken. */
type Place = {
  seen: number;
  known: Set<string>;
  /** The time of the list's first rows, in ms since 1970: later ones have come since, and aren't of the list. */
  newest?: number;
  /** The last rows before it, which may be fallbacks of the next. */
  before?: readonly Row[];
  narrowing?: Narrowing;
  /** What is known began somewhere in the list: if it has moved away, nothing tells where to. */
  isPart?: true;
};

/** Number of rows in which a page's fallbacks of the next page's calls are looked for. */
const MOST_BEFORE = 20;

const start = (): Place => ({ seen: 0, known: new Set() });

/** Returns the time of a list's first rows. */
const newestOf = (rows: readonly (Log | undefined)[]): { newest?: number } => {
  const [first] = rows.flatMap((log) => log ?? []);
  return first ? { newest: first.createdAt.getTime() } : {};
};

const PLACES = new Cursors<Place>();

/** Corrects cursors: a place is a number of rows. */
export const CURSORS: NonNullable<LogSource["cursors"]> = {
  behind: (rows) => PLACES.to({ seen: rows.length, known: new Set(rows.map(({ id }) => id)), ...newestOf(rows) }),
  without: (cursor, count) => {
    const place = PLACES.placeOf(cursor);
    return PLACES.to({ ...place, seen: place.seen - count });
  },
};

/** Reads rows, and notes which generation they are of. @throws SourceError */
async function read(
  server: Server,
  { path, member }: List,
  query: URLSearchParams,
  given?: CallOptions,
): Promise<Exclude<ListAnswer, "down">> {
  const answer = parseList(await call(server, { method: "GET", path, query }, given), member);
  const facts = { service: SERVICE, path };
  if (answer === undefined) throw new SourceError("badAnswer", "The answer is not a list of logs.", facts);
  // An empty list of the second generation has its rows.
  if (answer === "down" && server.generation !== 2 && (await isGatewayUp(server, given)) === true)
    return { generation: 1, rows: [], total: undefined };
  if (answer === "down")
    throw new SourceError("serverError", "The AI gateway behind the server can't be reached.", {
      ...facts,
      status: 200,
    });
  server.generation = answer.generation;
  return answer;
}

/**
 * Returns how many rows before the last have its time: they may change places with later ones (docs/verifywise-api.md:
 * Paging), so the next page begins with the first of them. A row that can't be read may have any time. 0 if all have it,
 * or the list would never go on.
 */
function tiesOf(rows: readonly (Log | undefined)[]): number {
  const time = rows.findLast((log) => log !== undefined)?.createdAt.getTime();
  const before = rows.findLastIndex((log) => log !== undefined && log.createdAt.getTime() !== time);
  return before < 0 ? 0 : Math.max(0, rows.length - before - 2);
}

/** Whether all of several rows are of one time: they may change places with any row of the next page. */
const isOneTime = (rows: readonly (Log | undefined)[]): boolean =>
  rows.length > 1 && new Set(rows.flatMap((log) => log?.createdAt.getTime() ?? [])).size <= 1;

/** Whether no row after these matches: the list goes back in time. */
const isPast = (rows: readonly (Log | undefined)[], { start = -Infinity }: Narrowing): boolean =>
  rows.some((log) => log !== undefined && log.createdAt.getTime() < start);

/** Whether a server refused dates, as the second generation does: it was updated since it was asked last. */
const isOfDates = (error: unknown): boolean =>
  error instanceof SourceError && error.reason === "serverError" && error.status !== 200;

/**
 * Reads a page of a list that moves: it begins with the last known row. If that isn't there, either rows have come since,
 * which are left out, and pages behind them are read; or rows before it were purged, and earlier pages are read until one
 * has a known row; then later ones, until one has another. Returns undefined if a part of the list has moved away.
 * @throws SourceError
 */
async function pageAfter(
  server: Server,
  list: List,
  query: Query,
  place: Place,
  given: CallOptions | undefined,
): Promise<Page | undefined> {
  const { conditions = [], size = DEFAULT } = query;
  const { known, newest = Infinity, before = [], isPart } = place;
  const isFree = known.size === 0;
  const isLater = (log: Log | undefined): boolean => log !== undefined && log.createdAt.getTime() > newest;
  let narrowing = place.narrowing ?? list.narrowing(query, server.generation);
  let limit = Math.min(Math.max(size, 2), PAGE);
  let offset = Math.max(0, place.seen - 1);
  let hasPlace = false;
  for (;;) {
    const asked = new URLSearchParams({ ...narrowing.params, limit: String(limit), offset: String(offset) });
    const readAt = Date.now();
    let answer;
    try {
      answer = await read(server, list, asked, given);
    } catch (error) {
      if (!narrowing.isOfFirst || !isOfDates(error)) throw error;
    }
    if (!answer || (narrowing.isOfFirst && answer.generation === 2)) {
      // Other rows come before the place.
      narrowing = list.narrowing(query, undefined);
      offset = 0;
      continue;
    }
    const { rows, total, generation } = answer;
    const parsed = rows.map((row) => list.parse(row, { readAt, generation, origin: narrowing.origin }));
    // A row that can't be read is known by all it has, so that a page of such rows has an end, too.
    const keys = rows.map((row, index) => parsed[index]?.id ?? JSON.stringify(row));
    const isDone = (key: string, index: number): boolean => isLater(parsed[index]) || known.has(key);
    const end = offset + rows.length;
    const hasMore = rows.length === limit && (total === undefined || end < total);
    if (hasMore && limit < PAGE && isOneTime(parsed)) {
      limit = PAGE;
      continue;
    }
    hasPlace ||=
      (rows.length > 0 && parsed.every(isLater)) || isFree || offset === 0 || keys.some((key) => known.has(key));
    if (!hasPlace && isPart) return undefined;
    if (!hasPlace) {
      offset = Math.max(0, offset - limit + 1);
      continue;
    }
    if (hasMore && keys.every(isDone)) {
      limit = PAGE;
      offset = Math.max(offset + 1, end - tiesOf(parsed) - 1);
      continue;
    }
    const fresh = rows.flatMap((row, index): { log: Log | undefined; messages: string | undefined }[] =>
      isDone(keys[index] ?? "", index) ? [] : [{ log: parsed[index], messages: messagesOf(row) }],
    );
    const readable = fresh.filter((row): row is Row => row.log !== undefined);
    const logs = withFallbacks(readable, before);
    const malformed = fresh.length - logs.length;
    for (const key of keys.filter((_, index) => !isLater(parsed[index]))) known.add(key);
    const fitting = logs.filter((log) => matchesRow(log, conditions) && narrowing.hasWords(log));
    const next = {
      ...place,
      ...(isFree && !isPart ? newestOf(parsed) : {}),
      seen: end - tiesOf(parsed),
      before: [...before, ...readable].slice(-MOST_BEFORE),
      narrowing,
    };
    return {
      logs: fitting,
      malformed,
      ...(fitting.length < logs.length ? { rows: logs.length + malformed } : {}),
      isSorted: true,
      // Without the rows that have come since.
      total: narrowing.isExact && total !== undefined ? known.size + Math.max(0, total - end) : undefined,
      next: hasMore && !isPast(parsed, narrowing) ? PLACES.to(next) : undefined,
    };
  }
}

/** Reads a page of a list, each log once. @throws SourceError */
export async function listPage(
  server: Server,
  list: List,
  query: Query,
  after: Cursor | undefined,
  given: CallOptions | undefined,
): Promise<Page> {
  const page = await pageAfter(server, list, query, after ? PLACES.placeOf(after) : start(), given);
  return page ?? listPage(server, list, query, undefined, given);
}

/** Reads the rows from an offset on, or those after such a page; undefined if these have moved away. @throws SourceError */
export const readPart = (
  server: Server,
  list: List,
  from: number | Cursor,
  given: CallOptions | undefined,
): Promise<Page | undefined> => {
  const place: Place = typeof from === "number" ? { ...start(), seen: from + 1, isPart: true } : PLACES.placeOf(from);
  return pageAfter(server, list, { size: PAGE }, place, given);
};
