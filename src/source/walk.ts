import type { CollectionRef, Log } from "./log.ts";
import type { CallOptions, Query } from "./query.ts";
import type { Cursor } from "./cursor.ts";
import type { LogSource } from "./source.ts";

/** A walk's position: the last second of which a log was given (in ms), and the given logs of that second. */
export type Reached = { second: number; ids: string[] };

/** `ahead`: limit on concurrent pages. A walk begins at logs before `bound`, and after `reached`. */
export type WalkOptions = CallOptions & {
  ahead?: number;
  bound: Date;
  reached?: Reached | undefined;
  /** Makes each call, to repeat it if need be; once by default. */
  attempt?: Attempt;
};

type Attempt = <T>(call: () => Promise<T>) => Promise<T>;

/** `unreadable`: number of rows without a log; `left`: number of rows after the page, undefined if unknown. */
export type WalkedPage = { logs: readonly Log[]; unreadable: number; left: number | undefined };

const secondOf = (log: Log): number => Math.floor(log.createdAt.getTime() / 1000) * 1000;

/** Moves a position past one log, the next one of a walk. */
export function reachedWith(reached: Reached | undefined, log: Log): Reached {
  const second = secondOf(log);
  if (reached?.second !== second) return { second, ids: [log.id] };
  reached.ids.push(log.id);
  return reached;
}

/** Whether a walk newest first has given a log up to `reached`. */
const isBehind = (log: Log, reached: Reached): boolean =>
  secondOf(log) > reached.second || (secondOf(log) === reached.second && reached.ids.includes(log.id));

/**
 * Lists all logs of a query, newest first and each once. A source that doesn't walk by itself is read page by page from
 * its first log, and what `reached` has behind it is left out.
 */
export async function* walk(
  source: Pick<LogSource, "list" | "walk">,
  of: CollectionRef,
  query: Query,
  walking: WalkOptions,
): AsyncGenerator<WalkedPage, void, undefined> {
  if (source.walk) {
    yield* source.walk(of, query, walking);
    return;
  }
  const { bound, reached, ahead: _ahead, attempt = (call) => call(), ...options } = walking;
  let count = 0;
  let cursor: Cursor | undefined;
  do {
    const place = cursor;
    const page = await attempt(() => source.list(of, { ...query, order: "newest" }, place, options));
    const { logs, malformed, total, next } = page;
    count += logs.length + malformed;
    const fresh = logs.filter((log) => log.createdAt < bound && !(reached && isBehind(log, reached)));
    yield { logs: fresh, unreadable: malformed, left: total === undefined ? undefined : Math.max(0, total - count) };
    cursor = next;
  } while (cursor);
}
