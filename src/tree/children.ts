import type { Log } from "../source/log.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import type { LogGroup } from "../logs/log-group.ts";
import {
  callNode,
  earlierNode,
  groupNode,
  logNode,
  moreNode,
  stateNode,
  type GatewayNode,
  type GroupNode,
  type LogNode,
  type Node,
  type RunNode,
  type State,
} from "./nodes.ts";

/*
 * The nodes below a gateway and below a group, from what is loaded. Reads nothing.
 */

/** Whether a log has come since the tree was read. */
type IsNew = (logId: string) => boolean;

/** An event of more than one step; a later step tells that there are others before it. */
const isChain = (logs: readonly Log[]): boolean => logs.length > 1 || (logs[0]?.step ?? 0) > 1;

/** Whether a group has a node of its own: not where logs are one list, nor is an event of one step. */
export const isFolded = ({ isFlat, view }: GatewayLogs, known: LogGroup): boolean =>
  !isFlat && (view.group !== "event" || isChain(known.logs));

function logNodes(parent: GroupNode | GatewayNode, known: LogGroup, isNew: IsNew): LogNode[] {
  return known.logs.map((log) => logNode(parent, log, isNew(log.id)));
}

/** What a list says of itself after its rows. */
function states(
  parent: GatewayNode | GroupNode,
  { logs, loaded, malformed, hasMore }: LogGroup,
  service: string,
): Node[] {
  const all: State[] = [];
  if (malformed > 0) all.push({ type: "malformed", count: malformed });
  if (logs.length === 0 && loaded > 0) all.push({ type: "noneFitsHere", loaded, service });
  else if (logs.length === 0 && malformed === 0 && !hasMore) all.push({ type: "groupEmpty" });
  return all.map((state) => stateNode(parent, state));
}

const left = ({ total, loaded, malformed }: LogGroup): number | undefined =>
  total === undefined ? undefined : total - loaded - malformed;

/** The nodes of a group: its logs, what could not be read of it, and its next page. `service`: the one that has them. */
export function childrenOfGroup(node: GroupNode, known: LogGroup, service: string, isNew: IsNew): Node[] {
  const rows: Node[] = [...logNodes(node, known, isNew), ...states(node, known, service)];
  if (known.hasMore && known.opened) rows.push(moreNode(node, left(known)));
  return rows;
}

/** The nodes of a debug session: its calls, newest last. */
export function childrenOfRun(node: RunNode): Node[] {
  const { calls } = node.run;
  return calls.length > 0 ? calls.map((call) => callNode(node, call)) : [stateNode(node, { type: "noCalls" })];
}

/** What is to be known of a gateway's list before its rows: that it is sampled, or sorted or filtered here, as far as it is loaded. */
function notes(node: GatewayNode, logs: GatewayLogs): Node[] {
  const all: State[] = [];
  const { order } = logs.view;
  const { service } = logs;
  if (logs.isSampled) all.push({ type: "sampled", service });
  const total = logs.left === undefined ? undefined : logs.loaded + logs.left;
  if (!logs.isSorted && logs.hasMore) all.push({ type: "sortedHere", order, loaded: logs.loaded, total, service });
  const list = logs.isFlat ? logs.group("") : undefined;
  if (list && list.logs.length > 0 && list.logs.length < list.loaded)
    all.push({ type: "fitHere", fit: list.logs.length, loaded: list.loaded, service });
  return all.map((state) => stateNode(node, state));
}

/** The nodes of a gateway whose logs are one list. */
function childrenOfList(node: GatewayNode, logs: GatewayLogs, known: LogGroup, isNew: IsNew): Node[] {
  const rows = [...notes(node, logs), ...logNodes(node, known, isNew), ...states(node, known, logs.service)];
  return known.hasMore ? [...rows, moreNode(node, left(known))] : rows;
}

/** The nodes below a gateway: its groups or logs, and where there is more. None when it has no logs. */
export function childrenOfGateway(node: GatewayNode, logs: GatewayLogs, isNew: IsNew): Node[] {
  const { view } = logs;
  const list = logs.isFlat ? logs.group("") : undefined;
  if (list && (list.loaded > 0 || list.malformed > 0)) return childrenOfList(node, logs, list, isNew);
  if (logs.isFlat) return [];
  const rows: Node[] = [];
  const later = view.order === "oldest";
  const gaps = new Set(logs.gaps);
  for (const known of logs.groups) {
    const [only] = known.logs;
    if (only && !isFolded(logs, known)) rows.push(logNode(node, only, isNew(only.id)));
    else rows.push(groupNode(node, view.group, known));
    if (gaps.has(known.key)) rows.push(earlierNode(node, known.key, later));
  }
  if (logs.malformed > 0) rows.push(stateNode(node, { type: "malformed", count: logs.malformed }));
  // A gap after nothing, or after a day without a group of its own.
  for (const gap of gaps) if (gap === undefined || !logs.group(gap)) rows.push(earlierNode(node, gap, later));
  if (logs.hasMore) rows.push(moreNode(node, logs.left));
  return rows.length > 0 ? [...notes(node, logs), ...rows] : rows;
}
