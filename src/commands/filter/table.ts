import type { Sessions } from "../../account/session.ts";
import { listLogsOf } from "../../account/signed-in.ts";
import type { Format } from "../../logs/format.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { Logger } from "../../platform/logger.ts";
import { showError } from "../../platform/notify.ts";
import type { FilterNode, GatewayNode, Node } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { LogTreeView } from "../../tree/view.ts";
import { clearFilter } from "./clear-filter.ts";
import type { EditNeeds } from "./edit-filter.ts";
import type { LineDrafts } from "./line-drafts.ts";

/** Which logs of a gateway are shown. */
export type FilterCommands = {
  "aiGateway.editFilter": (node?: Node) => void;
  "aiGateway.pickFilter": (node?: Node) => void;
  "aiGateway.quickFilter": (node?: Node) => void;
  "aiGateway.clearFilter": (node?: Node) => void;
  "aiGateway.saveFilter": (node?: Node) => void;
  "aiGateway.applyFilter": (node?: FilterNode) => void;
  "aiGateway.deleteSavedFilter": (node?: FilterNode) => void;
};

export type FilterNeeds = {
  sessions: Pick<Sessions, "sourceOf">;
  tree: LogTree;
  view: Pick<LogTreeView, "gatewayFor">;
  panels: Pick<LogPanels, "openFromTree">;
  lineDrafts: LineDrafts;
  format: Format;
  logger: Logger;
};

/** What runs the commands of filters. */
export function filterCommands(needs: FilterNeeds): Handlers<FilterCommands> {
  const { sessions, tree, view, panels, lineDrafts, format, logger } = needs;
  const editing: EditNeeds = {
    tree,
    listLogs: listLogsOf(sessions),
    sourceOf: (of) => sessions.sourceOf(of),
    format,
    openLog: (ref, log) => panels.openFromTree(ref, log),
    tell: (error) => showError(error, format, logger),
    drafts: lineDrafts,
  };
  /** Runs with the gateway that a command is meant for; not at all when there is none, or the person leaves. */
  const atGateway = async (node: Node | undefined, run: (gateway: GatewayNode) => Promise<void>) => {
    const gateway = await view.gatewayFor(node);
    if (gateway) await run(gateway);
  };
  return {
    "aiGateway.editFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./edit-filter.ts")).editFilter(editing, gateway)),
    "aiGateway.pickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./pick-filter.ts")).pickFilter(needs, gateway)),
    "aiGateway.quickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./quick-filter.ts")).quickFilter({ tree }, gateway)),
    "aiGateway.clearFilter": (node) => clearFilter(tree, node),
    "aiGateway.saveFilter": (node) =>
      atGateway(node, async (gateway) => (await import("./save-filter.ts")).saveFilter({ tree, format }, gateway)),
    "aiGateway.applyFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("./apply-filter.ts")).applyFilter(editing, gateway, node?.saved),
      ),
    "aiGateway.deleteSavedFilter": (node) =>
      atGateway(node, async (gateway) => {
        const { deleteSavedFilter, keptForLogs } = await import("./delete-saved-filter.ts");
        await deleteSavedFilter(keptForLogs(gateway.ref.collectionId, format), node?.saved);
      }),
  };
}
