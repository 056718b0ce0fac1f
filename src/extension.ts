import { join } from "node:path";
import * as vscode from "vscode";
import { GatewayTokens } from "./account/gatewayTokens.ts";
import { forgetAccount, type Kept } from "./account/kept.ts";
import { SampleGateway } from "./account/sample.ts";
import { Sessions } from "./account/session.ts";
import { Tokens } from "./account/tokens.ts";
import { AuditFilters } from "./audit/filters.ts";
import { ENTRY_VIEW_TYPE } from "./audit/panels.ts";
import { AuditView } from "./audit/view.ts";
import { commandIds, registerCommands } from "./commands/index.ts";
import { CompareSelection } from "./commands/compareSelection.ts";
import { LineDrafts } from "./commands/line-drafts.ts";
import { Debugging } from "./debugging/register.ts";
import { UnfinishedDeletions } from "./deletion/unfinished.ts";
import { Bodies } from "./documents/bodies.ts";
import { LogDocuments } from "./documents/documents.ts";
import { Recordings } from "./documents/recordings.ts";
import { SCHEME } from "./documents/uris.ts";
import { RequestDrafts, RESEND_SCHEME } from "./documents/drafts.ts";
import type { Zone } from "./logs/days.ts";
import { formatFor } from "./logs/format.ts";
import { zone } from "./settings.ts";
import { LogPanels, VIEW_TYPE } from "./panel/panels.ts";
import { mediaLoader } from "./panel/media.ts";
import { reader } from "./panel/reading.ts";
import { RoundBar } from "./rating/bar.ts";
import { SentRatings } from "./rating/sent.ts";
import { registerTools } from "./tools/register.ts";
import { Arrangements } from "./tree/arrangements.ts";
import { AutoRefresh } from "./tree/autoRefresh.ts";
import { Deleting } from "./tree/deleting.ts";
import { Expanded } from "./tree/expanded.ts";
import { LogTree } from "./tree/provider.ts";
import { Runs } from "./tree/runs.ts";
import { Today } from "./tree/today.ts";
import { LogTreeView } from "./tree/view.ts";

/** The parts and how they hang together. Nothing is read or called here: that begins when the view is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const logger = vscode.window.createOutputChannel("AI Gateway Logs", { log: true });
  // Asked for with every time that is written, of thousands of rows; VS Code takes long to answer.
  let zoneNow: Zone | undefined;
  const zoneChanges = vscode.workspace.onDidChangeConfiguration(() => (zoneNow = undefined));
  const format = formatFor(vscode.env.language, () => (zoneNow ??= zone()));
  const tokens = new Tokens(context.secrets);
  const gatewayTokens = new GatewayTokens(context.secrets);
  const sample = new SampleGateway(context.globalStorageUri, logger);
  const sessions = new Sessions(tokens, sample, context.workspaceState, logger);
  const expanded = new Expanded(context.workspaceState);
  const arrangements = new Arrangements(context.workspaceState);
  const ratings = new SentRatings(context.globalState);
  const round = new RoundBar();
  const deleting = new Deleting();
  const runs = new Runs();
  const tree = new LogTree({ sessions, arrangements, ratings, runs, expanded, deleting, format, logger });
  const clientOf = (accountId: string) => sessions.clientOf(accountId);
  const bodies = new Bodies(clientOf);
  const read = reader(context.asAbsolutePath("dist/reading-thread.js"));
  const recordings = new Recordings(clientOf, bodies);
  const drafts = new RequestDrafts(bodies, read, format);
  const view = new LogTreeView(tree, expanded, format);
  const autoRefresh = new AutoRefresh({ tree, view, format, logger });
  const { extensionUri, globalState: global, workspaceState: workspace } = context;
  const filters = new AuditFilters(workspace);
  const audit = new AuditView({ extensionUri, sessions, filters, expanded, workspace, format, logger });
  const documents = new LogDocuments({ bodies, recordings, entries: audit.entries, read, format });
  const loadMedia = mediaLoader(sessions);
  const parts = { clientOf, bodies, read, loadMedia, around: view, ratings, round, deleting, format, logger };
  const needs = { extensionUri, ...parts };
  const panels = new LogPanels(needs, { global, workspace });
  const forget = () => {
    for (const kept of [bodies, recordings, documents]) kept.clear();
  };
  const commands = commandIds(context.extension);
  const debugging = new Debugging({
    sessions,
    tree,
    runs,
    panels,
    bodies,
    read,
    workspaceState: workspace,
    extensionId: context.extension.id,
    commands,
    format,
    logger,
  });
  const exportsFolder = join(context.globalStorageUri.fsPath, "exports");
  const unfinishedExports: Kept = {
    forget: async (accountId) =>
      new (await import("./export/checkpoints.ts")).Checkpoints(exportsFolder).forget(accountId),
  };
  const unfinishedDeletions = new UnfinishedDeletions(join(context.globalStorageUri.fsPath, "deletions"));
  const compareSelection = new CompareSelection();
  const lineDrafts = new LineDrafts();
  const shown: Kept[] = [drafts, documents, panels, audit, tree, debugging, round];
  const unfinished: Kept[] = [unfinishedExports, unfinishedDeletions, compareSelection, lineDrafts];
  const kept: Kept[] = [...shown, ...unfinished, arrangements, expanded, ratings, gatewayTokens];
  context.subscriptions.push(
    sessions.onDidSignOut((accountId) => void forgetAccount(accountId, kept, logger)),
    zoneChanges,
    view,
    autoRefresh,
    new Today(tree, format.calendar),
    new Today(audit, format.calendar),
    sessions.onDidChange(forget),
    deleting.onDidChange(({ gone }) => gone.length > 0 && forget()),
    debugging,
    registerTools({ sessions, runs, debugging, bodies, read, format }),
    panels,
    audit,
    filters,
    tree,
    deleting,
    runs,
    arrangements,
    ratings,
    round,
    sessions,
    sample,
    logger,
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, panels),
    vscode.window.registerWebviewPanelSerializer(ENTRY_VIEW_TYPE, audit.panels),
    vscode.workspace.registerFileSystemProvider(SCHEME, documents, { isReadonly: true, isCaseSensitive: true }),
    vscode.window.registerUriHandler({
      handleUri: async (uri) =>
        (await import("./links.ts")).followLink(uri, { tokens, sessions, panels, format, logger }),
    }),
    drafts,
    vscode.workspace.registerFileSystemProvider(RESEND_SCHEME, drafts, { isCaseSensitive: true }),
    ...registerCommands(commands, {
      tokens,
      sessions,
      sample,
      tree,
      view,
      expanded,
      autoRefresh,
      panels,
      deleting,
      audit,
      runs,
      debugging,
      documents,
      read,
      exportsFolder,
      unfinishedDeletions,
      compareSelection,
      lineDrafts,
      ratings,
      round,
      format,
      logger,
      clientOf,
      recordings,
      memory: global,
      extensionId: context.extension.id,
      gatewayTokens,
      bodies,
      drafts,
    }),
  );
}
