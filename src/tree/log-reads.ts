import type { Sessions } from "../account/session.ts";
import type { Day } from "../logs/days.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import type { Lists } from "./lists.ts";
import type { NodeCache } from "./node-cache.ts";
import type { EarlierNode, GatewayNode, GroupNode, MoreNode } from "./nodes.ts";
import type { Reads } from "./reads.ts";

/** What reads the logs, and the tree that shows them. */
type Needs = {
  sessions: Pick<Sessions, "current">;
  lists: Pick<Lists<GatewayNode, GatewayLogs>, "of" | "known">;
  reads: Pick<Reads<GatewayNode | GroupNode, GatewayNode, GatewayLogs>, "extend">;
  nodes: Pick<NodeCache, "of" | "group">;
  show: (node: GatewayNode | GroupNode) => void;
  refresh: (node: GatewayNode) => void;
};

/** Reads more logs below the nodes of a gateway, and shows them. */
export class LogReads {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Rereads a group; all of its gateway if the group can't be requested itself. */
  async refreshGroup(node: GroupNode): Promise<void> {
    const { lists, refresh } = this.#needs;
    if (lists.known(node.parent.id)?.hasOwnLists === false) return refresh(node.parent);
    await this.#needs.reads.extend(node, "refresh", (logs, signal) => logs.refresh(node.known.key, signal));
  }

  /** Reads the next page of a group, or of the whole list. */
  loadMore({ parent }: MoreNode): Promise<void> {
    return this.#needs.reads.extend(parent, "more", (logs, signal) =>
      parent.kind === "gateway" ? logs.loadOn(signal) : logs.loadMore(parent.known.key, signal),
    );
  }

  /** Reads the days that may be missing. */
  loadEarlier({ parent, after }: EarlierNode): Promise<void> {
    return this.#needs.reads.extend(parent, `after ${after}`, (logs, signal) => logs.loadEarlier(after, signal));
  }

  /** Reads a day, or the nearest one with logs before it (oldest first: after it): one call. Undefined when there is none. @throws SourceError */
  async goToDay(gateway: GatewayNode, day: Day): Promise<GroupNode | undefined> {
    const { sessions, lists, nodes, show } = this.#needs;
    const session = await sessions.current();
    const logs = await lists.of(gateway, session);
    const group = await logs.goTo(day, session.signal);
    if (lists.known(gateway.id) !== logs) return undefined; // other logs are wanted now
    show(nodes.of(gateway));
    return group && nodes.group(gateway, logs, group.key);
  }
}
