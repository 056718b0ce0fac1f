import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The command's message when it's done. */
export const LOADED = "All pages are loaded.";

/** A view with as many rows as the extension's, each of the same length, and the command that resends them. */
export const PLAIN = { show: "Explorer: Focus on Plain Rows View", again: "Bench: Send Plain Rows" };

/**
 * Runs in VS Code next to the extension: reads further pages of a day, like clicks on "Load More"; and returns `rows`
 * prebuilt rows, in batches of the extension's size, so that only VS Code's own time counts; it sends about as much per
 * row as for a log.
 */
const source = (gateway: { sourceId: string; collectionId: string }, day: string, pages: number, rows: number) => `
  import * as vscode from "vscode";
  const ref = ${JSON.stringify(gateway)};
  const above = { kind: "gateway", id: ref.sourceId + "/" + ref.collectionId, ref, filter: "" };
  const parent = { kind: "group", id: above.id + "/${day}", parent: above, ref, group: "day", known: { key: "${day}" } };
  export function activate() {
    vscode.commands.registerCommand("bench.loadPages", async () => {
      for (let page = 0; page < ${pages}; page++)
        await vscode.commands.executeCommand("aiGateway.loadMore", { kind: "more", id: parent.id + "/more", parent, left: 1 });
      void vscode.window.showInformationMessage("${LOADED}");
    });
    const changed = new vscode.EventEmitter();
    const iconPath = new vscode.ThemeIcon("pass", new vscode.ThemeColor("charts.green"));
    const nodes = Array.from({ length: ${rows} }, (_, index) => ({ index }));
    const items = nodes.map((node) => {
      const id = parent.id + "/plain-" + String(node.index).padStart(26, "0");
      // Of a log's row VS Code also sends what it is below.
      const description = "openai · 14:03:22 · 842 ms · $0.018210 · 2,180 tokens".padEnd(60 + parent.id.length, "·");
      const label = "plain-" + node.index;
      const command = { command: "bench.sendRows", title: "Open", arguments: [node] };
      return { id, label, description, iconPath, command, contextValue: "log", accessibilityInformation: { label: label + ", " + description } };
    });
    const turns = [Promise.resolve()];
    const turn = (at) => (turns[at] ??= turn(at - 1).then(() => new Promise((resolve) => setImmediate(resolve))));
    vscode.window.registerTreeDataProvider("bench.rows", {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => {
        turns.length = 1;
        return node ? [] : nodes;
      },
      getTreeItem: async ({ index }) => {
        await turn(Math.floor(index / 250));
        return items[index];
      },
    });
    vscode.commands.registerCommand("bench.sendRows", () => changed.fire());
  }`;

/** Writes an extension with the command "Bench: Load Pages" below a folder; returns its folder. */
export async function writeLoader(
  folder: string,
  gateway: { sourceId: string; collectionId: string },
  day: string,
  pages: number,
  rows: number,
): Promise<string> {
  const extension = join(folder, "loader");
  const about = {
    name: "loader",
    publisher: "bench",
    version: "1.0.0",
    type: "module",
    main: "extension.js",
    engines: { vscode: "^1.105.0" },
    activationEvents: [],
    contributes: {
      commands: [
        { command: "bench.loadPages", title: "Bench: Load Pages" },
        { command: "bench.sendRows", title: PLAIN.again },
      ],
      views: { explorer: [{ id: "bench.rows", name: "Plain Rows" }] },
    },
  };
  await mkdir(extension);
  await writeFile(join(extension, "package.json"), JSON.stringify(about));
  await writeFile(join(extension, "extension.js"), source(gateway, day, pages, rows));
  return extension;
}
