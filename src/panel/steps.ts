import type { LogSource } from "../source/source.ts";
import type { Log, LogRef } from "../source/log.ts";

/**
 * Returns the event ID if reading the other steps is worth a call: a log without other steps has the event's ID as its
 * own, and a call that succeeded at the first step has no others (API notes: Headers; Events and steps).
 */
export function eventOf(log: Log): string | undefined {
  const { eventId, step, id } = log;
  if (eventId === undefined || eventId === "" || step === undefined) return undefined;
  return eventId !== id || step > 1 || !log.success ? eventId : undefined;
}

/** Reads the other logs of a log's event, in the order of their steps. One call, after calls made for a user. */
export async function otherSteps(
  ref: LogRef,
  eventId: string,
  source: Pick<LogSource, "list">,
  signal: AbortSignal,
): Promise<Log[]> {
  const conditions = [{ key: "eventId", operator: "eq" as const, value: [eventId] }];
  const { logs } = await source.list(ref, { conditions }, undefined, { signal, priority: "background" });
  return logs
    .filter((log) => log.eventId === eventId && log.id !== ref.logId)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || a.createdAt.getTime() - b.createdAt.getTime());
}
