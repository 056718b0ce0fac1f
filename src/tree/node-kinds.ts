import type { SavedFilter } from "../filter/saved.ts";
import type { Explanation } from "../words/explain.ts";

/*
 * What the trees of logs and of audit entries have in common, as data. An ID is a path of server IDs, so a node is the same one after a
 * refresh; a node knows its parent, so that it can be revealed.
 */

/** What any node has. */
export type TreeNode<Node> = { id: string; parent: Node | undefined };

/** The filters kept with a name, below what they filter. */
export type FiltersNode<Root> = { kind: "filters"; id: string; parent: Root };

/** `active`: its line is the one that is shown. */
export type FilterNode<Root> = {
  kind: "filter";
  id: string;
  parent: FiltersNode<Root>;
  saved: SavedFilter;
  active: boolean;
};

/** Why any list may not be shown, or not all of it. */
export type CommonState =
  | { type: "failed"; explanation: Explanation }
  /** The query line that is kept can't be read. */
  | { type: "badFilter"; problem: string }
  | { type: "malformed"; count: number };

/** Any text as a part of an ID. Half a surrogate pair, which somebody may have recorded, can't be encoded. */
export const part = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The node of the saved filters. */
export function filtersNode<Root extends { id: string }>(parent: Root): FiltersNode<Root> {
  return { kind: "filters", id: `${parent.id}/filters`, parent };
}

/** One saved filter; `filter` of a root is the line that it shows. */
export function filterNode<Root extends { filter: string }>(
  parent: FiltersNode<Root>,
  saved: SavedFilter,
): FilterNode<Root> {
  const owner = saved.ready ? "ready" : saved.gateway === undefined ? "all" : "own";
  const id = `${parent.id}/${owner}/${part(saved.name)}`;
  return { kind: "filter", id, parent, saved, active: parent.parent.filter === saved.filter.trim() };
}
