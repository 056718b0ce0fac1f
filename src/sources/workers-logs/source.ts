import { SourceError } from "../../source/errors.ts";
import type { LogDetail, LogRef } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import type { LogSource } from "../../source/source.ts";
import type { AccountEvents, GatewayEvent } from "./account-events.ts";
import { leafOf } from "./learned.ts";
import { listPage, PAGE } from "./paging.ts";

/** The name of the store, for people. */
const SERVICE = "Workers Observability";

/** How long after its time an event may be listed, in ms: up to 45 seconds were seen, and some more for good measure. */
const LISTED_AFTER = 120_000;

/** Least time between two automatic refreshes, in seconds: events take 11 to 45 seconds. */
const POLL_SECONDS = 15;

/** Whether an event has an ID: its own, or that of its log. */
const hasId = ({ eventId, log }: GatewayEvent, id: string): boolean => eventId === id || log.id === id;

/** Looks for a log at a time, with and without a filter; undefined if it isn't there. */
async function findAt(
  events: AccountEvents,
  { logId }: LogRef,
  at: number,
  options: CallOptions | undefined,
): Promise<GatewayEvent | undefined> {
  const scope = await events.scope(options);
  const timeframe = { from: at - 1, to: at + 1 };
  const ids = events.keys.id.map((key) => leafOf(key, "eq", logId));
  const named = { kind: "group" as const, filterCombination: "or" as const, filters: ids };
  for (const filters of [[named], []]) {
    const page = await events.events(scope, { timeframe, filters, limit: PAGE }, options);
    const found = (await events.parse(page.events, options)).find((one) => one && hasId(one, logId));
    if (found) return found;
  }
  return undefined;
}

/** Looks for a log in one window after the other; undefined if there is none. */
async function findAnywhere(
  events: AccountEvents,
  ref: LogRef,
  options: CallOptions | undefined,
): Promise<GatewayEvent | undefined> {
  const query = { conditions: [{ key: "id", operator: "eq" as const, value: [ref.logId] }] };
  let page = await listPage(events, ref, query, undefined, options);
  while (page.logs.length === 0 && page.next) page = await listPage(events, ref, query, page.next, options);
  const [found] = page.logs;
  return found && findAt(events, ref, found.createdAt.getTime(), options);
}

/** Reads a log with its bodies: one call if its time is known. @throws SourceError; `notFound` if there is none */
async function read(
  events: AccountEvents,
  ref: LogRef,
  options: CallOptions | undefined,
  listed: Pick<LogDetail, "createdAt"> | undefined,
): Promise<LogDetail> {
  const found = listed
    ? await findAt(events, ref, listed.createdAt.getTime(), options)
    : await findAnywhere(events, ref, options);
  if (found) return { ...found.log, id: ref.logId };
  throw new SourceError("notFound", "No event has this ID.", { service: SERVICE });
}

/** The events of an account's gateways as a source. They can only be read. */
export function workersLogsSource(events: AccountEvents, collections: LogSource["collections"]): LogSource {
  return {
    service: SERVICE,
    lists: {
      // One condition: what others leave out is checked in the rows.
      taken: (conditions) => conditions.filter(({ key, operator }) => key === "id" && operator === "eq").slice(0, 1),
      search: true,
      orders: new Set(["newest"]),
      byTime: true,
      pageSize: PAGE,
      total: "none",
      pollSeconds: POLL_SECONDS,
      listedAfterMs: LISTED_AFTER,
    },
    collections,
    list: (of, query, after, options) => listPage(events, of, query, after, options),
    read: (ref, options, listed) => read(events, ref, options, listed),
  };
}
