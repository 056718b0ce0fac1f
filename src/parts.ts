import { join } from "node:path";
import * as vscode from "vscode";
import { GatewayTokens } from "./account/gateway-tokens.ts";
import { forgetAccount, type Kept } from "./account/kept.ts";
import { recordingsAccount, sampleAccount } from "./account/local-accounts.ts";
import type { SourceOf } from "./account/signed-in.ts";
import { Sessions } from "./account/session.ts";
import { Tokens } from "./account/tokens.ts";
import { Recording } from "./recording/recording.ts";
import type { Node as AuditNode } from "./audit/nodes.ts";
import { AuditView } from "./audit/view.ts";
import { CompareSelection } from "./commands/compare/compare-selection.ts";
import { LineDrafts } from "./commands/filter/line-drafts.ts";
import type { Commands } from "./commands/index.ts";
import type { Debugging } from "./debugging/register.ts";
import type { Documents } from "./documents/register.ts";
import { UnfinishedDeletions } from "./deletion/core/unfinished.ts";
import { Bodies } from "./reading/bodies.ts";
import { LogDocuments } from "./documents/documents.ts";
import { RequestDrafts } from "./documents/drafts.ts";
import { Recordings } from "./reading/recordings.ts";
import { Checkpoints } from "./export/checkpoints.ts";
import type { LazyTree } from "./platform/lazy.ts";
import type { Zone } from "./logs/days.ts";
import { formatFor } from "./logs/format.ts";
import { mediaLoader } from "./panel/media.ts";
import { LogPanels } from "./panel/panels.ts";
import { reader } from "./reading/core/reader.ts";
import { RoundBar } from "./rating/bar.ts";
import { SentRatings } from "./rating/sent.ts";
import { zone } from "./platform/settings.ts";
import { Arrangements } from "./tree/arrangements.ts";
import { AutoRefresh } from "./tree/auto-refresh.ts";
import { Deleting } from "./deletion/in-progress.ts";
import { Expanded } from "./tree/expanded.ts";
import type { Node } from "./tree/nodes.ts";
import { LogTree } from "./tree/provider.ts";
import { Runs } from "./tree/runs.ts";
import { Today } from "./tree/today.ts";
import { LogTreeView } from "./tree/view.ts";

/** Registrations made at activation and connected with the parts. */
export type Registered = {
  logs: LazyTree<Node>;
  audit: LazyTree<AuditNode>;
  documents: Documents;
  debugging: Debugging;
  commands: Commands;
};

/** The parts of the extension. Each feature declares its dependencies among them where it is registered. */
export type Parts = ReturnType<typeof openParts>;

/**
 * Creates the parts and connects them with the registrations. Reads nothing and makes no calls: that starts when the
 * view opens.
 */
export function openParts(context: vscode.ExtensionContext, registered: Registered) {
  const { extensionUri, globalState: memory, workspaceState, globalStorageUri } = context;
  const { debugging } = registered;
  const logger = vscode.window.createOutputChannel("AI Gateway Logs", { log: true });
  // Cached: VS Code's configuration is slow, and each formatted time of thousands of rows needs it.
  let zoneNow: Zone | undefined;
  const zoneChanges = vscode.workspace.onDidChangeConfiguration(() => (zoneNow = undefined));
  const format = formatFor(vscode.env.language, () => (zoneNow ??= zone()));
  const tokens = new Tokens(context.secrets);
  const gatewayTokens = new GatewayTokens(context.secrets);
  const sample = sampleAccount(globalStorageUri, logger);
  const recorded = recordingsAccount(globalStorageUri, logger);
  const sessions = new Sessions(tokens, [sample, recorded], workspaceState, logger);
  const expanded = new Expanded(workspaceState);
  const arrangements = new Arrangements(workspaceState);
  const ratings = new SentRatings(memory);
  const round = new RoundBar();
  const deleting = new Deleting();
  const runs = new Runs();
  const tree = new LogTree({ sessions, arrangements, ratings, runs, expanded, deleting, format, logger });
  const sourceOf: SourceOf = (of) => sessions.sourceOf(of);
  const bodies = new Bodies(sourceOf);
  const read = reader(context.asAbsolutePath("dist/reading-thread.js"));
  const recordings = new Recordings(sourceOf, bodies);
  const recording = new Recording({
    account: recorded,
    variables: context.environmentVariableCollection,
    workspace: workspaceState,
    read,
    format,
    logger,
  });
  const drafts = new RequestDrafts(bodies, read, format);
  const view = new LogTreeView(registered.logs.view, tree, expanded, format);
  const autoRefresh = new AutoRefresh({ sessions, tree, view, format, logger });
  const audit = new AuditView(registered.audit.view, {
    extensionUri,
    sessions,
    expanded,
    workspace: workspaceState,
    format,
    logger,
  });
  const documents = new LogDocuments({ bodies, recordings, entries: audit.entries, read, format });
  const loadMedia = mediaLoader(sessions);
  const canOf: Sessions["canOf"] = (of) => sessions.canOf(of);
  const ofPanels = { extensionUri, sourceOf, canOf, bodies, read, loadMedia, around: view, ratings, round, deleting };
  const panels = new LogPanels({ ...ofPanels, format, logger }, { global: memory, workspace: workspaceState });
  const forget = () => {
    for (const kept of [bodies, recordings, documents]) kept.clear();
  };
  const exportsFolder = join(globalStorageUri.fsPath, "exports");
  const unfinishedDeletions = new UnfinishedDeletions(join(globalStorageUri.fsPath, "deletions"));
  const compareSelection = new CompareSelection();
  const lineDrafts = new LineDrafts();
  const shown: Kept[] = [drafts, documents, panels, audit, tree, debugging, round];
  const unfinished: Kept[] = [new Checkpoints(exportsFolder), unfinishedDeletions, compareSelection, lineDrafts];
  const kept: Kept[] = [...shown, ...unfinished, arrangements, expanded, ratings, gatewayTokens];
  registered.logs.connect(tree);
  registered.audit.connect(audit.tree);
  context.subscriptions.push(
    sessions.onDidSignOut((sourceId) => void forgetAccount(sourceId, kept, logger)),
    zoneChanges,
    drafts.onDidChangeFile((changes) => registered.documents.drafts.tell(changes)),
    view,
    autoRefresh,
    new Today(tree, format.calendar),
    new Today(audit.tree, format.calendar),
    sessions.onDidChange(forget),
    deleting.onDidChange(({ gone }) => gone.length > 0 && forget()),
    panels,
    audit,
    tree,
    deleting,
    runs,
    arrangements,
    ratings,
    round,
    sessions,
    sample,
    recorded,
    recording,
    recording.onDidRecord((of) => {
      const node = tree.nodeOf(of);
      if (node) tree.refresh(node);
    }),
    logger,
    drafts,
  );
  return {
    tokens,
    sessions,
    sample,
    recorded,
    recording,
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
    sourceOf,
    recordings,
    memory,
    workspaceState,
    extensionId: context.extension.id,
    version: String(context.extension.packageJSON.version),
    commands: registered.commands.ids,
    gatewayTokens,
    bodies,
    drafts,
  };
}
