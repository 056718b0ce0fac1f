import { type Beginning, commonMessages } from "../chat/beginning.ts";
import type { LogQuery } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";
import { nextSecond, within } from "./window.ts";

/** How many logs are read for their messages, at the most. */
const MOST_READ = 10;

/** One page of the logs before a log that went the same way, newest first. The API has no filter for the path. */
function queryBefore(log: Log): LogQuery {
  const { provider, model, createdAt } = log;
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
  return page
    .filter(({ id, path, createdAt }) => id !== log.id && path === log.path && createdAt <= log.createdAt)
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

/** How a log before was looked for: it, or undefined, and among how many. */
export type Previous = { previous: Log | undefined; listed: number };

/**
 * Finds the log before another one with the same first messages: one call for the list, then what `beginning` takes for ten logs at
 * the most, all at once. A log that `beginning` knows nothing of is passed over.
 */
export async function findPrevious(
  log: Log,
  own: Beginning,
  list: (query: LogQuery) => Promise<readonly Log[]>,
  beginning: (log: Log) => Promise<Beginning | undefined>,
): Promise<Previous> {
  const page = await list(queryBefore(log));
  const read = await Promise.all(
    candidatesFor(log, page).map(async (candidate) => ({ log: candidate, beginning: await beginning(candidate) })),
  );
  const known = read.flatMap(({ log, beginning }) => (beginning ? [{ log, beginning }] : []));
  return { previous: bestOf(own, known), listed: read.length };
}
