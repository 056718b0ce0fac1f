import { type Beginning, commonMessages } from "../chat/beginning.ts";
import { asRecorded, type Log } from "../source/log.ts";
import { nextSecond, type Query } from "../source/query.ts";

/** Number of logs whose messages are read: at once, and in total. */
const AT_ONCE = 10;
const MOST_READ = 30;

/** Query for one page of logs before a similar one, newest first. Paths aren't asked for: no source filters by them. */
function queryBefore(log: Log): Query {
  const { provider, model, createdAt } = asRecorded(log);
  return {
    conditions: [
      { key: "provider", operator: "eq", value: [provider] },
      ...(model === undefined ? [] : [{ key: "model", operator: "eq" as const, value: [model] }]),
    ],
    // Times are compared in seconds: another log of the same second also counts as before.
    range: { end: nextSecond(createdAt, []) },
    order: "newest",
  };
}

/** Returns the number of shared tags. */
const sharedTags = (one: Log, other: Log): number =>
  Object.entries(one.metadata).filter(([name, value]) => other.metadata[name] === value).length;

const newestFirst = (one: Log, other: Log): number => other.createdAt.getTime() - one.createdAt.getTime();

/**
 * Returns the logs of a page worth reading: earlier, with the same path; those with shared tags first, then the newest.
 */
function candidatesFor(log: Log, page: readonly Log[]): Log[] {
  const { path } = asRecorded(log);
  return page
    .filter((one) => one.id !== log.id && asRecorded(one).path === path && one.createdAt <= log.createdAt)
    .sort((one, other) => sharedTags(log, other) - sharedTags(log, one) || newestFirst(one, other))
    .slice(0, MOST_READ);
}

/** Returns the log with the most messages in common with `beginning`, the newest of those. */
function bestOf(beginning: Beginning, read: readonly { log: Log; beginning: Beginning }[]): Log | undefined {
  const begun = read
    .map(({ log, beginning: other }) => ({ log, common: commonMessages(beginning, other) }))
    .filter(({ common }) => common > 0);
  return begun.sort((one, other) => other.common - one.common || newestFirst(one.log, other.log))[0]?.log;
}

/** Result of a search for the preceding log: the log, or undefined, and how many were read. */
export type Previous = { previous: Log | undefined; read: number };

/**
 * Finds the preceding log with the same first messages: one call for the list, then `beginning` for ten logs at a time
 * until some match, thirty at most. Logs without a `beginning` are skipped.
 */
export async function findPrevious(
  log: Log,
  own: Beginning,
  list: (query: Query) => Promise<readonly Log[]>,
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
