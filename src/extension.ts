import * as vscode from "vscode";
import type { Node as AuditNode } from "./audit/nodes.ts";
import type { ENTRY_VIEW_TYPE } from "./audit/panels.ts";
import { commandIds, registerCommands } from "./commands/index.ts";
import { Debugging } from "./debugging/register.ts";
import type { RESEND_SCHEME } from "./documents/drafts.ts";
import type { SCHEME } from "./documents/uris.ts";
import { LazyFiles, LazyTree } from "./platform/lazy.ts";
import type { VIEW_TYPE } from "./panel/panels.ts";
import type { Parts, Registered, Views } from "./parts.ts";
import { registerTools } from "./tools/register.ts";
import type { Node } from "./tree/nodes.ts";

// The same as there, which the types see to: a module that is imported is a file more to load.
const LOG_TAB: typeof VIEW_TYPE = "aiGateway.log";
const ENTRY_TAB: typeof ENTRY_VIEW_TYPE = "aiGateway.auditEntry";
const DOCUMENTS: typeof SCHEME = "ai-gateway-log";
const DRAFTS: typeof RESEND_SCHEME = "ai-gateway-resend";

/**
 * Registers what VS Code may ask for, and makes nothing: any text in a window activates the extension, and who opens a text and never a
 * gateway is to notice nothing of it. The parts are loaded with the first question.
 */
export function activate(context: vscode.ExtensionContext): void {
  const { window, workspace } = vscode;
  const commands = commandIds(context.extension);
  let loaded: Promise<Parts> | undefined;
  const parts = (): Promise<Parts> =>
    (loaded ??= import("./parts.ts").then(({ openParts }) => openParts(context, registered)));
  const logs = new LazyTree<Node>(parts);
  const audit = new LazyTree<AuditNode>(parts);
  const documents = new LazyFiles(async () => (await parts()).documents);
  const drafts = new LazyFiles(async () => (await parts()).drafts);
  let made: Views | undefined;
  const views = (): Views =>
    (made ??= {
      logs: window.createTreeView("aiGateway.logs", {
        treeDataProvider: logs,
        showCollapseAll: true,
        canSelectMany: true,
      }),
      audit: window.createTreeView("aiGateway.audit", { treeDataProvider: audit, showCollapseAll: true }),
    });
  const debugging = new Debugging(parts);
  const registered: Registered = { logs, audit, views, documents, drafts, debugging, commands };
  // VS Code accepts these at any time, so the activation need not wait for them.
  const later = setImmediate(() => {
    views();
    debugging.watchTexts();
  });
  context.subscriptions.push(
    new vscode.Disposable(() => {
      clearImmediate(later);
      made?.logs.dispose();
      made?.audit.dispose();
    }),
    logs,
    audit,
    documents,
    drafts,
    debugging,
    window.registerWebviewPanelSerializer(LOG_TAB, {
      deserializeWebviewPanel: async (panel, state) => (await parts()).panels.deserializeWebviewPanel(panel, state),
    }),
    window.registerWebviewPanelSerializer(ENTRY_TAB, {
      deserializeWebviewPanel: async (panel, state) =>
        (await parts()).audit.panels.deserializeWebviewPanel(panel, state),
    }),
    workspace.registerFileSystemProvider(DOCUMENTS, documents, { isReadonly: true, isCaseSensitive: true }),
    workspace.registerFileSystemProvider(DRAFTS, drafts, { isCaseSensitive: true }),
    window.registerUriHandler({
      handleUri: async (uri) => (await import("./links.ts")).followLink(uri, await parts()),
    }),
    registerTools(parts),
    ...registerCommands(commands, parts),
  );
}
