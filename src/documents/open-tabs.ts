import * as vscode from "vscode";

/** Returns the URIs in a tab: of a document, or of the two it compares. */
export function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

/** Closes tabs with matching documents, including comparisons. VS Code asks about unsaved ones. */
export async function closeTabs(isMeant: (uri: vscode.Uri) => boolean): Promise<void> {
  const { tabGroups } = vscode.window;
  const tabs = tabGroups.all.flatMap((group) => group.tabs).filter((tab) => urisOf(tab).some(isMeant));
  await tabGroups.close(tabs, true);
}
