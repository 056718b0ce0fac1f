import * as vscode from "vscode";
import type { Condition } from "../source/conditions.ts";
import type { CollectionRef, LogRef } from "../source/log.ts";
import { setContext } from "../platform/contexts.ts";
import { collectionName } from "../words/collection-name.ts";
import { PlainError } from "../words/explain.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbor.ts";
import type { Expanded } from "./expanded.ts";
import type { GatewayNode, LogNode, Node } from "./nodes.ts";
import type { LogTree } from "./provider.ts";
import { SideBarView } from "./side-bar-view.ts";

/** Returns the gateway that a node belongs to; undefined for a state at the root. */
export const gatewayAbove = (node: Node | undefined): GatewayNode | undefined =>
  node === undefined || node.kind === "gateway" ? node : gatewayAbove(node.parent);

/** Message for a gateway command while the tree has no gateway. */
export const noGateway = (): PlainError =>
  new PlainError(vscode.l10n.t("There is no gateway. Sign in, or refresh the view to see why."));

/** The logs' tree as it is seen in the side bar. */
export class LogTreeView extends SideBarView<Node> {
  readonly #tree: LogTree;
  readonly #format: Format;

  /** @param view as VS Code has it, of the tree's nodes; who made it disposes it */
  constructor(view: vscode.TreeView<Node>, tree: LogTree, expanded: Expanded, format: Format) {
    super(view, expanded);
    this.#tree = tree;
    this.#format = format;
    this.subscriptions.push(
      tree.arrangements.onDidChange(() => this.#describe()),
      tree.onDidChangeTotal(() => this.#describe()),
      tree.arrivals.onDidChange(() => this.#badge()),
      view.onDidChangeSelection(({ selection }) => {
        tree.arrivals.isReading = selection.some(({ kind }) => kind === "log");
      }),
    );
    this.#describe();
  }

  /** Whether the tree is to be seen. */
  get visible(): boolean {
    return this.view.visible;
  }

  /** The tree has come into sight or gone out of it. */
  get onDidChangeVisibility(): vscode.Event<vscode.TreeViewVisibilityChangeEvent> {
    return this.view.onDidChangeVisibility;
  }

  /** The logs that are selected, in the order of the selection. */
  get selectedLogs(): readonly LogNode[] {
    return this.view.selection.filter((node) => node.kind === "log");
  }

  /** Returns the log next to another one, in tree order. */
  neighbor(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    return this.#tree.neighbor(ref, step);
  }

  /** Opens the view and goes to a gateway. @throws PlainError when there is none of that id */
  async showGateway(gateway: CollectionRef): Promise<void> {
    await vscode.commands.executeCommand("aiGateway.logs.focus");
    const node = await this.#tree.gatewayOf(gateway);
    if (!node)
      throw new PlainError(vscode.l10n.t("The gateway {0} no longer exists.", oneLine(gateway.collectionId, 80)));
    await this.goTo(node);
  }

  /** Shows only what fits the conditions of a gateway, and the gateway. */
  async filterBy(gateway: CollectionRef, conditions: Condition[]): Promise<void> {
    const { formatFilter } = await import("../query/query-line.ts");
    await this.showFiltered(gateway, formatFilter({ conditions, search: "" }));
  }

  /** Shows only what fits a query line of a gateway, and the gateway. */
  async showFiltered(gateway: CollectionRef, line: string): Promise<void> {
    this.#tree.arrangements.setFilter(gateway, line);
    const node = await this.#tree.gatewayOf(gateway);
    if (node) await this.revealNode(node, { select: false, focus: false, expand: true });
  }

  /** The gateway a command is meant for: that of the node, else of what is selected, else the only one (open), else it asks. It fails where there is none. */
  async gatewayFor(node?: Node): Promise<GatewayNode | undefined> {
    const meant = gatewayAbove(node) ?? gatewayAbove(this.selectedNode);
    if (meant) return meant;
    const gateways = await this.#tree.gateways();
    if (gateways.length === 0) throw noGateway();
    const open = this.#tree.watched();
    if (gateways.length === 1 || open.length === 1) return open[0] ?? gateways[0];
    return this.pick(gateways, vscode.l10n.t("Select a gateway"), ({ gateway, account }) => ({
      label: collectionName(gateway),
      description: account.name,
    }));
  }

  /** Says on the view's icon how many logs wait to be shown. */
  #badge(): void {
    const value = this.#tree.arrivals.waiting;
    const tooltip = value === 1 ? vscode.l10n.t("1 new log") : vscode.l10n.t("{0} new logs", value);
    this.view.badge = value > 0 ? { value, tooltip } : undefined;
  }

  /** Says above the tree what is left out of it, and how many logs fit. */
  #describe(): void {
    const shown = this.#tree.arrangements.filters.flatMap(({ gateway, line }) => {
      const node = this.#tree.nodeOf(gateway);
      return node ? [{ node, line }] : [];
    });
    setContext("aiGateway.filtered", shown.length > 0);
    void this.sayFilters(this.#describeAll(shown));
  }

  async #describeAll(shown: readonly { node: GatewayNode; line: string }[]): Promise<string[]> {
    if (shown.length === 0) return [];
    const { describeFilter } = await import("../filter/words.ts");
    return shown.map(({ node, line }) => {
      const fits = node.total === undefined ? "" : ` (${this.#format.count(node.total)})`;
      return `${node.ref.collectionId}: ${describeFilter(line, this.#format)}${fits}`;
    });
  }
}
