import * as vscode from "vscode";
import type { Arrivals } from "../../tree/arrivals.ts";

/** Shows the new logs that are waiting, and their view. */
export async function showNewLogs(arrivals: Pick<Arrivals, "showAll">): Promise<void> {
  arrivals.showAll();
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}
