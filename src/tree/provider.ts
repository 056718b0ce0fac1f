import * as vscode from "vscode";
import type { Session, SessionAccount, Sessions } from "../account/session.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Condition } from "../cloudflare/filter.ts";
import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";
import { setContext } from "../contexts.ts";
import { explain, PlainError } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import { GatewayLogs } from "../logs/gatewayLogs.ts";
import { neighbourOf, type Step } from "../logs/neighbour.ts";
import { emptyState } from "./emptyState.ts";
import { TreeFilters } from "./filters.ts";
import { itemOf, tooltipOf } from "./items.ts";
import {
  dayNode,
  earlierNode,
  gatewayNode,
  gatewayNodeId,
  logNode,
  moreNode,
  stateNode,
  type DayNode,
  type EarlierNode,
  type GatewayNode,
  type LogNode,
  type MoreNode,
  type Node,
  type StateNode,
} from "./nodes.ts";

type Read = (logs: GatewayLogs, signal: AbortSignal) => Promise<void>;

/** Pages that are read for the log beside another one, while they bring none. */
const PAGES = 3;

/** The tree's content: asks for what is expanded, once, and keeps it until it is refreshed. */
export class LogTree implements vscode.TreeDataProvider<Node> {
  readonly #sessions: Pick<Sessions, "current" | "onDidChange">;
  readonly #format: Format;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: vscode.Disposable;
  readonly #filters = new TreeFilters();
  readonly #filterChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeFilter = this.#filterChanged.event;
  /** The gateways as they were last given out. */
  readonly #gateways = new Map<string, GatewayNode>();
  /** What is known of each gateway, by node id. A refresh drops the entry. */
  readonly #known = new Map<string, Promise<GatewayLogs>>();
  /** What failed at a node whose known rows are still shown, and how to try it again. */
  readonly #failures = new Map<string, { error: unknown; read: Read }>();
  readonly #reading = new Map<string, Promise<void>>();
  /** The day nodes as they were last given out: only these can be fired. */
  readonly #days = new Map<string, DayNode>();

  constructor(sessions: Pick<Sessions, "current" | "onDidChange">, format: Format, logger: Logger) {
    this.#sessions = sessions;
    this.#format = format;
    this.#logger = logger;
    this.#subscription = sessions.onDidChange(() => this.refresh());
  }

  /** Forgets what is known of a gateway, or of all of them, and shows it anew. */
  refresh(node?: GatewayNode): void {
    if (node) this.#known.delete(node.id);
    else {
      this.#known.clear();
      this.#days.clear();
      this.#gateways.clear();
    }
    this.#failures.clear();
    this.#changed.fire(node);
  }

  /** The gateways that show only what fits a filter. */
  get filters(): TreeFilters["all"] {
    return this.#filters.all;
  }

  /** Shows only the logs of a gateway that fit the conditions; all of them, when there are none. */
  setFilter(gateway: GatewayRef, conditions: readonly Condition[]): void {
    this.#filters.set(gateway, conditions);
    const id = gatewayNodeId(gateway);
    this.#known.delete(id);
    for (const day of this.#days.keys()) if (day.startsWith(`${id}/`)) this.#days.delete(day);
    this.#failures.clear();
    this.#filterChanged.fire();
    this.#changed.fire(this.#gateways.get(id));
  }

  /** The node of a gateway; undefined when the tree has none of that id. */
  async gatewayOf(gateway: GatewayRef): Promise<GatewayNode | undefined> {
    const id = gatewayNodeId(gateway);
    // A window that was restored may not have shown the tree yet.
    if (!this.#gateways.has(id)) await this.getChildren();
    return this.#gateways.get(id);
  }

  /**
   * The log beside another one in the order shown. At the end of what is known of a day or a gateway, more of it is read
   * first: one call, or two where the first page of a day is what was known of it. Undefined at the ends of the list; a
   * log that is not in it has none beside it, which is told as an error.
   */
  async neighbour(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    const gateway = await this.gatewayOf(ref);
    const logs = gateway && (await this.#logsOf(gateway, await this.#sessions.current()));
    if (!gateway || !logs?.has(ref.logId)) throw new PlainError(vscode.l10n.t("The tree does not list this log."));
    let beside = neighbourOf(logs, ref.logId, step);
    for (let pages = 0; beside?.type === "unread" && pages < PAGES; pages++) {
      const { day } = beside;
      const of = day === undefined ? gateway : this.#dayNode(gateway, logs, day);
      await (day === undefined
        ? this.#extend(of, (known, signal) => known.loadEarlier(signal))
        : this.#extend(of, (known, signal) => known.readOn(day, signal)));
      const failure = this.#failures.get(of.id);
      if (failure) throw failure.error;
      beside = neighbourOf(logs, ref.logId, step);
    }
    if (beside?.type !== "log") return undefined;
    return logNode(this.#dayNode(gateway, logs, beside.day), beside.log);
  }

  /** The node of a day as it was given out, or as it would be. */
  #dayNode(gateway: GatewayNode, logs: GatewayLogs, day: string): DayNode {
    const known = logs.day(day) ?? { day, logs: [], total: 0, hasMore: false, opened: true, malformed: 0 };
    const fresh = dayNode(gateway, known);
    return this.#days.get(fresh.id) ?? fresh;
  }

  /** Reads a day anew. */
  refreshDay(node: DayNode): Promise<void> {
    return this.#extend(node, (logs, signal) => logs.refresh(node.day, signal));
  }

  /** Reads the next page of a day. */
  loadMore(node: MoreNode): Promise<void> {
    return this.#extend(node.parent, (logs, signal) => logs.loadMore(node.parent.day, signal));
  }

  /** Reads the days before those shown. */
  loadEarlier(node: EarlierNode): Promise<void> {
    return this.#extend(node.parent, (logs, signal) => logs.loadEarlier(signal));
  }

  /** Tries again what a failed state stands for. */
  async retry(node: StateNode): Promise<void> {
    const { parent } = node;
    const failure = parent && this.#failures.get(parent.id);
    if (failure && (parent.kind === "day" || parent.kind === "gateway")) await this.#extend(parent, failure.read);
    else this.#changed.fire(parent);
  }

  /** Reads more below a node; asked for again while it is under way, it is still read once. */
  #extend(node: GatewayNode | DayNode, read: Read): Promise<void> {
    let reading = this.#reading.get(node.id);
    if (!reading) {
      reading = this.#read(node, read).finally(() => this.#reading.delete(node.id));
      this.#reading.set(node.id, reading);
    }
    return reading;
  }

  async #read(node: GatewayNode | DayNode, read: Read): Promise<void> {
    const session = await this.#sessions.current();
    const logs = await this.#logsOf(node.kind === "day" ? node.parent : node, session);
    this.#failures.delete(node.id);
    try {
      await read(logs, session.signal);
    } catch (error) {
      if (isAborted(error)) return;
      this.#failures.set(node.id, { error, read });
      this.#logger.warn(`${node.id}: ${String(error)}`);
    }
    if (session.signal.aborted) return;
    const current = (node.kind === "day" && this.#days.get(node.id)) || node;
    if (current.kind === "day") current.known = logs.day(current.day) ?? current.known;
    this.#changed.fire(current);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      const session = await this.#sessions.current();
      if (!node) return await this.#roots(session);
      if (node.kind === "gateway") return await this.#daysOf(node, session);
      if (node.kind === "day") return await this.#logsOfDay(node, session);
      return [];
    } catch (error) {
      if (isAborted(error)) return [];
      this.#logger.warn(`${node?.id ?? "tree"}: ${String(error)}`);
      return [stateNode(node, { type: "failed", explanation: explain(error, this.#format) })];
    }
  }

  async #roots(session: Session): Promise<Node[]> {
    const groups = await Promise.all(session.accounts.map((account) => this.#gatewaysOf(account, session.signal)));
    if (session.signal.aborted) return [];
    this.#keepFiltersOf(session);
    setContext(
      "aiGateway.signedIn",
      session.accounts.some((account) => !account.isSample),
    );
    setContext(
      "aiGateway.sampleOpen",
      session.accounts.some((account) => account.isSample),
    );
    setContext("aiGateway.loaded", true);
    return groups.flat();
  }

  /** A filter goes with its account: nobody can see what it leaves out. */
  #keepFiltersOf({ accounts }: Session): void {
    const left = this.filters.filter(({ gateway }) => !accounts.some(({ id }) => id === gateway.accountId));
    for (const { gateway } of left) this.#filters.set(gateway, []);
    if (left.length > 0) this.#filterChanged.fire();
  }

  async #gatewaysOf(account: SessionAccount, signal: AbortSignal): Promise<Node[]> {
    try {
      const client = await account.client();
      const gateways = await client.listGateways(account.id, { signal });
      const nodes = gateways.map((gateway) => gatewayNode(gateway, account));
      for (const node of nodes) this.#gateways.set(node.id, node);
      if (nodes.length > 0) return nodes;
      return [stateNode(undefined, { type: "noGateways", accountName: account.name }, account.id)];
    } catch (error) {
      if (isAborted(error)) return [];
      this.#logger.warn(`${account.id}: ${String(error)}`);
      return [stateNode(undefined, { type: "failed", explanation: explain(error, this.#format) }, account.id)];
    }
  }

  /** What is known of a gateway's logs; asked for once, however often the node is expanded. */
  #logsOf(node: GatewayNode, session: Session): Promise<GatewayLogs> {
    let known = this.#known.get(node.id);
    if (!known) {
      known = this.#load(node, session);
      this.#known.set(node.id, known);
      known.catch(() => {
        if (this.#known.get(node.id) === known) this.#known.delete(node.id);
      });
    }
    return known;
  }

  async #clientOf(node: GatewayNode, session: Session) {
    const account = session.accounts.find(({ id }) => id === node.ref.accountId);
    if (!account) throw new PlainError(vscode.l10n.t("This account is not signed in to any more."));
    return account.client();
  }

  async #load(node: GatewayNode, session: Session): Promise<GatewayLogs> {
    const logs = new GatewayLogs(await this.#clientOf(node, session), node.ref, this.#filters.of(node.ref));
    await logs.load(session.signal);
    return logs;
  }

  async #daysOf(node: GatewayNode, session: Session): Promise<Node[]> {
    const logs = await this.#logsOf(node, session);
    const days = logs.days.map((known) => dayNode(node, known));
    for (const day of days) this.#days.set(day.id, day);
    const rows: Node[] = [...days];
    if (logs.malformed > 0) rows.push(stateNode(node, { type: "malformed", count: logs.malformed }));
    else if (rows.length === 0 && logs.conditions.length > 0) {
      if (!logs.hasEarlier) rows.push(stateNode(node, { type: "noMatch" }));
    } else if (rows.length === 0)
      rows.push(stateNode(node, await emptyState(node, await this.#clientOf(node, session), session.signal)));
    if (logs.hasEarlier) rows.push(earlierNode(node));
    return this.#withFailure(node, rows);
  }

  async #logsOfDay(node: DayNode, session: Session): Promise<Node[]> {
    const logs = await this.#logsOf(node.parent, session);
    const wasOpen = logs.day(node.day)?.opened === true;
    if (!wasOpen) this.#failures.delete(node.id);
    const open: Read = (of, signal) => of.open(node.day, signal);
    try {
      await open(logs, session.signal);
    } catch (error) {
      if (isAborted(error)) throw error;
      // The rows that came with the gateway are still good.
      this.#failures.set(node.id, { error, read: open });
      this.#logger.warn(`${node.id}: ${String(error)}`);
    }
    const known = logs.day(node.day);
    if (!known) return [stateNode(node, { type: "dayEmpty" })];
    node.known = known;
    // The total stands on the day itself.
    if (!wasOpen && known.opened) this.#changed.fire(node);
    const rows: Node[] = known.logs.map((log) => logNode(node, log));
    if (known.malformed > 0) rows.push(stateNode(node, { type: "malformed", count: known.malformed }));
    else if (rows.length === 0) rows.push(stateNode(node, { type: "dayEmpty" }));
    if (known.hasMore && known.opened) rows.push(moreNode(node));
    return this.#withFailure(node, rows);
  }

  #withFailure(node: Node, rows: Node[]): Node[] {
    const failure = this.#failures.get(node.id);
    if (!failure) return rows;
    const explanation = explain(failure.error, this.#format);
    return [...rows, stateNode(node, { type: "failed", explanation })];
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node, this.#format);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    item.tooltip = tooltipOf(node, this.#format) ?? item.tooltip;
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
    this.#filterChanged.dispose();
    this.#subscription.dispose();
  }
}
