import type { Log } from "../../source/log.ts";

/** A row, with its messages as text: undefined if none were recorded. */
export type Row = { log: Log; messages: string | undefined };

/** Longest time between a failure and its fallback's row, besides the fallback's own duration, in ms. */
const LONGEST_GAP = 500;

/** Whether a call is another's fallback: the same messages of the same caller went on to another endpoint at once. */
function isFallback({ log, messages }: Row, failed: Row): boolean {
  const { createdAt, endpoint, user, key } = failed.log;
  if (messages === undefined || messages !== failed.messages || log.endpoint === endpoint) return false;
  const gap = log.createdAt.getTime() - createdAt.getTime();
  return gap >= 0 && gap <= (log.durationMs ?? 0) + LONGEST_GAP && log.user === user && log.key === key;
}

/**
 * Returns the logs of rows, newest first, with failed calls and their fallbacks as events: nothing recorded connects them
 * (docs/verifywise-api.md: Fallbacks). An event has the ID of its log that was listed first: the failure, or a fallback
 * among the rows `before`.
 */
export function withFallbacks(rows: readonly Row[], before: readonly Row[]): Log[] {
  const events = new Map<Log, Pick<Log, "eventId" | "step" | "isEventInferred">>();
  for (const failed of rows.filter(({ log }) => !log.success)) {
    const known = before.find((row) => isFallback(row, failed))?.log;
    const later = known ?? rows.find((row) => row !== failed && !events.has(row.log) && isFallback(row, failed))?.log;
    if (!later || events.has(failed.log)) continue;
    const eventId = known?.id ?? failed.log.id;
    events.set(failed.log, { eventId, step: 1, isEventInferred: true });
    events.set(later, { eventId, step: 2, isEventInferred: true });
  }
  return rows.map(({ log }) => ({ ...log, ...events.get(log) }));
}
