import type { SourceOf } from "../../account/signed-in.ts";
import type { LogRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { CopyNeeds } from "./copy-as.ts";
import type { LogTreeView } from "../../tree/view.ts";
import { openDashboard } from "../account/open-dashboard.ts";
import { logsIn, type Places, type Target } from "../targets.ts";

/** Commands for copying logs and links. */
export type ShareCommands = {
  "aiGateway.copyAs": (target?: Target | LogRef, selected?: readonly Node[]) => void;
  "aiGateway.copyMarkdown": (target?: Target | LogRef, selected?: readonly Node[]) => void;
  "aiGateway.copyLink": (target?: Target | LogRef, selected?: readonly Node[]) => void;
  "aiGateway.openDashboard": (target?: Target | LogRef) => void;
};

export type ShareNeeds = CopyNeeds & Places & { view: Pick<LogTreeView, "selectedNode">; sourceOf: SourceOf };

/** Returns the handlers of the copy commands. */
export function shareCommands(needs: ShareNeeds): Handlers<ShareCommands> {
  return {
    "aiGateway.copyAs": async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      await (await import("./copy-as.ts")).copyAs(logs, needs);
    },
    "aiGateway.copyMarkdown": async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      await (await import("./copy-as.ts")).copyAs(logs, needs, "markdown");
    },
    "aiGateway.copyLink": async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      await (await import("./copy-link.ts")).copyLink(logs, needs.extensionId);
    },
    "aiGateway.openDashboard": (target) => openDashboard(target, needs),
  };
}
