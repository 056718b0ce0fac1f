import * as vscode from "vscode";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import { pageSize } from "../../platform/settings.ts";

/**
 * Asks for the number of logs to load at a time and writes the setting where it is already set, or else for the user.
 */
export async function setPageSize(ui: Ui = vscode.window): Promise<void> {
  const now = pageSize();
  const items = [10, 25, 50].map((size) => ({
    label: `${size === now ? "$(check)" : "$(blank)"} ${vscode.l10n.t("{0} logs", size)}`,
    size,
  }));
  const picked = await pickOne(ui, items, {
    title: vscode.l10n.t("Page Size"),
    placeholder: vscode.l10n.t("Select the number of logs to load at a time"),
    active: items.find(({ size }) => size === now),
  });
  if (!picked) return;
  const settings = vscode.workspace.getConfiguration("aiGateway");
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const inWorkspace = settings.inspect("pageSize")?.workspaceValue !== undefined;
  await settings.update("pageSize", picked.size, inWorkspace ? Workspace : Global);
}
