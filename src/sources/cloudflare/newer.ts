import { Cursors, type Cursor } from "../../source/cursor.ts";
import type { Log } from "../../source/log.ts";
import { within, type Query } from "../../source/query.ts";
import type { LogPage, LogQuery } from "./logs.ts";

/** How far back to look, in ms: a log may be listed some seconds after its time. */
const LATE = 10_000;

const secondOf = (time: Date): number => Math.floor(time.getTime() / 1000);

/** The latest known time, and start time and page of the next call. */
type Place = { newest: Date; from: Date; page: number };

const CURSORS = new Cursors<Place>();

const placeAt = (newest: Date): Place => ({ newest, from: new Date(newest.getTime() - LATE), page: 1 });

/** Returns logs since a time or the last call, and from some seconds before it, oldest first. One call. */
export async function newerLogs(
  list: (query: LogQuery) => Promise<LogPage>,
  { conditions = [], search, size }: Query,
  since: Date | Cursor,
): Promise<{ logs: readonly Log[]; left: number; next: Cursor }> {
  const place = since instanceof Date ? placeAt(since) : CURSORS.placeOf(since);
  const page = await list({
    filters: [...conditions, ...within({ start: place.from })],
    page: place.page,
    orderBy: "createdAt",
    direction: "asc",
    ...(search ? { search } : {}),
    ...(size === undefined ? {} : { perPage: size }),
  });
  const { logs } = page;
  const newest = logs.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), place.newest);
  if (page.rows < page.perPage) return { logs, left: 0, next: CURSORS.to(placeAt(newest)) };
  const last = logs.at(-1);
  const isLater = last !== undefined && secondOf(last.createdAt) > secondOf(place.from);
  // From its last second on, because deletions shift page numbers.
  const next = isLater ? { newest, from: last.createdAt, page: 1 } : { ...place, newest, page: place.page + 1 };
  return { logs, left: Math.max(0, page.total - place.page * page.perPage), next: CURSORS.to(next) };
}
