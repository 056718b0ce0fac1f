import type { EmptyReason, LogSource } from "../source/source.ts";
import type { CollectionRef } from "../source/log.ts";
import type { State } from "./nodes.ts";

const STATES: Readonly<Record<EmptyReason, State>> = {
  loggingOff: { type: "loggingOff" },
  gone: { type: "gatewayGone" },
  otherStore: { type: "otherStore" },
  noLogs: { type: "noLogs", maybeOtherStore: false },
  noLogsOrOtherStore: { type: "noLogs", maybeOtherStore: true },
};

/** Why a collection has no logs. At most one call. */
export async function emptyState(
  source: Pick<LogSource, "whyEmpty">,
  of: CollectionRef,
  signal: AbortSignal,
): Promise<State> {
  return STATES[(await source.whyEmpty?.(of, { signal })) ?? "noLogs"];
}
