import type { LogRef } from "../../source/log.ts";
import type { LogNode, Node } from "../../tree/nodes.ts";
import { copyLogId } from "../share/copy-log-id.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { AuditView } from "../../audit/view.ts";
import type { LogDocuments } from "../../documents/documents.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { LogTreeView } from "../../tree/view.ts";
import { logIn, logsIn, type Target } from "../targets.ts";

/** Commands for one log: open, go to its neighbors, change the view, copy. */
export type ReadCommands = {
  /** From the tree with a node, from a hover card with a ref. */
  "aiGateway.openLog": (target: LogNode | LogRef) => void;
  /** Runs before Enter opens a log in the tree. */
  "aiGateway.focusNextLog": () => void;
  "aiGateway.keepOpen": () => void;
  "aiGateway.nextLog": () => void;
  "aiGateway.previousLog": () => void;
  "aiGateway.showConversation": () => void;
  "aiGateway.showRaw": () => void;
  "aiGateway.showMarkdown": () => void;
  "aiGateway.openRequest": (target?: Target | LogRef) => void;
  "aiGateway.openResponse": (target?: Target | LogRef) => void;
  "aiGateway.openMarkdown": (target?: Target | LogRef) => void;
  "aiGateway.copyLogId": (target?: Target | LogRef, selected?: readonly Node[]) => void;
};

export type ReadNeeds = {
  tree: Pick<LogTree, "arrivals">;
  view: Pick<LogTreeView, "selectedLogs">;
  panels: LogPanels;
  audit: Pick<AuditView, "panels">;
  documents: Pick<LogDocuments, "open" | "openConversation">;
};

/** Returns the handlers of the reading commands. */
export function readCommands(needs: ReadNeeds): Handlers<ReadCommands> {
  const { tree, panels, audit, documents } = needs;
  return {
    "aiGateway.openLog": (target) => {
      if (!("kind" in target)) return panels.openBeside(target);
      tree.arrivals.see(target.log.id);
      return target.parent.kind === "run" && !target.parent.run.endedAt
        ? panels.openBeside(target.ref, target.log)
        : panels.openFromTree(target.ref, target.log);
    },
    "aiGateway.focusNextLog": () => panels.focusNext(),
    "aiGateway.keepOpen": () => {
      panels.keepOpen();
      audit.panels.keepOpen();
    },
    "aiGateway.nextLog": () => panels.activePanel?.go("next"),
    "aiGateway.previousLog": () => panels.activePanel?.go("previous"),
    "aiGateway.showConversation": () => panels.setView("conversation"),
    "aiGateway.showRaw": () => panels.setView("raw"),
    "aiGateway.showMarkdown": () => panels.setView("markdown"),
    "aiGateway.openRequest": (target) => documents.open(logIn(target, needs), "request"),
    "aiGateway.openResponse": (target) => documents.open(logIn(target, needs), "response"),
    "aiGateway.openMarkdown": (target) => documents.openConversation(logIn(target, needs)),
    "aiGateway.copyLogId": (target, selected) => copyLogId(logsIn(target, selected, needs)),
  };
}
