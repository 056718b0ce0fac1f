import { showError } from "../../notify.ts";
import { inView } from "../../progress.ts";
import type { EarlierNode, FilterNode, GatewayNode, GroupNode, MoreNode, Node, StateNode } from "../../tree/nodes.ts";
import { clearFilter } from "../clearFilter.ts";
import type { EditNeeds } from "../editFilter.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import { showNewLogs } from "../showNewLogs.ts";

/** Which logs the tree shows, and how. */
export type BrowseCommands = {
  "aiGateway.refresh": () => void;
  "aiGateway.refreshGateway": (node: GatewayNode) => void;
  "aiGateway.refreshGroup": (node: GroupNode) => void;
  "aiGateway.retry": (node: StateNode) => void;
  "aiGateway.loadMore": (node: MoreNode) => void;
  "aiGateway.loadEarlier": (node: EarlierNode) => void;
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
};

/** What runs the commands of browsing. */
export function browseCommands(needs: CommandNeeds): Handlers<BrowseCommands> {
  const { sessions, tree, view, autoRefresh, panels, format, logger } = needs;
  const editing: Omit<EditNeeds, "tree"> = {
    format,
    openLog: (ref, log) => panels.openFromTree(ref, log),
    tell: (error) => showError(error, format, logger),
    drafts: needs.lineDrafts,
  };
  /** Runs with the gateway that a command is meant for; not at all when there is none, or the person gives up. */
  const atGateway = async (node: Node | undefined, run: (gateway: GatewayNode) => Promise<void>) => {
    const gateway = await view.gatewayFor(node);
    if (gateway) await run(gateway);
  };
  return {
    "aiGateway.refresh": () => sessions.renew(),
    "aiGateway.refreshGateway": (node) => tree.refresh(node),
    "aiGateway.refreshGroup": (node) => inView("aiGateway.logs", () => tree.refreshGroup(node)),
    "aiGateway.retry": (node) => (node.parent ? inView("aiGateway.logs", () => tree.retry(node)) : sessions.renew()),
    "aiGateway.loadMore": (node) => inView("aiGateway.logs", () => tree.loadMore(node)),
    "aiGateway.loadEarlier": (node) => inView("aiGateway.logs", () => tree.loadEarlier(node)),
    "aiGateway.editFilter": (node) =>
      atGateway(node, async (gateway) => (await import("../editFilter.ts")).editFilter({ tree, ...editing }, gateway)),
    "aiGateway.pickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("../pickFilter.ts")).pickFilter({ tree, format }, gateway)),
    "aiGateway.quickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("../quickFilter.ts")).quickFilter({ tree }, gateway)),
    "aiGateway.clearFilter": (node) => clearFilter(tree, node),
    "aiGateway.saveFilter": (node) =>
      atGateway(node, async (gateway) => (await import("../saveFilter.ts")).saveFilter({ tree, format }, gateway)),
    "aiGateway.applyFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("../applyFilter.ts")).applyFilter({ tree, ...editing }, gateway, node?.saved),
      ),
    "aiGateway.deleteSavedFilter": (node) =>
      atGateway(node, async (gateway) => {
        const { deleteSavedFilter, keptForLogs } = await import("../deleteSavedFilter.ts");
        await deleteSavedFilter(keptForLogs(gateway.ref.gatewayId, format), node?.saved);
      }),
    "aiGateway.setOrder": async () => (await import("../setOrder.ts")).setOrder({ tree }),
    "aiGateway.setGroup": async () => (await import("../setGroup.ts")).setGroup({ tree, format }),
    "aiGateway.setPageSize": async () => (await import("../setPageSize.ts")).setPageSize(),
    "aiGateway.startAutoRefresh": () => autoRefresh.start(),
    "aiGateway.stopAutoRefresh": () => autoRefresh.stop(),
    "aiGateway.showNewLogs": () => showNewLogs(tree.arrivals),
    "aiGateway.goToDate": async (node) => (await import("../goToDate.ts")).goToDate({ tree, view, format }, node),
    "aiGateway.openLogById": async () => (await import("../openLogById.ts")).openLogById({ tree, panels, format }),
  };
}
