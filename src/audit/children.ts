import type { AuditList } from "./core/list.ts";
import { dayNode, earlierNode, moreNode, stateNode, type AccountNode, type Node, type State } from "./nodes.ts";

/** The state of a list in addition to its rows. */
function notes(list: AuditList, { filter }: AccountNode): State[] {
  const { length } = list.entries;
  const states: State[] = [];
  if (length === 0 && filter === "" && list.read === 0) states.push({ type: "none", since: list.since });
  else if (length === 0) states.push({ type: "noMatch", since: list.since });
  if (length < list.read) states.push({ type: "fitHere", fit: length, read: list.read });
  if (list.malformed > 0) states.push({ type: "malformed", count: list.malformed });
  return states;
}

/** Returns the nodes below an account: the days read, and the way to earlier ones. */
export function childrenOf(node: AccountNode, list: AuditList): Node[] {
  const days = list.days.map(({ day, entries }, index) => {
    const isWhole = index < list.days.length - 1 || !list.hasMore;
    return dayNode(node, day, entries.length, isWhole);
  });
  const rows = [...notes(list, node).map((state) => stateNode(node, state)), ...days];
  if (list.hasMore) return [...rows, moreNode(node)];
  if (list.hasEarlier) return [...rows, earlierNode(node, list.since)];
  return [...rows, stateNode(node, { type: "end", of: list.endsWithLine ? "line" : "kept", since: list.since })];
}
