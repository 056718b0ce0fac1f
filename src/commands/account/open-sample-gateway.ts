import * as vscode from "vscode";
import type { LocalAccount } from "../../account/local-account.ts";

/** Creates the sample gateway and shows it in the view. */
export async function openSampleGateway(sample: Pick<LocalAccount, "open">): Promise<void> {
  const title = vscode.l10n.t("Creating the sample logs…");
  await vscode.window.withProgress({ location: { viewId: "aiGateway.logs" }, title }, () => sample.open());
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}
