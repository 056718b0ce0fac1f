import * as vscode from "vscode";
import type { Session, SessionAccount, Sessions } from "../account/session.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { setContext } from "../contexts.ts";
import { explain } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import { GatewayLogs } from "../logs/gatewayLogs.ts";
import { emptyState } from "./emptyState.ts";
import { itemOf, tooltipOf } from "./items.ts";
import {
  dayNode,
  earlierNode,
  gatewayNode,
  logNode,
  moreNode,
  stateNode,
  type DayNode,
  type EarlierNode,
  type GatewayNode,
  type MoreNode,
  type Node,
  type StateNode,
} from "./nodes.ts";

/** The tree's content: asks for what is expanded, once, and keeps it until it is refreshed. */
export class LogTree implements vscode.TreeDataProvider<Node> {
  readonly #sessions: Pick<Sessions, "current" | "onDidChange">;
  readonly #format: Format;
  readonly #logger: Logger;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: vscode.Disposable;
  /** What is known of each gateway, by node id. A refresh drops the entry. */
  readonly #known = new Map<string, Promise<GatewayLogs>>();
  /** Why the last "Load more" or "Earlier…" at a node failed, until the next try. */
  readonly #failures = new Map<string, unknown>();
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
    }
    this.#failures.clear();
    this.#changed.fire(node);
  }

  /** Reads a day anew. */
  async refreshDay(node: DayNode): Promise<void> {
    await this.#extend(node, node.parent, (logs, signal) => logs.refresh(node.day, signal));
  }

  /** Reads the next page of a day. */
  async loadMore(node: MoreNode): Promise<void> {
    await this.#extend(node.parent, node.parent.parent, (logs, signal) => logs.loadMore(node.parent.day, signal));
  }

  /** Reads the days before those shown. */
  async loadEarlier(node: EarlierNode): Promise<void> {
    await this.#extend(node.parent, node.parent, (logs, signal) => logs.loadEarlier(signal));
  }

  async #extend(
    node: GatewayNode | DayNode,
    gateway: GatewayNode,
    read: (logs: GatewayLogs, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const session = await this.#sessions.current();
    const logs = await this.#logsOf(gateway, session);
    this.#failures.delete(node.id);
    try {
      await read(logs, session.signal);
    } catch (error) {
      if (isAborted(error)) return;
      this.#failures.set(node.id, error);
      this.#logger.warn(`${node.id}: ${String(error)}`);
    }
    if (session.signal.aborted) return;
    const current = (node.kind === "day" && this.#days.get(node.id)) || node;
    if (current.kind === "day") current.known = logs.day(current.day) ?? current.known;
    this.#changed.fire(current);
  }

  /** Tries again what a failed state stands for. */
  retry(node: StateNode): void {
    if (!node.parent) return this.refresh();
    this.#failures.delete(node.parent.id);
    this.#changed.fire(node.parent);
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

  async #gatewaysOf(account: SessionAccount, signal: AbortSignal): Promise<Node[]> {
    try {
      const client = await account.client();
      const gateways = await client.listGateways(account.id, { signal });
      if (gateways.length > 0) return gateways.map((gateway) => gatewayNode(gateway, account));
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
    if (!account) throw new Error(vscode.l10n.t("This account is not signed in to any more."));
    return account.client();
  }

  async #load(node: GatewayNode, session: Session): Promise<GatewayLogs> {
    const logs = new GatewayLogs(await this.#clientOf(node, session), node.ref);
    await logs.load(session.signal);
    return logs;
  }

  async #daysOf(node: GatewayNode, session: Session): Promise<Node[]> {
    const logs = await this.#logsOf(node, session);
    const days = logs.days.map((known) => dayNode(node, known));
    for (const day of days) this.#days.set(day.id, day);
    const rows: Node[] = [...days];
    if (logs.malformed > 0) rows.push(stateNode(node, { type: "malformed", count: logs.malformed }));
    else if (rows.length === 0)
      rows.push(stateNode(node, await emptyState(node, await this.#clientOf(node, session), session.signal)));
    if (logs.hasEarlier) rows.push(earlierNode(node));
    return this.#withFailure(node, rows);
  }

  async #logsOfDay(node: DayNode, session: Session): Promise<Node[]> {
    const logs = await this.#logsOf(node.parent, session);
    const wasOpen = logs.day(node.day)?.opened === true;
    await logs.open(node.day, session.signal);
    const known = logs.day(node.day);
    if (!known) return [stateNode(node, { type: "dayEmpty" })];
    node.known = known;
    // The total stands on the day itself, and "Earlier…" may have turned out to lead nowhere.
    if (!wasOpen) this.#changed.fire(logs.hasEarlier ? node : node.parent);
    const rows: Node[] = known.logs.map((log) => logNode(node, log));
    if (known.malformed > 0) rows.push(stateNode(node, { type: "malformed", count: known.malformed }));
    else if (rows.length === 0) rows.push(stateNode(node, { type: "dayEmpty" }));
    if (known.hasMore) rows.push(moreNode(node));
    return this.#withFailure(node, rows);
  }

  #withFailure(node: Node, rows: Node[]): Node[] {
    if (!this.#failures.has(node.id)) return rows;
    const explanation = explain(this.#failures.get(node.id), this.#format);
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
    this.#subscription.dispose();
  }
}
