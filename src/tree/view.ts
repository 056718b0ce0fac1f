import * as vscode from "vscode";
import type { Condition } from "../cloudflare/filter/conditions.ts";
import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";
import { setContext } from "../platform/contexts.ts";
import { PlainError } from "../words/explain.ts";
import { oneLine, plain, type Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import type { Expanded } from "./expanded.ts";
import type { GatewayNode, GroupNode, LogNode, Node } from "./nodes.ts";
import type { LogTree } from "./provider.ts";

/** The gateway that a node belongs to; undefined for a state that stands at the root. */
export const gatewayAbove = (node: Node | undefined): GatewayNode | undefined =>
  node === undefined || node.kind === "gateway" ? node : gatewayAbove(node.parent);

/** What is told when something is to be done with a gateway and the tree has none. */
export const noGateway = (): PlainError =>
  new PlainError(vscode.l10n.t("There is no gateway. Sign in, or refresh the view to see why."));

/** The tree as it is seen in the side bar: what of it is shown, and in which words. */
export class LogTreeView {
  readonly #tree: LogTree;
  readonly #format: Format;
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];
  /** What is said above the tree, once it is known. */
  #description = Promise.resolve("");

  /** @param view as VS Code has it, of the tree's nodes; who made it disposes it */
  constructor(view: vscode.TreeView<Node>, tree: LogTree, expanded: Expanded, format: Format) {
    this.#tree = tree;
    this.#format = format;
    this.#view = view;
    this.#subscriptions = [
      tree.arrangements.onDidChange(() => this.#describe()),
      tree.onDidChangeTotal(() => this.#describe()),
      tree.arrivals.onDidChange(() => this.#badge()),
      this.#view.onDidExpandElement(({ element }) => expanded.set(element.id, true)),
      this.#view.onDidCollapseElement(({ element }) => expanded.set(element.id, false)),
      this.#view.onDidChangeSelection(({ selection }) => {
        tree.arrivals.isReading = selection.some(({ kind }) => kind === "log");
      }),
    ];
    this.#describe();
  }

  /** Whether the tree is to be seen. */
  get visible(): boolean {
    return this.#view.visible;
  }

  /** The tree has come into sight or gone out of it. */
  get onDidChangeVisibility(): vscode.Event<vscode.TreeViewVisibilityChangeEvent> {
    return this.#view.onDidChangeVisibility;
  }

  /** The logs that are selected, in the order of the selection. */
  get selectedLogs(): readonly LogNode[] {
    return this.#view.selection.filter((node) => node.kind === "log");
  }

  /** All that is selected. */
  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  /** The first of what is selected. */
  get selectedNode(): Node | undefined {
    return this.#view.selection[0];
  }

  /** Selects a log, where the tree is to be seen: it is not opened for that, and the focus stays where it is. */
  reveal(node: LogNode): void {
    if (this.#view.visible) void this.#reveal(node, { select: true, focus: false });
  }

  /** Opens a group in the tree and goes to it. */
  async goTo(node: GroupNode): Promise<void> {
    await this.#reveal(node, { select: true, focus: true, expand: true });
  }

  /** The log beside another one, in the order of the tree. */
  neighbour(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    return this.#tree.neighbour(ref, step);
  }

  /** Opens the view and goes to a gateway. @throws PlainError when there is none of that id */
  async showGateway(gateway: GatewayRef): Promise<void> {
    await vscode.commands.executeCommand("aiGateway.logs.focus");
    const node = await this.#tree.gatewayOf(gateway);
    if (!node) throw new PlainError(vscode.l10n.t("The gateway {0} no longer exists.", oneLine(gateway.gatewayId, 80)));
    await this.#reveal(node, { select: true, focus: true, expand: true });
  }

  /** Shows only what fits the conditions of a gateway, and the gateway. */
  async filterBy(gateway: GatewayRef, conditions: Condition[]): Promise<void> {
    const { formatFilter } = await import("../cloudflare/filter/query-line.ts");
    await this.showFiltered(gateway, formatFilter({ conditions, search: "" }));
  }

  /** Shows only what fits a query line of a gateway, and the gateway. */
  async showFiltered(gateway: GatewayRef, line: string): Promise<void> {
    this.#tree.arrangements.setFilter(gateway, line);
    const node = await this.#tree.gatewayOf(gateway);
    if (node) await this.#reveal(node, { select: false, focus: false, expand: true });
  }

  /** The gateway a command is meant for: that of the node, else of what is selected, else the only one (open), else it asks. It fails where there is none. */
  async gatewayFor(node?: Node): Promise<GatewayNode | undefined> {
    const meant = gatewayAbove(node) ?? gatewayAbove(this.selectedNode);
    if (meant) return meant;
    const gateways = await this.#tree.gateways();
    if (gateways.length === 0) throw noGateway();
    const open = this.#tree.watched();
    if (gateways.length === 1 || open.length === 1) return open[0] ?? gateways[0];
    const items = gateways.map((gateway) => ({
      label: plain(gateway.gateway.id),
      description: plain(gateway.account.name),
      gateway,
    }));
    const placeHolder = vscode.l10n.t("Which gateway?");
    return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.gateway;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #reveal(node: Node, options: { select: boolean; focus: boolean; expand?: boolean }): Promise<void> {
    try {
      await this.#view.reveal(node, options);
    } catch {
      // The tree was built anew meanwhile: the node is not there any more.
    }
  }

  /** Says on the view's icon how many logs wait to be shown. */
  #badge(): void {
    const value = this.#tree.arrivals.waiting;
    const tooltip = value === 1 ? vscode.l10n.t("1 new log") : vscode.l10n.t("{0} new logs", value);
    this.#view.badge = value > 0 ? { value, tooltip } : undefined;
  }

  /** Says above the tree what is left out of it, and how many logs fit. */
  #describe(): void {
    const shown = this.#tree.arrangements.filters.flatMap(({ gateway, line }) => {
      const node = this.#tree.nodeOf(gateway);
      return node ? [{ node, line }] : [];
    });
    setContext("aiGateway.filtered", shown.length > 0);
    this.#description = this.#describeAll(shown);
    void this.#say(this.#description);
  }

  async #say(description: Promise<string>): Promise<void> {
    const words = await description;
    if (this.#description !== description) return;
    // Empty is none.
    this.#view.message = words === "" ? "" : vscode.l10n.t("Filter: {0}", oneLine(words, 500));
  }

  async #describeAll(shown: readonly { node: GatewayNode; line: string }[]): Promise<string> {
    if (shown.length === 0) return "";
    const { describeFilter } = await import("../filter/words.ts");
    const words = shown.map(({ node, line }) => {
      const fits = node.total === undefined ? "" : ` (${this.#format.count(node.total)})`;
      return `${node.ref.gatewayId}: ${describeFilter(line, this.#format)}${fits}`;
    });
    return words.join(" · ");
  }
}
