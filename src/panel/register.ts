import * as vscode from "vscode";
import type { VIEW_TYPE } from "./panels.ts";

// A copy of that constant, checked by its type: importing the module would load another file.
const LOG_TAB: typeof VIEW_TYPE = "aiGateway.log";

/** Registers the restoration of log tabs. */
export const registerLogTabs = (load: () => Promise<{ panels: vscode.WebviewPanelSerializer }>): vscode.Disposable =>
  vscode.window.registerWebviewPanelSerializer(LOG_TAB, {
    deserializeWebviewPanel: async (panel, state) => (await load()).panels.deserializeWebviewPanel(panel, state),
  });
