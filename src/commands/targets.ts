import * as vscode from "vscode";
import type { LogRef } from "../source/log.ts";
import { PlainError } from "../words/explain.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Node } from "../tree/nodes.ts";
import type { LogTreeView } from "../tree/view.ts";

/*
 * The targets of commands. The tree's menus call a command with a node, keys in the tree with "selection", a panel with
 * an ID, and the palette without an argument, which means the active log. A panel's title calls it with a URI that
 * identifies no log, and means the same.
 */

/** The argument of a command from the window. */
export type Target = Node | "selection" | vscode.Uri;

/** Sources of a command's target logs. */
export type Places = { panels: Pick<LogPanels, "active">; view: Pick<LogTreeView, "selectedLogs"> };

const noLog = (): PlainError =>
  new PlainError(vscode.l10n.t("Open a log first, or run the command from a log in the tree."));

const isLog = (node: Node) => node.kind === "log";

function refsIn(target: Target | LogRef | undefined, selected: readonly Node[], { panels, view }: Places): LogRef[] {
  if (target === "selection") return view.selectedLogs.map(({ ref }) => ref);
  if (target === undefined || target instanceof vscode.Uri)
    return panels.active ? [panels.active] : view.selectedLogs.map(({ ref }) => ref);
  if (!("kind" in target)) return [target];
  // A context menu on a row outside the selection is about that row alone.
  const nodes = selected.includes(target) ? selected : [target];
  return nodes.filter(isLog).map(({ ref }) => ref);
}

/**
 * Returns the target logs of a command; at least one.
 * @throws PlainError if there is none
 */
export function logsIn(
  target: Target | LogRef | undefined,
  selected: readonly Node[] | undefined,
  places: Places,
): readonly [LogRef, ...LogRef[]] {
  const [first, ...others] = refsIn(target, selected ?? [], places);
  if (!first) throw noLog();
  return [first, ...others];
}

/**
 * Returns the one target log of a command: the first.
 * @throws PlainError if there is none
 */
export function logIn(target: Target | LogRef | undefined, places: Places): LogRef {
  return logsIn(target, undefined, places)[0];
}
