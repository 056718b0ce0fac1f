import * as vscode from "vscode";
import type { VIEW_TYPE } from "./panels.ts";

// The same as there, which the type sees to: a module that is imported is a file more to load.
const LOG_TAB: typeof VIEW_TYPE = "aiGateway.log";

/** Registers what restores the tabs of logs. */
export const registerLogTabs = (load: () => Promise<{ panels: vscode.WebviewPanelSerializer }>): vscode.Disposable =>
  vscode.window.registerWebviewPanelSerializer(LOG_TAB, {
    deserializeWebviewPanel: async (panel, state) => (await load()).panels.deserializeWebviewPanel(panel, state),
  });
