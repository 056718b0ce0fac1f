import { showError } from "../../platform/notify.ts";
import { inView } from "../../platform/progress.ts";
import type { EarlierNode, FilterNode, GatewayNode, GroupNode, MoreNode, Node, StateNode } from "../../tree/nodes.ts";
import { clearFilter } from "../filter/clear-filter.ts";
import type { EditNeeds } from "../filter/edit-filter.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import { showNewLogs } from "./show-new-logs.ts";

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
      atGateway(node, async (gateway) =>
        (await import("../filter/edit-filter.ts")).editFilter({ tree, ...editing }, gateway),
      ),
    "aiGateway.pickFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("../filter/pick-filter.ts")).pickFilter({ tree, format }, gateway),
      ),
    "aiGateway.quickFilter": (node) =>
      atGateway(node, async (gateway) => (await import("../filter/quick-filter.ts")).quickFilter({ tree }, gateway)),
    "aiGateway.clearFilter": (node) => clearFilter(tree, node),
    "aiGateway.saveFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("../filter/save-filter.ts")).saveFilter({ tree, format }, gateway),
      ),
    "aiGateway.applyFilter": (node) =>
      atGateway(node, async (gateway) =>
        (await import("../filter/apply-filter.ts")).applyFilter({ tree, ...editing }, gateway, node?.saved),
      ),
    "aiGateway.deleteSavedFilter": (node) =>
      atGateway(node, async (gateway) => {
        const { deleteSavedFilter, keptForLogs } = await import("../filter/delete-saved-filter.ts");
        await deleteSavedFilter(keptForLogs(gateway.ref.gatewayId, format), node?.saved);
      }),
    "aiGateway.setOrder": async () => (await import("./set-order.ts")).setOrder({ tree }),
    "aiGateway.setGroup": async () => (await import("./set-group.ts")).setGroup({ tree, format }),
    "aiGateway.setPageSize": async () => (await import("./set-page-size.ts")).setPageSize(),
    "aiGateway.startAutoRefresh": () => autoRefresh.start(),
    "aiGateway.stopAutoRefresh": () => autoRefresh.stop(),
    "aiGateway.showNewLogs": () => showNewLogs(tree.arrivals),
    "aiGateway.goToDate": async (node) => (await import("./go-to-date.ts")).goToDate({ tree, view, format }, node),
    "aiGateway.openLogById": async () => (await import("./open-log-by-id.ts")).openLogById({ tree, panels, format }),
  };
}
