import * as vscode from "vscode";
import type { SourceOf } from "../../account/signed-in.ts";
import { capable } from "../../words/cannot.ts";
import { DASHBOARD_GATEWAYS } from "../../sources/cloudflare/names.ts";
import type { LogRef } from "../../source/log.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { LogTreeView } from "../../tree/view.ts";
import type { Target } from "../targets.ts";

type Places = {
  panels: Pick<LogPanels, "active">;
  view: Pick<LogTreeView, "selectedNode">;
  sourceOf: SourceOf;
};

/** Returns the collection that a command is for, and whether for its logs; undefined without one. */
function collectionIn(target: Target | LogRef | undefined, { panels, view }: Places) {
  const isInFront = target === undefined || target instanceof vscode.Uri;
  const meant = target === "selection" ? view.selectedNode : isInFront ? panels.active : target;
  if (meant && !("kind" in meant)) return { of: meant, ofLogs: true };
  const owner = meant?.kind === "state" ? meant.parent : meant;
  if (owner?.kind === "log" || owner?.kind === "group") return { of: owner.ref, ofLogs: true };
  return owner?.kind === "gateway" ? { of: owner.ref, ofLogs: false } : undefined;
}

/**
 * Opens the web page of the command's target, as specific as there is one: a single log has none. Without a target, the
 * list of Cloudflare's gateways.
 * @throws PlainError if the target's source has no pages
 */
export async function openDashboard(
  target: Target | LogRef | undefined,
  places: Places,
  open: (address: vscode.Uri) => Thenable<boolean> = vscode.env.openExternal,
): Promise<void> {
  const meant = collectionIn(target, places);
  const source = meant && (await places.sourceOf(meant.of));
  const address = meant && source ? capable(source.webPage, "canOpenPage")(meant.of, meant.ofLogs) : DASHBOARD_GATEWAYS;
  await open(vscode.Uri.parse(address));
}
