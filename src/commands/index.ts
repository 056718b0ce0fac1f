import * as vscode from "vscode";
import type { SampleGateway } from "../account/sample.ts";
import type { Sessions } from "../account/session.ts";
import type { Tokens } from "../account/tokens.ts";
import type { LogRef } from "../cloudflare/schema.ts";
import type { BodyDocuments } from "../documents/documents.ts";
import { PlainError } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import { showError } from "../notify.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Read } from "../panel/reading.ts";
import type { AutoRefresh } from "../tree/autoRefresh.ts";
import type { Expanded } from "../tree/expanded.ts";
import type {
  EarlierNode,
  FilterNode,
  GatewayNode,
  GroupNode,
  LogNode,
  MoreNode,
  Node,
  StateNode,
} from "../tree/nodes.ts";
import type { LogTree } from "../tree/provider.ts";
import type { LogTreeView } from "../tree/view.ts";
import { clearFilter } from "./clearFilter.ts";
import { copyLogId } from "./copyLogId.ts";
import { copyMarkdown } from "./copyMarkdown.ts";
import type { EditNeeds } from "./editFilter.ts";
import { openDashboard } from "./openDashboard.ts";
import { openSampleGateway } from "./openSampleGateway.ts";
import { removeSampleGateway } from "./removeSampleGateway.ts";
import { showNewLogs } from "./showNewLogs.ts";
import { signIn } from "./signIn.ts";
import { signOut } from "./signOut.ts";
import { switchAccount } from "./switchAccount.ts";

/** Each command and what it is called with. */
type Commands = {
  "aiGateway.signIn": (node?: Node) => void;
  "aiGateway.signOut": () => void;
  "aiGateway.switchAccount": () => void;
  "aiGateway.openSampleGateway": () => void;
  "aiGateway.removeSampleGateway": () => void;
  "aiGateway.refresh": () => void;
  "aiGateway.refreshGateway": (node: GatewayNode) => void;
  "aiGateway.refreshGroup": (node: GroupNode) => void;
  "aiGateway.retry": (node: StateNode) => void;
  "aiGateway.loadMore": (node: MoreNode) => void;
  "aiGateway.loadEarlier": (node: EarlierNode) => void;
  "aiGateway.openLog": (node: LogNode) => void;
  /** Runs before Enter opens a log in the tree. */
  "aiGateway.focusNextLog": () => void;
  "aiGateway.keepOpen": () => void;
  "aiGateway.nextLog": () => void;
  "aiGateway.previousLog": () => void;
  "aiGateway.showConversation": () => void;
  "aiGateway.showRaw": () => void;
  "aiGateway.showMarkdown": () => void;
  "aiGateway.copyMarkdown": () => void;
  "aiGateway.editFilter": (node?: Node) => void;
  "aiGateway.pickFilter": (node?: Node) => void;
  "aiGateway.quickFilter": (node?: Node) => void;
  "aiGateway.clearFilter": (node?: Node) => void;
  "aiGateway.saveFilter": (node?: Node) => void;
  "aiGateway.applyFilter": (node?: FilterNode) => void;
  "aiGateway.deleteSavedFilter": (node?: FilterNode) => void;
  "aiGateway.setOrder": () => void;
  "aiGateway.setGroup": () => void;
  "aiGateway.setPageSize": () => void;
  "aiGateway.startAutoRefresh": () => void;
  "aiGateway.stopAutoRefresh": () => void;
  "aiGateway.showNewLogs": () => void;
  "aiGateway.goToDate": (node?: Node) => void;
  "aiGateway.openLogById": () => void;
  "aiGateway.openRequest": (log?: LogNode | LogRef) => void;
  "aiGateway.openResponse": (log?: LogNode | LogRef) => void;
  /** From the tree's menu, with all that is selected there. */
  "aiGateway.copyLogId": (log?: LogNode | LogRef, selected?: readonly Node[]) => void;
  "aiGateway.openDashboard": (node?: Node) => void;
  "aiGateway.showOutput": () => void;
};

export type CommandId = keyof Commands;

type Handler<Id extends CommandId> = (...args: Parameters<Commands[Id]>) => void | Promise<void>;

export type CommandNeeds = {
  tokens: Tokens;
  sessions: Sessions;
  sample: SampleGateway;
  tree: LogTree;
  view: LogTreeView;
  expanded: Expanded;
  autoRefresh: AutoRefresh;
  panels: LogPanels;
  documents: BodyDocuments;
  read: Read;
  format: Format;
  logger: Logger & { show(): void };
};

/** The log that a command is meant for: the one it is called with, else the one whose panel is in front. */
function targetOf(log: LogNode | LogRef | undefined, panels: LogPanels): LogRef {
  const ref = log && "kind" in log ? log.ref : (log ?? panels.active);
  if (!ref) throw new PlainError(vscode.l10n.t("Open a log first, or run the command from a log in the tree."));
  return ref;
}

/** Shows the view's progress while something is read for it. */
const inView = (read: () => Promise<void>): Promise<void> =>
  Promise.resolve(vscode.window.withProgress({ location: { viewId: "aiGateway.logs" } }, read));

/** Every command of the extension and what runs it; what asks the person for much is loaded when it is first run. */
export function commandTable(needs: CommandNeeds): { [Id in CommandId]: Handler<Id> } {
  const { tokens, sessions, sample, tree, view, expanded, autoRefresh, panels, documents, read, format, logger } =
    needs;
  const editing: Omit<EditNeeds, "tree"> = {
    format,
    openLog: (ref, log) => panels.openFromTree(ref, log),
    tell: (error) => showError(error, format, logger),
    drafts: new Map(),
  };
  /** Runs with the gateway that a command is meant for; not at all when there is none, or the person gives up. */
  const atGateway = async (node: Node | undefined, run: (gateway: GatewayNode) => Promise<void>) => {
    const gateway = await view.gatewayFor(node);
    if (gateway) await run(gateway);
  };
  return {
    "aiGateway.signIn": () => signIn(tokens, sessions),
    "aiGateway.signOut": () => signOut(tokens, [tree.arrangements, expanded]),
    "aiGateway.switchAccount": () => switchAccount(tokens, sessions),
    "aiGateway.openSampleGateway": () => openSampleGateway(sample),
    "aiGateway.removeSampleGateway": () => removeSampleGateway(sample),
    "aiGateway.refresh": () => sessions.renew(),
    "aiGateway.refreshGateway": (node) => tree.refresh(node),
    "aiGateway.refreshGroup": (node) => inView(() => tree.refreshGroup(node)),
    "aiGateway.retry": (node) => (node.parent ? inView(() => tree.retry(node)) : sessions.renew()),
    "aiGateway.loadMore": (node) => inView(() => tree.loadMore(node)),
    "aiGateway.loadEarlier": (node) => inView(() => tree.loadEarlier(node)),
    "aiGateway.openLog": (node) => {
      tree.markSeen(node.log.id);
      return panels.openFromTree(node.ref, node.log);
    },
    "aiGateway.focusNextLog": () => panels.focusNext(),
    "aiGateway.keepOpen": () => panels.keepOpen(),
    "aiGateway.nextLog": () => panels.activePanel?.go("next"),
    "aiGateway.previousLog": () => panels.activePanel?.go("previous"),
    "aiGateway.showConversation": () => panels.setView("conversation"),
    "aiGateway.showRaw": () => panels.setView("raw"),
    "aiGateway.showMarkdown": () => panels.setView("markdown"),
    "aiGateway.copyMarkdown": () => copyMarkdown(panels, read),
    "aiGateway.editFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./editFilter.ts")).editFilter({ tree, ...editing }, gateway)),
    "aiGateway.pickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./pickFilter.ts")).pickFilter({ tree, format }, gateway)),
    "aiGateway.quickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./quickFilter.ts")).quickFilter({ tree }, gateway)),
    "aiGateway.clearFilter": (node) => clearFilter(tree, node),
    "aiGateway.saveFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./saveFilter.ts")).saveFilter({ tree, format }, gateway)),
    "aiGateway.applyFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("./applyFilter.ts")).applyFilter({ tree, ...editing }, gateway, node?.saved),
      ),
    "aiGateway.deleteSavedFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("./deleteSavedFilter.ts")).deleteSavedFilter({ format }, gateway, node?.saved),
      ),
    "aiGateway.setOrder": async () => (await import("./setOrder.ts")).setOrder({ tree }),
    "aiGateway.setGroup": async () => (await import("./setGroup.ts")).setGroup({ tree, format }),
    "aiGateway.setPageSize": async () => (await import("./setPageSize.ts")).setPageSize(),
    "aiGateway.startAutoRefresh": () => autoRefresh.start(),
    "aiGateway.stopAutoRefresh": () => autoRefresh.stop(),
    "aiGateway.showNewLogs": () => showNewLogs(tree),
    "aiGateway.goToDate": async (node) => (await import("./goToDate.ts")).goToDate({ tree, view, format }, node),
    "aiGateway.openLogById": async () => (await import("./openLogById.ts")).openLogById({ tree, panels, format }),
    "aiGateway.openRequest": (log) => documents.open(targetOf(log, panels), "request"),
    "aiGateway.openResponse": (log) => documents.open(targetOf(log, panels), "response"),
    "aiGateway.copyLogId": (log, selected = []) => {
      const logs = selected.flatMap((node) => (node.kind === "log" ? [node.ref] : []));
      return copyLogId(logs.length > 0 ? logs : [targetOf(log, panels)]);
    },
    "aiGateway.openDashboard": (node) => openDashboard(node),
    "aiGateway.showOutput": () => logger.show(),
  };
}

/** Registers the table; a failure of any command is told to the person who ran it. */
export function registerCommands(needs: CommandNeeds): vscode.Disposable[] {
  return Object.entries(commandTable(needs)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await (handler as (...args: unknown[]) => void | Promise<void>)(...args);
      } catch (error) {
        showError(error, needs.format, needs.logger);
      }
    }),
  );
}
