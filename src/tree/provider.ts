import * as vscode from "vscode";
import type { Session, Sessions } from "../account/session.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { GatewayRef, Log, LogRef } from "../cloudflare/schema.ts";
import { explain, PlainError } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Day } from "../logs/days.ts";
import type { Format } from "../logs/format.ts";
import type { GatewayLogs } from "../logs/gatewayLogs.ts";
import { neighbourOf, type Step } from "../logs/neighbour.ts";
import { savedFilters } from "../filter/saved.ts";
import { rowParts } from "../settings.ts";
import type { Arrangements } from "./arrangements.ts";
import { Arrivals } from "./arrivals.ts";
import { childrenOfGateway, childrenOfGroup, isFolded } from "./children.ts";
import { emptyState } from "./emptyState.ts";
import type { Expanded } from "./expanded.ts";
import { itemOf, tooltipOf } from "./items.ts";
import { BadFilter, clientOf, Listings, rowsOf } from "./listings.ts";
import {
  filterNode,
  filtersNode,
  gatewayNodeId,
  groupNode,
  logNode,
  stateNode,
  type EarlierNode,
  type GatewayNode,
  type GroupNode,
  type LogNode,
  type MoreNode,
  type Node,
  type StateNode,
} from "./nodes.ts";
import { Pace } from "./pace.ts";
import { Reads, type Read } from "./reads.ts";
import { rootsOf } from "./roots.ts";

/** Pages that are read for the log beside another one, while they bring none. */
const PAGES = 3;

/** What the tree is made of. */
export type TreeNeeds = {
  sessions: Pick<Sessions, "current" | "onDidChange">;
  arrangements: Arrangements;
  /** Which nodes are open, or were when the window was last used. */
  expanded: Pick<Expanded, "has">;
  format: Format;
  logger: Logger;
};

/** The tree's content: asks for what is expanded, once, and keeps it until it is refreshed. */
export class LogTree implements vscode.TreeDataProvider<Node> {
  readonly arrangements: Arrangements;
  readonly #needs: TreeNeeds;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #totalChanged = new vscode.EventEmitter<void>();
  /** How many logs a gateway has may be another number now. */
  readonly onDidChangeTotal = this.#totalChanged.event;
  readonly #subscriptions: vscode.Disposable[];
  readonly #listings: Listings;
  readonly #arrivals: Arrivals;
  /** The nodes as they were last given out: only these can be fired. */
  readonly #gateways = new Map<string, GatewayNode>();
  readonly #groups = new Map<string, GroupNode>();
  readonly #reads: Reads;
  readonly #pace = new Pace();
  #rowParts = rowParts();

  constructor(needs: TreeNeeds) {
    this.#needs = needs;
    this.arrangements = needs.arrangements;
    this.#reads = new Reads(needs.format, needs.logger);
    this.#listings = new Listings(needs.arrangements, needs.format);
    this.#arrivals = new Arrivals(
      (gateway) => this.#listings.known(gateway),
      (gateways) => this.#showAgain(gateways),
      (node) => this.#changed.fire(node),
    );
    this.#subscriptions = [
      needs.sessions.onDidChange(() => this.refresh()),
      needs.arrangements.onDidChange(({ gateway }) => this.#rearrange(gateway)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        const touches = (...keys: string[]) => keys.some((key) => change.affectsConfiguration(`aiGateway.${key}`));
        this.#rowParts = rowParts();
        if (touches("timeZone", "pageSize")) this.#rearrange(undefined);
        else if (touches("rowDescription", "savedFilters")) this.#changed.fire(undefined);
      }),
    ];
  }

  /** Reads what is known of a gateway anew, or of all of them; what is open stays open. */
  refresh(node?: GatewayNode): void {
    this.#listings.renew(node?.id);
    this.#forget(node?.id);
    this.#changed.fire(node && (this.#gateways.get(node.id) ?? node));
  }

  /** Shows other logs, or in another way. */
  #rearrange(gateway: GatewayRef | undefined): void {
    const id = gateway && gatewayNodeId(gateway);
    this.#listings.drop(id);
    this.#forget(id);
    const node = id === undefined ? undefined : this.#gateways.get(id);
    if (node && gateway) {
      node.filter = this.arrangements.filterOf(gateway);
      delete node.total;
    }
    this.#changed.fire(node);
  }

  #forget(id: string | undefined): void {
    for (const group of this.#groups.keys())
      if (id === undefined || group.startsWith(`${id}/`)) this.#groups.delete(group);
    this.#reads.clear();
    this.#arrivals.forget(id);
  }

  /** Shows what is known of gateways again. */
  #showAgain(gateways: readonly GatewayRef[]): void {
    for (const gateway of gateways) {
      const node = this.#gateways.get(gatewayNodeId(gateway));
      if (node) this.#changed.fire(node);
    }
  }

  /** The gateways the tree shows; they are read when it was not shown yet. */
  async gateways(): Promise<GatewayNode[]> {
    if (this.#gateways.size === 0) await this.getChildren();
    return [...this.#gateways.values()];
  }

  /** The node of a gateway; undefined when the tree has none of that id. */
  async gatewayOf(gateway: GatewayRef): Promise<GatewayNode | undefined> {
    const id = gatewayNodeId(gateway);
    return (await this.gateways()).find((node) => node.id === id);
  }

  /** The node of a gateway as it was last given out, without a call. */
  nodeOf(gateway: GatewayRef): GatewayNode | undefined {
    return this.#gateways.get(gatewayNodeId(gateway));
  }

  /** The open gateways whose logs have been read: what is seen of them. */
  watched(): readonly GatewayNode[] {
    return [...this.#gateways.values()].filter(
      (node) => this.#listings.known(node.ref) && this.#needs.expanded.has(node.id),
    );
  }

  /** Looks for logs that came since: one call. They are shown at once, marked, unless somebody is reading. */
  readNewer(gateway: GatewayNode, signal: AbortSignal): Promise<void> {
    return this.#arrivals.look(gateway, signal);
  }

  /** How many logs have come that wait to be shown. */
  get arrived(): number {
    return this.#arrivals.waiting;
  }

  /** Another number of logs may wait to be shown now. */
  get onDidArrive(): vscode.Event<void> {
    return this.#arrivals.onDidChange;
  }

  /** Shows the logs that wait. */
  showArrived(): void {
    this.#arrivals.showAll();
  }

  /** Says whether somebody is reading in the tree: what comes then waits, so that nothing moves. */
  setReading(isReading: boolean): void {
    this.#arrivals.isReading = isReading;
  }

  /** Takes the mark from a log that came since and is opened now. */
  markSeen(logId: string): void {
    this.#arrivals.see(logId);
  }

  /** The logs of a gateway that are loaded and fit; no call. */
  known(gateway: GatewayRef): readonly Log[] {
    return rowsOf(this.#listings.known(gateway));
  }

  /** One page of a gateway's logs, apart from what the tree shows: one call. */
  async listLogs(gateway: GatewayRef, query: LogQuery, signal: AbortSignal): Promise<LogPage> {
    const session = await this.#needs.sessions.current();
    const node = await this.gatewayOf(gateway);
    if (!node) throw new PlainError(vscode.l10n.t("The tree does not show this gateway."));
    return (await clientOf(node, session)).listLogs(gateway, query, { signal });
  }

  /** Reads a day, or the nearest one with logs before it (oldest first: after it): one call. Undefined when there is none. */
  async goToDay(gateway: GatewayNode, day: Day): Promise<GroupNode | undefined> {
    const session = await this.#needs.sessions.current();
    const logs = await this.#listings.of(gateway, session);
    const group = await logs.goTo(day, session.signal);
    if (this.#listings.known(gateway.ref) !== logs) return undefined; // other logs are wanted now
    this.#changed.fire(this.#gateways.get(gateway.id));
    return group && this.#groupNode(gateway, logs, group.key);
  }

  /**
   * The log beside another one in the order shown. At the end of what is known of a group or a gateway, more of it is read
   * first: one call, or two where the first page of a group is what was known of it. Undefined at the ends of the list; a
   * log that is not in it has none beside it, which is told as an error.
   */
  async neighbour(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    const gateway = await this.gatewayOf(ref);
    const logs = gateway && (await this.#listings.of(gateway, await this.#needs.sessions.current()));
    if (!gateway || !logs?.has(ref.logId)) throw new PlainError(vscode.l10n.t("The tree does not list this log."));
    let beside = neighbourOf(logs, ref.logId, step);
    for (let pages = 0; beside?.type === "unread" && pages < PAGES; pages++) {
      const unread = beside;
      const isOfGroup = unread.of === "group" && !logs.isFlat;
      const of = isOfGroup ? this.#groupNode(gateway, logs, unread.key) : gateway;
      await this.#extend(of, `on from ${ref.logId}`, (known, signal) => {
        if (unread.of === "list") return known.loadOn(signal);
        if (unread.of === "gap") return known.loadEarlier(unread.key, signal);
        return known.loadMore(unread.key, signal);
      });
      const failure = this.#reads.failureOf(of);
      if (failure) throw failure.error;
      beside = neighbourOf(logs, ref.logId, step);
    }
    if (beside?.type === "unread")
      throw new PlainError(vscode.l10n.t("None of the next logs fits. Load more of them in the tree."));
    if (!beside) return undefined;
    const known = logs.group(beside.key);
    const parent = known && isFolded(logs, known) ? this.#groupNode(gateway, logs, beside.key) : gateway;
    return logNode(parent, beside.log);
  }

  /** The node of a group as it was given out, or as it would be. */
  #groupNode(gateway: GatewayNode, logs: GatewayLogs, key: string): GroupNode {
    const empty = { key, logs: [], loaded: 0, total: 0, hasMore: false, opened: true, malformed: 0 };
    const fresh = groupNode(gateway, logs.view.group, logs.group(key) ?? empty);
    return this.#groups.get(fresh.id) ?? fresh;
  }

  /** Reads a group anew. */
  refreshGroup(node: GroupNode): Promise<void> {
    return this.#extend(node, "refresh", (logs, signal) => logs.refresh(node.known.key, signal));
  }

  /** Reads the next page of a group, or of the whole list. */
  loadMore({ parent }: MoreNode): Promise<void> {
    return this.#extend(parent, "more", (logs, signal) =>
      parent.kind === "gateway" ? logs.loadOn(signal) : logs.loadMore(parent.known.key, signal),
    );
  }

  /** Reads the days that may be missing. */
  loadEarlier(node: EarlierNode): Promise<void> {
    return this.#extend(node.parent, `after ${node.after}`, (logs, signal) => logs.loadEarlier(node.after, signal));
  }

  /** Tries again what a failed state stands for. */
  async retry(node: StateNode): Promise<void> {
    const { parent } = node;
    const failure = parent && this.#reads.failureOf(parent);
    if (failure && (parent.kind === "group" || parent.kind === "gateway"))
      await this.#extend(parent, "again", failure.read);
    else this.#changed.fire(parent);
  }

  /** Reads more below a node; asked for the same again while it is under way, it is still read once. */
  #extend(node: GatewayNode | GroupNode, what: string, read: Read): Promise<void> {
    return this.#reads.once(node, what, async () => {
      const session = await this.#needs.sessions.current();
      const logs = await this.#listings.of(node.kind === "group" ? node.parent : node, session);
      this.#reads.forget(node.id);
      try {
        await this.#reads.try(node, logs, read, session);
      } catch {
        return; // given up
      }
      const gateway = node.kind === "group" ? node.parent : node;
      if (this.#listings.known(gateway.ref) !== logs) return; // other logs are wanted now
      const current = (node.kind === "group" ? this.#groups.get(node.id) : this.#gateways.get(node.id)) ?? node;
      if (current.kind === "group") current.known = logs.group(current.known.key) ?? current.known;
      const shown = this.#gateways.get(gateway.id);
      // With another total there is another gateway to show.
      this.#changed.fire(shown && shown.total !== logs.total ? shown : current);
    });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      const session = await this.#needs.sessions.current();
      switch (node?.kind) {
        case undefined:
          return await this.#roots(session);
        case "gateway":
          return await this.#ofGateway(node, session);
        case "group":
          return await this.#ofGroup(node, session);
        case "filters":
          return savedFilters(node.parent.ref.gatewayId).map((saved) => filterNode(node, saved));
        default:
          return [];
      }
    } catch (error) {
      if (isAborted(error)) return [];
      if (error instanceof BadFilter) return [stateNode(node, { type: "badFilter", problem: error.message })];
      this.#needs.logger.warn(`${node?.id ?? "tree"}: ${String(error)}`);
      return [stateNode(node, { type: "failed", explanation: explain(error, this.#needs.format) })];
    }
  }

  async #roots(session: Session): Promise<Node[]> {
    const roots = await rootsOf(session, this.#needs);
    if (session.signal.aborted) return [];
    const before = new Map(this.#gateways);
    this.#gateways.clear();
    const given = roots.map((root) => {
      if (root.kind !== "gateway") return root;
      const node = before.get(root.id);
      // The object that VS Code knows, so that it can be fired.
      const same = node ? Object.assign(node, root) : root;
      this.#gateways.set(same.id, same);
      return same;
    });
    this.#totalChanged.fire();
    return given;
  }

  async #ofGateway(node: GatewayNode, session: Session): Promise<Node[]> {
    const logs = await this.#listings.of(node, session);
    const { total } = logs;
    if (node.total !== total) {
      if (total === undefined) delete node.total;
      else node.total = total;
      this.#totalChanged.fire();
      // The total stands on the gateway itself.
      this.#changed.fire(node);
    }
    const rows = childrenOfGateway(node, logs, this.#arrivals.isNew).map((row) => this.#give(row));
    if (rows.length === 0 && node.filter === "") {
      const state = await emptyState(node, await clientOf(node, session), session.signal);
      return this.#reads.with(node, [stateNode(node, state)]);
    }
    if (rows.length === 0) rows.push(stateNode(node, { type: "noMatch" }));
    return this.#reads.with(node, [filtersNode(node), ...rows]);
  }

  async #ofGroup(node: GroupNode, session: Session): Promise<Node[]> {
    const logs = await this.#listings.of(node.parent, session);
    const { key } = node.known;
    const wasOpen = logs.group(key)?.opened === true;
    if (!wasOpen) this.#reads.forget(node.id);
    // When that fails, the rows that came with the gateway are still good.
    await this.#reads.try(node, logs, (of, signal) => of.open(key, signal), session);
    const known = logs.group(key);
    if (!known) return [stateNode(node, { type: "groupEmpty" })];
    node.known = known;
    // The total stands on the group itself.
    if (!wasOpen && known.opened) this.#changed.fire(node);
    const rows = childrenOfGroup(node, this.#arrivals.isNew).map((row) => this.#give(row));
    return this.#reads.with(node, rows);
  }

  /** The node as it is given out: a group is the object that VS Code knows, so that it can be fired. */
  #give(node: Node): Node {
    if (node.kind === "log" && node.isNew) this.#arrivals.give(node);
    if (node.kind !== "group") return node;
    const before = this.#groups.get(node.id);
    const same = before ? Object.assign(before, node) : node;
    this.#groups.set(same.id, same);
    return same;
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  /** The item of a node: at once, or a little later where very many are asked for, so that the editor stays quick. */
  getTreeItem(node: Node): vscode.TreeItem | Promise<vscode.TreeItem> {
    const turn = this.#pace.next();
    return turn ? turn.then(() => this.item(node)) : this.item(node);
  }

  /** The item of a node, at once. */
  item(node: Node): vscode.TreeItem {
    const item = itemOf(node, this.#needs.format, this.#rowParts);
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (item.collapsibleState === Collapsed && this.#needs.expanded.has(node.id)) item.collapsibleState = Expanded;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    item.tooltip = tooltipOf(node, this.#needs.format) ?? item.tooltip;
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
    this.#totalChanged.dispose();
    this.#arrivals.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
