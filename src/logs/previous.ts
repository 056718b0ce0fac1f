import { type Beginning, commonMessages } from "../chat/beginning.ts";
import type { LogQuery } from "../cloudflare/logs.ts";
import { asRecorded } from "../cloudflare/filter/row-texts.ts";
import type { Log } from "../cloudflare/schema.ts";
import { nextSecond, within } from "./window.ts";

/** How many logs are read for their messages: so many at once, and at the most. */
const AT_ONCE = 10;
const MOST_READ = 30;

/** One page of the logs before a log that went the same way, newest first. The API has no filter for the path. */
function queryBefore(log: Log): LogQuery {
  const { provider, model, createdAt } = asRecorded(log);
  return {
    filters: [
      { key: "provider", operator: "eq", value: [provider] },
      ...(model === undefined ? [] : [{ key: "model", operator: "eq" as const, value: [model] }]),
      // The API compares seconds: another one of the same second is before it too.
      ...within({ end: nextSecond(createdAt, []) }),
    ],
    orderBy: "created_at",
    direction: "desc",
  };
}

/** How many tags two logs share. */
const sharedTags = (one: Log, other: Log): number =>
  Object.entries(one.metadata).filter(([name, value]) => other.metadata[name] === value).length;

const newestFirst = (one: Log, other: Log): number => other.createdAt.getTime() - one.createdAt.getTime();

/** The logs of a page that are worth reading: before the log and to the same path; those with its tags first, then the newest. */
function candidatesFor(log: Log, page: readonly Log[]): Log[] {
  const { path } = asRecorded(log);
  return page
    .filter((one) => one.id !== log.id && asRecorded(one).path === path && one.createdAt <= log.createdAt)
    .sort((one, other) => sharedTags(log, other) - sharedTags(log, one) || newestFirst(one, other))
    .slice(0, MOST_READ);
}

/** The log that begins as `beginning` does: the one with the most messages in common, of those the newest. */
function bestOf(beginning: Beginning, read: readonly { log: Log; beginning: Beginning }[]): Log | undefined {
  const begun = read
    .map(({ log, beginning: other }) => ({ log, common: commonMessages(beginning, other) }))
    .filter(({ common }) => common > 0);
  return begun.sort((one, other) => other.common - one.common || newestFirst(one.log, other.log))[0]?.log;
}

/** How a log before was looked for: it, or undefined, and how many were read. */
export type Previous = { previous: Log | undefined; read: number };

/**
 * Finds the log before another one with the same first messages: one call for the list, then what `beginning` takes for each of ten
 * logs at once, until some of them begin alike: thirty at the most. A log that `beginning` knows nothing of is passed over.
 */
export async function findPrevious(
  log: Log,
  own: Beginning,
  list: (query: LogQuery) => Promise<readonly Log[]>,
  beginning: (log: Log) => Promise<Beginning | undefined>,
): Promise<Previous> {
  const candidates = candidatesFor(log, await list(queryBefore(log)));
  for (let start = 0; start < candidates.length; start += AT_ONCE) {
    const read = await Promise.all(
      candidates.slice(start, start + AT_ONCE).map(async (candidate) => {
        const begins = await beginning(candidate);
        return begins ? [{ log: candidate, beginning: begins }] : [];
      }),
    );
    const previous = bestOf(own, read.flat());
    if (previous) return { previous, read: start + read.length };
  }
  return { previous: undefined, read: candidates.length };
}
