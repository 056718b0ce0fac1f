import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the command says when it is done. */
export const LOADED = "All pages are loaded.";

/** Runs in VS Code, beside the extension: reads so many pages more of a day, as clicks on "Load more" would. */
const source = (gateway: { accountId: string; gatewayId: string }, day: string, pages: number) => `
  import * as vscode from "vscode";
  const ref = ${JSON.stringify(gateway)};
  const above = { kind: "gateway", id: ref.accountId + "/" + ref.gatewayId, ref, filter: "" };
  const parent = { kind: "group", id: above.id + "/${day}", parent: above, ref, group: "day", known: { key: "${day}" } };
  export function activate() {
    vscode.commands.registerCommand("bench.loadPages", async () => {
      for (let page = 0; page < ${pages}; page++)
        await vscode.commands.executeCommand("aiGateway.loadMore", { kind: "more", id: parent.id + "/more", parent, left: 1 });
      void vscode.window.showInformationMessage("${LOADED}");
    });
  }`;

/** Writes an extension with the command "Bench: Load Pages" below a folder; gives the folder it is in. */
export async function writeLoader(
  folder: string,
  gateway: { accountId: string; gatewayId: string },
  day: string,
  pages: number,
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
    contributes: { commands: [{ command: "bench.loadPages", title: "Bench: Load Pages" }] },
  };
  await mkdir(extension);
  await writeFile(join(extension, "package.json"), JSON.stringify(about));
  await writeFile(join(extension, "extension.js"), source(gateway, day, pages));
  return extension;
}
