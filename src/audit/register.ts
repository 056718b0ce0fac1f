import * as vscode from "vscode";
import { LazyTree } from "../platform/lazy.ts";
import type { Node } from "./nodes.ts";
import type { ENTRY_VIEW_TYPE } from "./panels.ts";

// The same as there, which the type sees to: a module that is imported is a file more to load.
const ENTRY_TAB: typeof ENTRY_VIEW_TYPE = "aiGateway.auditEntry";

/** Registers the view of the audit log. `load` connects it. */
export const registerAudit = (load: () => Promise<unknown>): LazyTree<Node> =>
  new LazyTree<Node>("aiGateway.audit", load, { showCollapseAll: true });

/** Registers what restores the tabs of entries. */
export const registerEntryTabs = (
  load: () => Promise<{ audit: { panels: vscode.WebviewPanelSerializer } }>,
): vscode.Disposable =>
  vscode.window.registerWebviewPanelSerializer(ENTRY_TAB, {
    deserializeWebviewPanel: async (panel, state) => (await load()).audit.panels.deserializeWebviewPanel(panel, state),
  });
