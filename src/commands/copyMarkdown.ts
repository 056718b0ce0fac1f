import * as vscode from "vscode";
import { PlainError } from "../explain.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Read } from "../panel/reading.ts";

/** Puts the whole conversation of the log in front on the clipboard, as Markdown. */
export async function copyMarkdown(panels: Pick<LogPanels, "activePanel">, read: Read): Promise<void> {
  const panel = panels.activePanel;
  if (!panel) throw new PlainError(vscode.l10n.t("Open a log first."));
  if (!panel.exchange) throw new PlainError(vscode.l10n.t("This log is not read yet."));
  await vscode.env.clipboard.writeText(await read("markdown", panel.exchange));
  vscode.window.setStatusBarMessage(vscode.l10n.t("Conversation copied as Markdown"), 3000);
}
