import * as vscode from "vscode";
import { SampleGateway } from "./account/sample.ts";
import { Sessions } from "./account/session.ts";
import { Tokens } from "./account/tokens.ts";
import { registerCommands } from "./commands/index.ts";
import { Bodies } from "./documents/bodies.ts";
import { BodyDocuments, SCHEME } from "./documents/documents.ts";
import { formatFor } from "./logs/format.ts";
import { LogPanels, VIEW_TYPE } from "./panel/panels.ts";
import { mediaLoader } from "./panel/media.ts";
import { reader } from "./panel/reading.ts";
import { LogTree } from "./tree/provider.ts";
import { LogTreeView } from "./tree/view.ts";

/** The parts and how they hang together. Nothing is read or called here: that begins when the view is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const logger = vscode.window.createOutputChannel("AI Gateway Logs", { log: true });
  const format = formatFor(vscode.env.language);
  const tokens = new Tokens(context.secrets);
  const sample = new SampleGateway(context.globalStorageUri, logger);
  const sessions = new Sessions(tokens, sample, context.globalState, logger);
  const tree = new LogTree(sessions, format, logger);
  const clientOf = (accountId: string) => sessions.clientOf(accountId);
  const bodies = new Bodies(clientOf);
  const read = reader(context.asAbsolutePath("dist/reading-thread.js"));
  const documents = new BodyDocuments(bodies, read, format);
  const around = new LogTreeView(tree);
  const loadMedia = mediaLoader(sessions);
  const { extensionUri, globalState: global, workspaceState: workspace } = context;
  const needs = { extensionUri, clientOf, bodies, read, loadMedia, around, format, logger };
  const panels = new LogPanels(needs, { global, workspace });
  context.subscriptions.push(
    around,
    sessions.onDidChange(() => bodies.clear()),
    panels,
    tree,
    sessions,
    sample,
    logger,
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, panels),
    vscode.workspace.registerFileSystemProvider(SCHEME, documents, { isReadonly: true, isCaseSensitive: true }),
    ...registerCommands({ tokens, sessions, sample, tree, panels, documents, read, format, logger }),
  );
}
