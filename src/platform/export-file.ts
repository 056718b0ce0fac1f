import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ExportOptions } from "../export/export.ts";
import type { Format } from "../logs/format.ts";
import { PlainError } from "../words/explain.ts";
import { progressWords } from "../words/export-words.ts";
import { signalOf, withoutLinks } from "./notify.ts";

/** Where a person chooses a file: the window, unless a test is in its place. */
export type SaveUi = Pick<typeof vscode.window, "showSaveDialog">;

/** Asks for the file to write; undefined when the person leaves. @throws PlainError for one that is on no disk here */
export async function askTarget(
  ui: SaveUi,
  { name: of, title, ending }: { name: string; title: string; ending: string },
): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? homedir();
  const name = `${of}-${new Date().toISOString().slice(0, 10)}${ending}`;
  const chosen = await ui.showSaveDialog({
    defaultUri: vscode.Uri.file(join(folder, name)),
    saveLabel: vscode.l10n.t("Export"),
    title,
    filters: { [ending.slice(1).toUpperCase()]: [ending.slice(1)] },
  });
  if (chosen && chosen.scheme !== "file") {
    throw new PlainError(vscode.l10n.t("Choose a folder on the machine where the extension runs."));
  }
  return chosen?.fsPath;
}

/** What an export is run with to tell how far it is, and to be canceled. */
export function exportOptions(
  progress: vscode.Progress<{ message: string; increment: number }>,
  token: vscode.CancellationToken,
  format: Format,
): ExportOptions {
  let shown = 0;
  return {
    signal: signalOf(token),
    onProgress: (far) => {
      const percent = far.total ? ((far.count + far.skipped) / far.total) * 100 : 0;
      progress.report({ message: progressWords(far, format), increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    },
  };
}

/** Tells what was written to a file, and opens or shows that when asked to. */
export async function tellWritten(
  ui: Pick<typeof vscode.window, "showInformationMessage">,
  file: string,
  words: string,
): Promise<void> {
  const t = vscode.l10n.t;
  const uri = vscode.Uri.file(file);
  const open = t("Open");
  // In a browser or on another machine there is no file manager to show it in.
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const show = t("Show");
  const answer = await ui.showInformationMessage(withoutLinks(words), ...(isHere ? [show, open] : [open]));
  if (answer === show) await vscode.commands.executeCommand("revealFileInOS", uri);
  if (answer === open) await vscode.commands.executeCommand("vscode.open", uri);
}
