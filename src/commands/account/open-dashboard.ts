import * as vscode from "vscode";
import type { GatewayRef, LogRef } from "../../cloudflare/schema.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { LogTreeView } from "../../tree/view.ts";
import type { Target } from "../targets.ts";

type Places = { panels: Pick<LogPanels, "active">; view: Pick<LogTreeView, "selectedNode"> };

/** Returns the dashboard URL of a gateway or its logs. A single log has no URL there. */
const pageOf = ({ accountId, gatewayId }: GatewayRef, ofLogs: boolean): string =>
  `/${accountId}/ai/ai-gateway/gateways/${gatewayId}${ofLogs ? "/logs" : ""}`;

/** Returns the most specific dashboard URL for the command's target: without one, the list of gateways. */
function pathOf(target: Target | LogRef | undefined, { panels, view }: Places): string {
  const isInFront = target === undefined || target instanceof vscode.Uri;
  const meant = target === "selection" ? view.selectedNode : isInFront ? panels.active : target;
  if (meant && !("kind" in meant)) return pageOf(meant, true);
  const owner = meant?.kind === "state" ? meant.parent : meant;
  if (owner?.kind === "log" || owner?.kind === "group") return pageOf(owner.ref, true);
  return owner?.kind === "gateway" ? pageOf(owner.ref, false) : "/?to=/:account/ai/ai-gateway";
}

/** Opens Cloudflare's dashboard. */
export async function openDashboard(
  target: Target | LogRef | undefined,
  places: Places,
  open: (address: vscode.Uri) => Thenable<boolean> = vscode.env.openExternal,
): Promise<void> {
  await open(vscode.Uri.parse(`https://dash.cloudflare.com${pathOf(target, places)}`));
}
