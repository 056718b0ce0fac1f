import type { Log } from "../source/log.ts";
import type { GatewayLogs } from "./gateway-logs.ts";

/** Direction in the tree's display order. */
export type Step = "next" | "previous";

/** The adjacent log, or what to read to find it: more of a group, what follows a day, or more of all. */
export type Neighbor =
  | { type: "log"; key: string; log: Log }
  | { type: "unread"; of: "group" | "gap"; key: string }
  | { type: "unread"; of: "list" };

/** Returns a log's neighbor in display order; undefined at the ends, and for an unknown log. */
export function neighborOf(
  logs: Pick<GatewayLogs, "groups" | "gaps" | "hasMore">,
  logId: string,
  step: Step,
): Neighbor | undefined {
  const { groups } = logs;
  const at = groups.findIndex((group) => group.logs.some(({ id }) => id === logId));
  const group = groups[at];
  if (!group) return undefined;
  const index = group.logs.findIndex(({ id }) => id === logId);
  const beside = group.logs[step === "next" ? index + 1 : index - 1];
  if (beside) return { type: "log", key: group.key, log: beside };
  if (step === "previous") {
    const above = groups.slice(0, at).findLast((other) => other.logs.length > 0);
    const last = above?.logs.at(-1);
    return above && last && { type: "log", key: above.key, log: last };
  }
  for (const below of groups.slice(at)) {
    const [first] = below === group ? [] : below.logs;
    if (first) return { type: "log", key: below.key, log: first };
    if (below.hasMore) return { type: "unread", of: "group", key: below.key };
    if (logs.gaps.includes(below.key)) return { type: "unread", of: "gap", key: below.key };
  }
  return logs.hasMore ? { type: "unread", of: "list" } : undefined;
}
