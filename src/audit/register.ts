import * as vscode from "vscode";
import { LazyTree } from "../platform/lazy.ts";
import type { Node } from "./nodes.ts";
import type { ENTRY_VIEW_TYPE } from "./panels.ts";

// A copy of that constant, checked by its type: importing the module would load another file.
const ENTRY_TAB: typeof ENTRY_VIEW_TYPE = "aiGateway.auditEntry";

/** Registers the view of the audit log. `load` connects it. */
export const registerAudit = (load: () => Promise<unknown>): LazyTree<Node> =>
  new LazyTree<Node>("aiGateway.audit", load, { showCollapseAll: true });

/** Registers the restoration of entry tabs. */
export const registerEntryTabs = (
  load: () => Promise<{ audit: { panels: vscode.WebviewPanelSerializer } }>,
): vscode.Disposable =>
  vscode.window.registerWebviewPanelSerializer(ENTRY_TAB, {
    deserializeWebviewPanel: async (panel, state) => (await load()).audit.panels.deserializeWebviewPanel(panel, state),
  });
