import type { Conditions, Deletion } from "../../source/source.ts";
import { wireKeyOf } from "./wire-keys.ts";
import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import { SourceError } from "../../source/errors.ts";
import { matches, tells } from "./filter.ts";
import { encodeChecked, logsPath, type LogQuery } from "./logs.ts";
import { walkLogs } from "./walk.ts";
import type { CollectionRef, Log } from "../../source/log.ts";

/** At least one condition: DELETE without any deletes up to 10,000 logs (API notes: Deleting logs). */
export type DeleteQuery = {
  filters: Conditions;
  /** Limit on the deleted logs: 1 to 10,000. */
  limit: number;
  orderBy?: string;
  direction?: "asc" | "desc";
};

const MOST = 10_000;

/**
 * Deletes matching logs, exactly those read first with the same encoded filter: DELETE ignores whatever GET ignores,
 * and would delete the wrong logs. The DELETE call can't be aborted once sent.
 * @throws SourceError `invalid` for an empty filter or a wrong limit; with nothing deleted, `filterIgnored` if a
 * log from GET doesn't match or lacks the needed fields
 */
export async function deleteLogs(
  caller: Caller,
  gateway: CollectionRef,
  { filters, limit, orderBy = "createdAt", direction = "asc" }: DeleteQuery,
  options: CallOptions = {},
): Promise<Deletion> {
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new SourceError("invalid", "Logs are only deleted by at least one condition.");
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new SourceError("invalid", `The limit of a deletion is a whole number from 1 to ${MOST}.`);
  }
  const encoded = encodeChecked(filters);
  const query = { filters, orderBy, direction };
  const { logs, total } = await readHonoured(caller, gateway, query, limit, options);
  if (logs.length > 0) {
    const parameters = new URLSearchParams({
      filters: encoded,
      limit: String(logs.length),
      order_by: wireKeyOf(orderBy),
      order_by_direction: direction,
    });
    await caller.send({ method: "DELETE", path: logsPath(gateway), query: parameters }, options);
  }
  const ids = new Set(logs.map(({ id }) => id));
  return {
    logs,
    total,
    async left(of = options) {
      const left: Log[] = [];
      // In the order of deletion, the remaining ones come before all others.
      for await (const page of walkLogs(caller, gateway, query, { ...of, ahead: 1, wanted: logs.length })) {
        const there = page.logs.filter(({ id }) => ids.has(id));
        if (there.length === 0) break;
        left.push(...there);
      }
      return left;
    },
  };
}

const refusal = (message: string) => new SourceError("filterIgnored", `${message} Nothing was deleted.`);

/** Reads and checks the logs to delete, up to the limit. */
async function readHonoured(
  caller: Caller,
  gateway: CollectionRef,
  query: LogQuery & { filters: Conditions },
  limit: number,
  options: CallOptions,
): Promise<{ logs: Log[]; total: number }> {
  const logs: Log[] = [];
  let total = 0;
  for await (const page of walkLogs(caller, gateway, query, { ...options, wanted: limit })) {
    total = page.total;
    if (page.malformed > 0) {
      throw refusal("The API answered with logs that cannot be read, so they cannot be checked.");
    }
    if (!page.logs.every((log) => query.filters.every((condition) => tells(log, condition)))) {
      throw refusal("The logs do not tell whether they fit the filter: delete them by their ids.");
    }
    if (page.unmeant > 0 || !page.logs.every((log) => matches(log, query.filters))) {
      throw refusal("The API answered with logs that do not fit the filter.");
    }
    logs.push(...page.logs);
  }
  return { logs: logs.slice(0, limit), total };
}
