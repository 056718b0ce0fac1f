import * as vscode from "vscode";
import { newNonce, pageHtml } from "./html.ts";

const mediaOf = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, "dist", "media");

/** What the page of any tab may do and read. */
export const pageOptions = (extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions => ({
  enableScripts: true,
  enableFindWidget: true,
  localResourceRoots: [mediaOf(extensionUri)],
});

/** Puts its page and its icon into a tab. `icon`: the beginning of their names in media/; `script`: its file in dist/media/. */
export function fillTab(
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  { icon, script, title }: { icon: string; script: string; title: string },
): void {
  const iconFor = (theme: string) => vscode.Uri.joinPath(extensionUri, "media", `${icon}-${theme}.svg`);
  panel.iconPath = { light: iconFor("light"), dark: iconFor("dark") };
  const { webview } = panel;
  const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(mediaOf(extensionUri), file)).toString();
  const addresses = { cspSource: webview.cspSource, script: address(script), style: address("page.css") };
  webview.html = pageHtml(addresses, newNonce(), vscode.env.language, title);
}
