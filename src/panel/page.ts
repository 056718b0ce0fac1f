import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { newNonce, pageHtml, type Markup } from "./html.ts";

const mediaOf = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, "dist", "media");

/** Permissions and resources of every tab's page. */
export const pageOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions => ({
  enableScripts: true,
  enableFindWidget: true,
  localResourceRoots: [mediaOf(extensionUri)],
});

/** The files embedded in each page, once read. */
let embedded: { style: string; start: string } | undefined;

function readEmbedded(extensionUri: vscode.Uri): { style: string; start: string } {
  const text = (file: string) => readFileSync(join(mediaOf(extensionUri).fsPath, file), "utf8");
  return { style: text("page.css"), start: text("start.js") };
}

/** The look of a tab: `icon` is the prefix of its icons' names in media/, `script` its page's file in dist/media/. */
export type TabLook = { icon: string; script: string; title: string };

/** Sets a tab's icon. */
export function setIcon(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, { icon }: TabLook): void {
  const iconFor = (theme: string) => vscode.Uri.joinPath(extensionUri, "media", `${icon}-${theme}.svg`);
  panel.iconPath = { light: iconFor("light"), dark: iconFor("dark") };
}

/** Sets or replaces a tab's page. `first`: its content before its script has loaded. */
export function setPage(
  { webview }: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  { script, title }: TabLook,
  first: Markup,
): void {
  embedded ??= readEmbedded(extensionUri);
  const address = webview.asWebviewUri(vscode.Uri.joinPath(mediaOf(extensionUri), script)).toString();
  webview.html = pageHtml({ ...embedded, script: address }, newNonce(), vscode.env.language, title, first);
}
