import type { Sessions } from "../../account/session.ts";
import type { Handlers } from "../../platform/commands.ts";
import { inView } from "../../platform/progress.ts";
import type { AutoRefresh } from "../../tree/auto-refresh.ts";
import type { EarlierNode, GatewayNode, GroupNode, MoreNode, Node, StateNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { GoToDateNeeds } from "./go-to-date.ts";
import type { OpenLogByIdNeeds } from "./open-log-by-id.ts";
import { showNewLogs } from "./show-new-logs.ts";

/** Commands for browsing: which logs the tree shows, and how. */
export type BrowseCommands = {
  "aiGateway.refresh": () => void;
  "aiGateway.refreshGateway": (node: GatewayNode) => void;
  "aiGateway.refreshGroup": (node: GroupNode) => void;
  "aiGateway.retry": (node: StateNode) => void;
  "aiGateway.loadMore": (node: MoreNode) => void;
  "aiGateway.loadEarlier": (node: EarlierNode) => void;
  "aiGateway.setOrder": () => void;
  "aiGateway.setGroup": () => void;
  "aiGateway.setPageSize": () => void;
  "aiGateway.startAutoRefresh": () => void;
  "aiGateway.stopAutoRefresh": () => void;
  "aiGateway.showNewLogs": () => void;
  "aiGateway.goToDate": (node?: Node) => void;
  "aiGateway.openLogById": () => void;
};

export type BrowseNeeds = GoToDateNeeds &
  OpenLogByIdNeeds & {
    sessions: Pick<Sessions, "renew">;
    tree: LogTree;
    autoRefresh: Pick<AutoRefresh, "start" | "stop">;
  };

/** Returns the handlers of the browsing commands. */
export function browseCommands(needs: BrowseNeeds): Handlers<BrowseCommands> {
  const { sessions, tree, autoRefresh, format } = needs;
  return {
    "aiGateway.refresh": () => sessions.renew(),
    "aiGateway.refreshGateway": (node) => tree.refresh(node),
    "aiGateway.refreshGroup": (node) => inView("aiGateway.logs", () => tree.logReads.refreshGroup(node)),
    "aiGateway.retry": (node) => (node.parent ? inView("aiGateway.logs", () => tree.retry(node)) : sessions.renew()),
    "aiGateway.loadMore": (node) => inView("aiGateway.logs", () => tree.logReads.loadMore(node)),
    "aiGateway.loadEarlier": (node) => inView("aiGateway.logs", () => tree.logReads.loadEarlier(node)),
    "aiGateway.setOrder": async () => (await import("./set-order.ts")).setOrder({ tree }),
    "aiGateway.setGroup": async () => (await import("./set-group.ts")).setGroup({ tree, format }),
    "aiGateway.setPageSize": async () => (await import("./set-page-size.ts")).setPageSize(),
    "aiGateway.startAutoRefresh": () => autoRefresh.start(),
    "aiGateway.stopAutoRefresh": () => autoRefresh.stop(),
    "aiGateway.showNewLogs": () => showNewLogs(tree.arrivals),
    "aiGateway.goToDate": async (node) => (await import("./go-to-date.ts")).goToDate(needs, node),
    "aiGateway.openLogById": async () => (await import("./open-log-by-id.ts")).openLogById(needs),
  };
}
