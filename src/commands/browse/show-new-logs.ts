import * as vscode from "vscode";
import type { Arrivals } from "../../tree/arrivals.ts";

/** Shows the logs that have come and wait, and the view they are in. */
export async function showNewLogs(arrivals: Pick<Arrivals, "showAll">): Promise<void> {
  arrivals.showAll();
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}
