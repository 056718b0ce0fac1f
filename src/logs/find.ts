import { SourceError, isAborted } from "../source/errors.ts";
import type { Page, Query } from "../source/query.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import type { LogIdCandidate } from "./log-ids.ts";

/** One call to a gateway. */
export type List = (gateway: CollectionRef, query: Query, signal: AbortSignal) => Promise<Page>;

/**
 * The log, or an event's logs in the order of their steps; otherwise where it's missing, and where the search failed.
 */
export type Search =
  | { type: "found"; gateway: CollectionRef; logs: Log[] }
  | { type: "none"; lookedIn: CollectionRef[]; failed: { gateway: CollectionRef; error: unknown }[] };

/** The gateway was asked and doesn't have the log. */
class NotHere extends Error {}

/** An ID that isn't a log's may be an event's. */
async function logsOf(
  gateway: CollectionRef,
  { logId }: LogIdCandidate,
  list: List,
  signal: AbortSignal,
): Promise<Log[]> {
  for (const [key, heldBy] of [
    ["id", (log: Log) => log.id],
    ["eventId", (log: Log) => log.eventId],
  ] as const) {
    const conditions = [{ key, operator: "eq" as const, value: [logId] }];
    const { logs } = await list(gateway, { conditions }, signal);
    // An API may ignore a filter that it can't parse.
    const fitting = logs.filter((log) => heldBy(log) === logId);
    if (fitting.length > 0) return fitting;
  }
  throw new NotHere();
}

const inOrder = (a: Log, b: Log): number =>
  (a.step ?? 0) - (b.step ?? 0) || a.createdAt.getTime() - b.createdAt.getTime();

/** Asks all gateways at once; the first match aborts the others. */
async function ask(
  gateways: readonly CollectionRef[],
  wanted: LogIdCandidate,
  list: List,
  signal: AbortSignal,
): Promise<Search> {
  const found = new AbortController();
  const either = AbortSignal.any([signal, found.signal]);
  try {
    return await Promise.any(
      gateways.map(async (gateway) => {
        const logs = await logsOf(gateway, wanted, list, either);
        return { type: "found" as const, gateway, logs: logs.sort(inOrder) };
      }),
    );
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    const reasons = gateways.map((gateway, index) => ({ gateway, error: error.errors[index] as unknown }));
    const aborted = signal.aborted && reasons.find((reason) => isAborted(reason.error));
    if (aborted) throw aborted.error;
    const failed = reasons.filter((reason) => !(reason.error instanceof NotHere));
    const lookedIn = reasons.filter((reason) => !failed.includes(reason)).map(({ gateway }) => gateway);
    return { type: "none", lookedIn, failed };
  } finally {
    found.abort();
  }
}

const isNamed = (gateway: CollectionRef, { sourceId, collectionId }: LogIdCandidate): boolean =>
  (sourceId !== undefined || collectionId !== undefined) &&
  (sourceId ?? gateway.sourceId) === gateway.sourceId &&
  (collectionId ?? gateway.collectionId) === gateway.collectionId;

/**
 * Finds a log: in its named gateway, else in any. At most two calls per gateway and ID: by log ID, then by event ID.
 * Several IDs are alternative names of one log; the next is tried if the previous one doesn't exist.
 * @throws SourceError `aborted` only; other failures are in the result
 */
export async function findLog(
  gateways: readonly CollectionRef[],
  wanted: readonly LogIdCandidate[],
  list: List,
  signal: AbortSignal,
): Promise<Search> {
  let search: Search = { type: "none", lookedIn: [], failed: [] };
  for (const one of wanted) {
    const { named = [], others = [] } = Object.groupBy(gateways, (gateway) =>
      isNamed(gateway, one) ? "named" : "others",
    );
    search = { type: "none", lookedIn: [], failed: [] };
    for (const group of [named, others]) {
      if (signal.aborted) throw new SourceError("aborted", "The search was canceled.");
      const asked = await ask(group, one, list, signal);
      if (asked.type === "found") return asked;
      search = {
        type: "none",
        lookedIn: [...search.lookedIn, ...asked.lookedIn],
        failed: [...search.failed, ...asked.failed],
      };
    }
  }
  return search;
}
