import * as vscode from "vscode";
import { registerAudit, registerEntryTabs } from "./audit/register.ts";
import { registerCommands } from "./commands/index.ts";
import { Debugging } from "./debugging/register.ts";
import { registerDocuments } from "./documents/register.ts";
import { registerLogTabs } from "./panel/register.ts";
import type { Parts, Registered } from "./parts.ts";
import { registerTools } from "./tools/register.ts";
import { registerLogs } from "./tree/register.ts";

/**
 * Registers all features without creating their parts: any document in a window activates the extension, and must cost
 * nothing for users who never open a gateway. The parts are loaded on first use.
 */
export function activate(context: vscode.ExtensionContext): void {
  let loaded: Promise<Parts> | undefined;
  const parts = (): Promise<Parts> =>
    (loaded ??= import("./parts.ts").then(({ openParts }) => openParts(context, registered)));
  const registered: Registered = {
    logs: registerLogs(parts),
    audit: registerAudit(parts),
    documents: registerDocuments(parts),
    debugging: new Debugging(parts),
    commands: registerCommands(context.extension, parts),
  };
  // VS Code accepts these at any time, so the activation need not wait for them.
  const later = setImmediate(() => {
    void registered.logs.view;
    void registered.audit.view;
    registered.debugging.watchTexts();
  });
  context.subscriptions.push(
    new vscode.Disposable(() => clearImmediate(later)),
    ...Object.values(registered),
    registerLogTabs(parts),
    registerEntryTabs(parts),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => (await import("./links.ts")).followLink(uri, await parts()),
    }),
    registerTools(parts),
  );
}
