import * as vscode from "vscode";
import type { LogRef } from "../source/log.ts";
import { PlainError } from "../words/explain.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import { neighborOf, type Step } from "../logs/neighbor.ts";
import { isFolded } from "./children.ts";
import type { NodeCache } from "./node-cache.ts";
import { logNode, type GatewayNode, type GroupNode, type LogNode } from "./nodes.ts";
import type { Reads } from "./reads.ts";

/** Maximum number of pages to read for the next log while they have none. */
const PAGES = 3;

/** Error for a log that is not in the tree. */
export const unlisted = (): PlainError => new PlainError(vscode.l10n.t("This log isn't in the tree."));

/** Where the log is listed. */
type Listed = {
  gateway: GatewayNode;
  logs: GatewayLogs;
  nodes: NodeCache;
  reads: Pick<Reads<GatewayNode | GroupNode, GatewayNode, GatewayLogs>, "extend" | "failureOf">;
};

/**
 * Returns the log next to another one in display order. At the end of what is known of a group or a gateway, more of it is read
 * first: one call, or two where the first page of a group is what was known of it. Undefined at the ends of the list.
 * @throws PlainError for a log that is not in the tree; SourceError
 */
export async function adjacentLog(
  { gateway, logs, nodes, reads }: Listed,
  ref: LogRef,
  step: Step,
): Promise<LogNode | undefined> {
  if (!logs.has(ref.logId)) throw unlisted();
  let adjacent = neighborOf(logs, ref.logId, step);
  for (let pages = 0; adjacent?.type === "unread" && pages < PAGES; pages++) {
    const unread = adjacent;
    const isOfGroup = unread.of === "group" && !logs.isFlat;
    const of = isOfGroup ? nodes.group(gateway, logs, unread.key) : gateway;
    await reads.extend(of, `on from ${ref.logId}`, (known, signal) => {
      if (unread.of === "list") return known.loadOn(signal);
      if (unread.of === "gap") return known.loadEarlier(unread.key, signal);
      return known.loadMore(unread.key, signal);
    });
    const failure = reads.failureOf(of);
    if (failure) throw failure.error;
    adjacent = neighborOf(logs, ref.logId, step);
  }
  if (adjacent?.type === "unread")
    throw new PlainError(vscode.l10n.t("None of the next logs match. Load more in the tree."));
  if (!adjacent) return undefined;
  const known = logs.group(adjacent.key);
  return logNode(known && isFolded(logs, known) ? nodes.group(gateway, logs, adjacent.key) : gateway, adjacent.log);
}
