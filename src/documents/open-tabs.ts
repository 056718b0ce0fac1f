import * as vscode from "vscode";

/** What a tab shows by an address: a document, or the two that it compares. */
export function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

/** Closes the tabs that show any of the documents meant, also beside another one. VS Code asks about those that are not saved. */
export async function closeTabs(isMeant: (uri: vscode.Uri) => boolean): Promise<void> {
  const { tabGroups } = vscode.window;
  const tabs = tabGroups.all.flatMap((group) => group.tabs).filter((tab) => urisOf(tab).some(isMeant));
  await tabGroups.close(tabs, true);
}
