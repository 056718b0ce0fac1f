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
import type { DayNode, EarlierNode, GatewayNode, LogNode, MoreNode, Node, StateNode } from "../tree/nodes.ts";
import type { LogTree } from "../tree/provider.ts";
import { clearFilter } from "./clearFilter.ts";
import { copyLogId } from "./copyLogId.ts";
import { copyMarkdown } from "./copyMarkdown.ts";
import { openDashboard } from "./openDashboard.ts";
import { openSampleGateway } from "./openSampleGateway.ts";
import { removeSampleGateway } from "./removeSampleGateway.ts";
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
  "aiGateway.refreshDay": (node: DayNode) => void;
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
  "aiGateway.clearFilter": (node?: Node) => void;
  "aiGateway.openRequest": (log?: LogNode | LogRef) => void;
  "aiGateway.openResponse": (log?: LogNode | LogRef) => void;
  "aiGateway.copyLogId": (log?: LogNode | LogRef) => void;
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

/** Every command of the extension and what runs it. */
export function commandTable(needs: CommandNeeds): { [Id in CommandId]: Handler<Id> } {
  const { tokens, sessions, sample, tree, panels, documents, read, logger } = needs;
  return {
    "aiGateway.signIn": () => signIn(tokens, sessions),
    "aiGateway.signOut": () => signOut(tokens),
    "aiGateway.switchAccount": () => switchAccount(tokens, sessions),
    "aiGateway.openSampleGateway": () => openSampleGateway(sample),
    "aiGateway.removeSampleGateway": () => removeSampleGateway(sample),
    "aiGateway.refresh": () => sessions.renew(),
    "aiGateway.refreshGateway": (node) => tree.refresh(node),
    "aiGateway.refreshDay": (node) => inView(() => tree.refreshDay(node)),
    "aiGateway.retry": (node) => (node.parent ? inView(() => tree.retry(node)) : sessions.renew()),
    "aiGateway.loadMore": (node) => inView(() => tree.loadMore(node)),
    "aiGateway.loadEarlier": (node) => inView(() => tree.loadEarlier(node)),
    "aiGateway.openLog": (node) => panels.openFromTree(node.ref, node.log),
    "aiGateway.focusNextLog": () => panels.focusNext(),
    "aiGateway.keepOpen": () => panels.keepOpen(),
    "aiGateway.nextLog": () => panels.activePanel?.go("next"),
    "aiGateway.previousLog": () => panels.activePanel?.go("previous"),
    "aiGateway.showConversation": () => panels.setView("conversation"),
    "aiGateway.showRaw": () => panels.setView("raw"),
    "aiGateway.showMarkdown": () => panels.setView("markdown"),
    "aiGateway.copyMarkdown": () => copyMarkdown(panels, read),
    "aiGateway.clearFilter": (node) => clearFilter(tree, node),
    "aiGateway.openRequest": (log) => documents.open(targetOf(log, panels), "request"),
    "aiGateway.openResponse": (log) => documents.open(targetOf(log, panels), "response"),
    "aiGateway.copyLogId": (log) => copyLogId(targetOf(log, panels)),
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
