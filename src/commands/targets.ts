import * as vscode from "vscode";
import type { LogRef } from "../cloudflare/schema.ts";
import { PlainError } from "../words/explain.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Node } from "../tree/nodes.ts";
import type { LogTreeView } from "../tree/view.ts";

/*
 * What a command is meant for. It is called with a node by the tree's menus, with "selection" by the keys that are pressed in
 * the tree, with an id by a panel, and with nothing by the palette, which means the log in front; so does the address that
 * the title of a panel gives, which names no log.
 */

/** What of the window a command is called with. */
export type Target = Node | "selection" | vscode.Uri;

/** Where it is seen which logs are meant. */
export type Places = { panels: Pick<LogPanels, "active">; view: Pick<LogTreeView, "selectedLogs"> };

const noLog = (): PlainError =>
  new PlainError(vscode.l10n.t("Open a log first, or run the command from a log in the tree."));

const isLog = (node: Node) => node.kind === "log";

function refsIn(target: Target | LogRef | undefined, selected: readonly Node[], { panels, view }: Places): LogRef[] {
  if (target === "selection") return view.selectedLogs.map(({ ref }) => ref);
  if (target === undefined || target instanceof vscode.Uri)
    return panels.active ? [panels.active] : view.selectedLogs.map(({ ref }) => ref);
  if (!("kind" in target)) return [target];
  // A menu that is opened on a row outside the selection is about that row alone.
  const nodes = selected.includes(target) ? selected : [target];
  return nodes.filter(isLog).map(({ ref }) => ref);
}

/** All logs that a command is meant for; at least one. @throws PlainError when there is none */
export function logsIn(
  target: Target | LogRef | undefined,
  selected: readonly Node[] | undefined,
  places: Places,
): readonly [LogRef, ...LogRef[]] {
  const [first, ...others] = refsIn(target, selected ?? [], places);
  if (!first) throw noLog();
  return [first, ...others];
}

/** The one log that a command is meant for: the first of them. @throws PlainError when there is none */
export function logIn(target: Target | LogRef | undefined, places: Places): LogRef {
  return logsIn(target, undefined, places)[0];
}
