import type { LogRef } from "../../cloudflare/schema.ts";
import type { LogNode, Node } from "../../tree/nodes.ts";
import { copyLogId } from "../copyLogId.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import { logIn, logsIn, type Target } from "../targets.ts";

/** One log: opened, walked from, looked at in another way, copied. */
export type ReadCommands = {
  "aiGateway.openLog": (node: LogNode) => void;
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

export function readCommands(needs: CommandNeeds): Handlers<ReadCommands> {
  const { tree, panels, audit, documents } = needs;
  return {
    "aiGateway.openLog": (node) => {
      tree.arrivals.see(node.log.id);
      return panels.openFromTree(node.ref, node.log);
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
