import type { CollectionRef, Log, LogRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Decision } from "../../deletion/preview.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { DeleteNeeds } from "../../deletion/delete-logs.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { Sessions } from "../../account/session.ts";
import { capableGateway } from "../capable-gateway.ts";
import { subsetIn, type SubsetPlaces } from "../subsets.ts";
import type { Target } from "../targets.ts";

type Run = (target?: Target | LogRef, selected?: readonly Node[]) => void;

/** Commands for deleting logs. */
export type DeleteCommands = {
  "aiGateway.deleteLogs": Run;
  "aiGateway.exportThenDelete": Run;
  "aiGateway.purgeLogs": (node?: Node) => void;
};

export type DeleteTableNeeds = Omit<DeleteNeeds, "openLog" | "ui"> &
  SubsetPlaces & {
    panels: Pick<LogPanels, "openFromTree">;
    sessions: Pick<Sessions, "current">;
    tree: Pick<LogTree, "nodeOf" | "refresh">;
  };

/** Returns the handlers of the deletion commands. */
export function deleteCommands(needs: DeleteTableNeeds): Handlers<DeleteCommands> {
  const openLog = (ref: LogRef, log: Log) => needs.panels.openFromTree(ref, log);
  const refresh = (of: CollectionRef) => {
    const node = needs.tree.nodeOf(of);
    if (node) needs.tree.refresh(node);
  };
  const deleting = (first: Decision) => async (target?: Target | LogRef, selected?: readonly Node[]) => {
    const subset = await subsetIn(target, selected, needs);
    if (subset) await (await import("../../deletion/delete-logs.ts")).deleteLogs({ ...needs, openLog }, subset, first);
  };
  return {
    "aiGateway.deleteLogs": deleting("delete"),
    "aiGateway.exportThenDelete": deleting("exportThenDelete"),
    "aiGateway.purgeLogs": async (node) => {
      const words = (await import("../../deletion/purge-words.ts")).purgeChoiceWords();
      const of = await capableGateway(node, needs.sessions, { isMeant: ({ purge }) => purge !== undefined, ...words });
      if (of) await (await import("../../deletion/purge-logs.ts")).purgeLogs({ ...needs, refresh }, of);
    },
  };
}
