import * as vscode from "vscode";
import type { GatewayTokens } from "../../account/gateway-tokens.ts";
import { plain } from "../../logs/format.ts";

/** Removes one of the stored gateway tokens, which requests are sent with. */
export async function forgetGatewayToken(
  gatewayTokens: Pick<GatewayTokens, "gateways" | "remove">,
  window: Pick<typeof vscode.window, "showInformationMessage" | "showQuickPick"> = vscode.window,
): Promise<void> {
  const gateways = await gatewayTokens.gateways();
  if (gateways.length === 0) {
    void window.showInformationMessage(vscode.l10n.t("There are no gateway tokens."));
    return;
  }
  const items = gateways.map((gateway) => ({
    label: plain(gateway.collectionId),
    description: gateway.sourceId,
    gateway,
  }));
  const placeHolder = vscode.l10n.t("Select a gateway to remove its token. You'll be asked again when it's needed.");
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (!picked) return;
  await gatewayTokens.remove(picked.gateway);
  vscode.window.setStatusBarMessage(
    vscode.l10n.t("Removed the token for {0}.", plain(picked.gateway.collectionId)),
    5000,
  );
}
