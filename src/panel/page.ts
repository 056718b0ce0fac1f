import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { newNonce, pageHtml, type Markup } from "./html.ts";

const mediaOf = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, "dist", "media");

/** What the page of any tab may do and read. */
export const pageOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions => ({
  enableScripts: true,
  enableFindWidget: true,
  localResourceRoots: [mediaOf(extensionUri)],
});

/** The files that stand in each page, once they are read. */
let embedded: { style: string; start: string } | undefined;

function readEmbedded(extensionUri: vscode.Uri): { style: string; start: string } {
  const text = (file: string) => readFileSync(join(mediaOf(extensionUri).fsPath, file), "utf8");
  return { style: text("page.css"), start: text("start.js") };
}

/** What a tab is: `icon` is the beginning of the names of its icons in media/, `script` its page's file in dist/media/. */
export type TabLook = { icon: string; script: string; title: string };

/** Puts a tab's icon into it. */
export function setIcon(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, { icon }: TabLook): void {
  const iconFor = (theme: string) => vscode.Uri.joinPath(extensionUri, "media", `${icon}-${theme}.svg`);
  panel.iconPath = { light: iconFor("light"), dark: iconFor("dark") };
}

/** Puts its page into a tab, anew where there is one. `first`: what it shows before its script is there. */
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
