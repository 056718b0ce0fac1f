import { readDetail, takesIds } from "../source/rows.ts";
import type { LogSource } from "../source/source.ts";
import { SourceError } from "../source/errors.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import type { Batch } from "./fitting.ts";

/**
 * Whether a call failed because the API has nothing to return: the log doesn't exist, or its body is too large to be
 * stored.
 */
export const isNone = (error: unknown): boolean =>
  error instanceof SourceError && (error.status === 413 || error.reason === "notFound");

/** Returns the value of a call; undefined if the API has none. */
export async function orNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNone(error)) return undefined;
    throw error;
  }
}

/** Yields the logs with these IDs, in order; undefined for one that no longer exists. */
export async function* chosenLogs(
  source: LogSource,
  gateway: CollectionRef,
  logIds: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const options = { signal, priority: "background" } as const;
  const { lists } = source;
  const { pageSize } = lists;
  for (let start = 0; start < logIds.length; start += pageSize) {
    const ids = logIds.slice(start, start + pageSize);
    const conditions = [{ key: "id", operator: "eq" as const, value: ids }];
    const { logs } = takesIds(lists)
      ? await source.list(gateway, { conditions, size: pageSize }, undefined, options)
      : { logs: [] };
    const found = new Map<string, Log>(logs.map((log) => [log.id, log]));
    // No documentation promises that several values mean "one of them".
    for (const logId of ids.filter((id) => !found.has(id))) {
      const log = await orNone(readDetail(source, { ...gateway, logId }, options));
      if (log) found.set(logId, log);
    }
    yield { logs: ids.map((id) => found.get(id)), left: logIds.length - start };
  }
}
