import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";

/**
 * The event whose other steps are worth a call, or undefined: a log that is the only one of its event has the event's id for
 * its own, and of a call that went through at the first step there is no other (API notes: Headers; Events and steps).
 */
export function eventOf(log: Log): string | undefined {
  const { eventId, step, id } = log;
  if (eventId === undefined || eventId === "" || step === undefined) return undefined;
  return eventId !== id || step > 1 || !log.success ? eventId : undefined;
}

/** The other logs of a log's event, in the order of their steps. One call, after those of people. */
export async function otherSteps(
  ref: LogRef,
  eventId: string,
  client: Pick<CloudflareClient, "listLogs">,
  signal: AbortSignal,
): Promise<Log[]> {
  const filters = [{ key: "event_id", operator: "eq" as const, value: [eventId] }];
  const { logs } = await client.listLogs(ref, { filters }, { signal, priority: "background" });
  return logs
    .filter((log) => log.eventId === eventId && log.id !== ref.logId)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || a.createdAt.getTime() - b.createdAt.getTime());
}
