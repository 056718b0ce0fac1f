import * as vscode from "vscode";
import type { Session } from "../account/session.ts";
import type { CollectionRef, Log, LogRef } from "../source/log.ts";
import type { Step } from "../logs/neighbor.ts";
import { savedFilters } from "../filter/saved.ts";
import type { SentRatings } from "../rating/sent.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import type { Arrangements } from "./arrangements.ts";
import { Arrivals } from "./arrivals.ts";
import { adjacentLog, unlisted } from "./adjacent-log.ts";
import { childrenOfGateway, childrenOfGroup, childrenOfRun } from "./children.ts";
import type { Deleting } from "../deletion/in-progress.ts";
import { NodeCache } from "./node-cache.ts";
import { LogReads } from "./log-reads.ts";
import { ListTree, type ListTreeNeeds } from "./list-tree.ts";
import { gatewaysReader, logsReader, rowsOf, whyEmpty } from "./listings.ts";
import { filterNode, filtersNode } from "./node-kinds.ts";
import {
  gatewayNodeId,
  stateNode,
  type GatewayNode,
  type GroupNode,
  type LogNode,
  type Node,
  type StateNode,
} from "./nodes.ts";
import type { Sessions } from "../account/session.ts";
import type { Runs } from "./runs.ts";
import { TreeItems, type ItemNeeds } from "./tree-items.ts";

/** What the tree is made of. */
export type TreeNeeds = ListTreeNeeds &
  ItemNeeds & {
    arrangements: Arrangements;
    ratings: Pick<SentRatings, "onDidChange">;
    /** The debug sessions, shown above the gateways. */
    runs: Pick<Runs, "shown" | "onDidChange">;
    deleting: Pick<Deleting, "onDidChange">;
    sessions: Pick<Sessions, "onDidMove">;
  };

/** The logs of all gateways. */
export class LogTree extends ListTree<Node, GatewayNode | GroupNode, GatewayNode, GatewayLogs> {
  readonly arrangements: Arrangements;
  readonly #needs: TreeNeeds;
  readonly #totalChanged = new vscode.EventEmitter<void>();
  /** How many logs a gateway has may be another number now. */
  readonly onDidChangeTotal = this.#totalChanged.event;
  readonly #subscriptions: vscode.Disposable[];
  /** The logs that come while the tree is shown. */
  readonly arrivals: Arrivals;
  /** What is read below nodes that are shown. */
  readonly logReads: LogReads;
  readonly #nodes = new NodeCache();
  readonly #items: TreeItems;

  constructor(needs: TreeNeeds) {
    super(needs, {
      readRoots: gatewaysReader(needs),
      readList: logsReader(needs.arrangements, needs.format),
      rootOf: (node) => (node.kind === "group" ? node.parent : node),
      stateNode,
    });
    this.#needs = needs;
    this.arrangements = needs.arrangements;
    this.#items = new TreeItems(needs);
    const show = (node: GatewayNode | GroupNode | LogNode) => this.#show(node);
    this.arrivals = new Arrivals((gateway) => this.#logsOf(gateway), show);
    const { sessions } = needs;
    this.logReads = new LogReads({
      sessions,
      lists: this.lists,
      reads: this.reads,
      nodes: this.#nodes,
      show,
      refresh: (node) => this.refresh(node),
    });
    this.#subscriptions = [
      needs.sessions.onDidChange(() => this.refresh()),
      needs.sessions.onDidMove((gateway) => {
        const node = this.nodeOf(gateway);
        this.lists.drop(gatewayNodeId(gateway));
        if (node) this.refresh(node);
      }),
      needs.arrangements.onDidChange(({ gateway }) => this.#rearrange(gateway)),
      needs.ratings.onDidChange((ref) => {
        const row = this.rowOf(ref);
        if (row) this.changed.fire(row);
      }),
      needs.deleting.onDidChange(({ gateway, gone }) => void this.#drop(gateway, gone)),
      needs.runs.onDidChange((run) => this.changed.fire(run && this.#nodes.run(run))),
      vscode.workspace.onDidChangeConfiguration((change) => {
        const touches = (...keys: string[]) => keys.some((key) => change.affectsConfiguration(`aiGateway.${key}`));
        this.#items.configure();
        if (touches("timeZone", "pageSize")) this.#rearrange(undefined);
        else if (touches("rowDescription", "savedFilters")) this.changed.fire(undefined);
      }),
    ];
  }

  /** Rereads a gateway, or all of them; expanded nodes stay expanded. */
  refresh(node?: GatewayNode): void {
    this.lists.renew(node?.id);
    this.#forget(node?.id);
    this.changed.fire(node && this.#nodes.of(node));
  }

  /** Drops the gateways and logs of a signed-out account, even while the tree is hidden. */
  forget(sourceId: string): void {
    this.lists.forget(sourceId);
    this.#nodes.forgetAccount(sourceId);
    this.roots.forget();
    this.#forget(undefined);
    this.#totalChanged.fire();
    this.changed.fire(undefined);
  }

  /** Shows other logs, or in another way. */
  #rearrange(gateway: CollectionRef | undefined): void {
    const id = gateway && gatewayNodeId(gateway);
    this.lists.drop(id);
    this.#forget(id);
    const node = gateway && this.#nodes.gateway(gateway);
    if (node) {
      node.filter = this.arrangements.filterOf(node.ref);
      node.total = undefined;
    }
    this.changed.fire(node);
  }

  #forget(id: string | undefined): void {
    this.#nodes.forget(id);
    this.reads.clear();
    this.arrivals.forget(id);
  }

  /** Shows all that is known again, as it is named now: no call. */
  redraw(): void {
    for (const node of this.#nodes.gateways) this.changed.fire(node);
  }

  /** Takes logs that are gone out of what is shown, where the rows that are being deleted are marked. */
  async #drop(gateway: CollectionRef, gone: readonly Log[]): Promise<void> {
    const unknown = this.#logsOf(gateway)?.drop(gone) ?? [];
    this.arrivals.drop(gateway, gone);
    const node = this.#nodes.gateway(gateway);
    if (!node) return;
    this.#count(node);
    this.changed.fire(node);
    if (unknown.length > 0)
      await this.reads.extend(node, `left of ${unknown.join()}`, (known, signal) => known.reopen(unknown, signal));
  }

  /** The gateways the tree shows; they are read when it was not shown yet. */
  async gateways(): Promise<readonly GatewayNode[]> {
    if (this.#nodes.gateways.length === 0) await this.getChildren();
    return this.#nodes.gateways;
  }

  /** The node of a gateway; undefined when the tree has none of that id. */
  async gatewayOf(gateway: CollectionRef): Promise<GatewayNode | undefined> {
    await this.gateways();
    return this.nodeOf(gateway);
  }

  /** The node of a gateway as it was last given out, without a call. */
  nodeOf(gateway: CollectionRef): GatewayNode | undefined {
    return this.#nodes.gateway(gateway);
  }

  /** The node of a log as it was last given out. */
  rowOf(ref: LogRef): LogNode | undefined {
    return this.#nodes.log(ref);
  }

  /** The open gateways whose logs have been read: what is seen of them. */
  watched(): readonly GatewayNode[] {
    return this.#nodes.gateways.filter((node) => this.#logsOf(node.ref) && this.#needs.expanded.has(node.id));
  }

  #logsOf(gateway: CollectionRef): GatewayLogs | undefined {
    return this.lists.known(gatewayNodeId(gateway));
  }

  /** The logs of a gateway that are loaded and fit; no call. */
  known(gateway: CollectionRef): readonly Log[] {
    return rowsOf(this.#logsOf(gateway));
  }

  /** Returns the log next to another one in display order: see `adjacentLog`. */
  async neighbor(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    const gateway = await this.gatewayOf(ref);
    if (!gateway) throw unlisted();
    const logs = await this.lists.of(gateway, await this.#needs.sessions.current());
    return adjacentLog({ gateway, logs, nodes: this.#nodes, reads: this.reads }, ref, step);
  }

  /** Retries the read behind a failed state. */
  async retry(node: StateNode): Promise<void> {
    const { parent } = node;
    const failure = parent && this.reads.failureOf(parent);
    if (failure && (parent.kind === "group" || parent.kind === "gateway"))
      await this.reads.extend(parent, "again", failure.read);
    else this.changed.fire(parent);
  }

  protected override async childrenOf(node: Node | undefined, session: Session): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#atRoot(session);
      case "gateway":
        return this.#ofGateway(node, session);
      case "group":
        return this.#ofGroup(node, session);
      case "run":
        return childrenOfRun(node);
      case "filters":
        return savedFilters(node.parent.ref.collectionId).map((saved) => filterNode(node, saved));
      default:
        return [];
    }
  }

  protected override rootsRead(nodes: readonly Node[]): readonly Node[] {
    const given = this.#nodes.giveRoots(nodes);
    this.#totalChanged.fire();
    return given;
  }

  protected override listRead({ ref }: GatewayNode): void {
    const gateway = this.nodeOf(ref);
    if (gateway && this.#count(gateway)) this.changed.fire(gateway);
  }

  protected override draw(node: GatewayNode | GroupNode, logs: GatewayLogs): void {
    const current = this.#nodes.of(node);
    if (current.kind === "group") current.known = logs.group(current.known.key) ?? current.known;
    this.#show(current);
  }

  /** Shows a node, or its gateway if the number of logs it has has changed. */
  #show(node: GatewayNode | GroupNode | LogNode): void {
    const gateway = this.nodeOf(node.ref);
    this.changed.fire(gateway && this.#count(gateway) ? gateway : node);
  }

  /** Updates how many logs a gateway has, which its own item says. Returns whether the number has changed. */
  #count(node: GatewayNode): boolean {
    const logs = this.#logsOf(node.ref);
    if (!logs || node.total === logs.total) return false;
    node.total = logs.total;
    this.#totalChanged.fire();
    return true;
  }

  /** The debug sessions, newest first, then the gateways. */
  async #atRoot(session: Session): Promise<Node[]> {
    const roots = await this.roots.of(session);
    if (session.signal.aborted) return [];
    return session.accounts.length > 0 ? [...this.#nodes.giveRuns(this.#needs.runs.shown), ...roots] : [...roots];
  }

  async #ofGateway(node: GatewayNode, session: Session): Promise<Node[]> {
    const logs = await this.lists.of(node, session);
    const rows = childrenOfGateway(node, logs, this.arrivals.isNew).map((row) => this.#give(row));
    if (rows.length === 0 && node.filter === "")
      return this.withFailure(node, [stateNode(node, await whyEmpty(node.ref, session))]);
    if (rows.length === 0) rows.push(stateNode(node, { type: "noMatch" }));
    return this.withFailure(node, [filtersNode(node), ...rows]);
  }

  async #ofGroup(node: GroupNode, session: Session): Promise<Node[]> {
    const logs = await this.lists.of(node.parent, session);
    const { key } = node.known;
    // When that fails, the rows that came with the gateway are still good.
    if (logs.group(key)?.opened === false)
      await this.reads.open(node, logs, (of, signal) => of.open(key, signal), session);
    if (session.signal.aborted) return [];
    const known = logs.group(key);
    if (!known) return [stateNode(node, { type: "groupEmpty" })];
    const rows = childrenOfGroup(node, known, logs.service, this.arrivals.isNew).map((row) => this.#give(row));
    return this.withFailure(node, rows);
  }

  #give(node: Node): Node {
    if (node.kind === "log" && node.isNew) this.arrivals.give(node);
    return this.#nodes.give(node);
  }

  override getTreeItem(node: Node): vscode.TreeItem | Promise<vscode.TreeItem> {
    return this.#items.inTurn(() => this.item(node));
  }

  protected override itemOf(node: Node): vscode.TreeItem {
    return this.#items.of(node);
  }

  protected override tooltipOf(node: Node): vscode.MarkdownString | undefined {
    return this.#items.tooltipOf(node);
  }

  override dispose(): void {
    super.dispose();
    this.#totalChanged.dispose();
    this.arrivals.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
