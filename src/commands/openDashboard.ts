import * as vscode from "vscode";
import type { Node } from "../tree/nodes.ts";

/** Opens Cloudflare's dashboard: at the gateway of a node where it has one, else at its start. */
export async function openDashboard(node?: Node): Promise<void> {
  const owner = node?.kind === "state" ? node.parent : node;
  const path =
    owner?.kind === "gateway"
      ? `/${owner.ref.accountId}/ai/ai-gateway/gateways/${owner.ref.gatewayId}`
      : "/?to=/:account/ai/ai-gateway";
  await vscode.env.openExternal(vscode.Uri.parse(`https://dash.cloudflare.com${path}`));
}
