import type { Log } from "../cloudflare/schema.ts";
import type { Day } from "./days.ts";
import type { GatewayLogs } from "./gatewayLogs.ts";

/** Down or up in the order in which the tree shows logs, newest first. */
export type Step = "next" | "previous";

/** The log beside another one, or what has to be read to know it: more of a day, or (`day` undefined) the days before. */
export type Neighbour = { type: "log"; day: Day; log: Log } | { type: "unread"; day: Day | undefined };

/** What stands beside a log in the order shown; undefined at the ends, and for a log that is not among those known. */
export function neighbourOf(
  logs: Pick<GatewayLogs, "days" | "hasEarlier">,
  logId: string,
  step: Step,
): Neighbour | undefined {
  const { days } = logs;
  const at = days.findIndex((day) => day.logs.some(({ id }) => id === logId));
  const day = days[at];
  if (!day) return undefined;
  const index = day.logs.findIndex(({ id }) => id === logId);
  const beside = day.logs[step === "next" ? index + 1 : index - 1];
  if (beside) return { type: "log", day: day.day, log: beside };
  if (step === "previous") {
    const newer = days.slice(0, at).findLast((other) => other.logs.length > 0);
    const last = newer?.logs.at(-1);
    return newer && last && { type: "log", day: newer.day, log: last };
  }
  if (day.hasMore) return { type: "unread", day: day.day };
  const older = days.slice(at + 1).find((other) => other.logs.length > 0);
  const [first] = older?.logs ?? [];
  if (older && first) return { type: "log", day: older.day, log: first };
  return logs.hasEarlier ? { type: "unread", day: undefined } : undefined;
}
