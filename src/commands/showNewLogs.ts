import * as vscode from "vscode";
import type { LogTree } from "../tree/provider.ts";

/** Shows the logs that have come and wait, and the view they are in. */
export async function showNewLogs(tree: Pick<LogTree, "showArrived">): Promise<void> {
  tree.showArrived();
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}
