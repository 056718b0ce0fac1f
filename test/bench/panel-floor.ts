import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The row of its view below the logs, which opens the page, and the page's ID, as panel-frame.js reports it. */
export const EMPTY_PAGE = { row: "Empty page", id: "empty" };

const COMMAND = "bench.openEmptyPage";

/** Like a log's page: a policy, a script and nothing else; it needs no message, style or font. */
const HOST = `
  import * as vscode from "vscode";
  export function activate({ extensionUri, subscriptions }) {
    const row = { label: "${EMPTY_PAGE.row}", command: { command: "${COMMAND}", title: "" } };
    const rows = { getChildren: (node) => (node ? [] : [row]), getTreeItem: (node) => node };
    subscriptions.push(vscode.window.registerTreeDataProvider("bench.empty", rows));
    const open = () => {
      const options = { enableScripts: true, enableFindWidget: true, localResourceRoots: [extensionUri] };
      const where = { viewColumn: vscode.ViewColumn.Active, preserveFocus: true };
      const { webview } = vscode.window.createWebviewPanel("bench.empty", "Empty", where, options);
      const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "page.js"));
      const policy = "default-src 'none'; script-src 'nonce-bench'";
      webview.html = '<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="' + policy +
        '"></head><body><main data-empty="${EMPTY_PAGE.id}"></main><script nonce="bench" src="' + script + '"></script></body></html>';
    };
    subscriptions.push(vscode.commands.registerCommand("${COMMAND}", open));
  }`;

const PAGE = `document.querySelector("main").textContent = "empty";`;

/**
 * Writes an extension that opens the smallest page that VS Code can show, and returns its folder: no log's page can be
 * faster, so this time is VS Code's own.
 */
export async function writeEmptyPage(folder: string): Promise<string> {
  const extension = join(folder, "empty");
  const about = { name: "empty", publisher: "bench", version: "1.0.0", type: "module", main: "extension.js" };
  const contributes = {
    views: { aiGateway: [{ id: "bench.empty", name: "Empty" }] },
  };
  const manifest = { ...about, engines: { vscode: "^1.105.0" }, activationEvents: ["onStartupFinished"], contributes };
  await mkdir(extension);
  await writeFile(join(extension, "package.json"), JSON.stringify(manifest));
  await writeFile(join(extension, "extension.js"), HOST);
  await writeFile(join(extension, "page.js"), PAGE);
  return extension;
}
