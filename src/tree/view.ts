import * as vscode from "vscode";
import type { Condition } from "../cloudflare/filter.ts";
import { formatFilter } from "../cloudflare/filter-text.ts";
import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";
import { setContext } from "../contexts.ts";
import { oneLine } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import type { LogNode, Node } from "./nodes.ts";
import type { LogTree } from "./provider.ts";

/** The tree as it is seen in the side bar: what of it is shown, and in which words. */
export class LogTreeView {
  readonly #tree: LogTree;
  readonly #view: vscode.TreeView<Node>;
  readonly #subscription: vscode.Disposable;

  constructor(tree: LogTree) {
    this.#tree = tree;
    this.#view = vscode.window.createTreeView("aiGateway.logs", { treeDataProvider: tree, showCollapseAll: true });
    this.#subscription = tree.onDidChangeFilter(() => this.#describe());
  }

  /** Selects a log, where the tree is to be seen: it is not opened for that, and the focus stays where it is. */
  reveal(node: LogNode): void {
    if (this.#view.visible) void this.#reveal(node, { select: true, focus: false });
  }

  /** The log beside another one, in the order of the tree. */
  neighbour(ref: LogRef, step: Step): Promise<LogNode | undefined> {
    return this.#tree.neighbour(ref, step);
  }

  /** Shows only what fits the conditions of a gateway, and the gateway. */
  filterBy(gateway: GatewayRef, conditions: Condition[]): void {
    this.#tree.setFilter(gateway, conditions);
    void this.#showGateway(gateway);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#view.dispose();
  }

  async #showGateway(gateway: GatewayRef): Promise<void> {
    const node = await this.#tree.gatewayOf(gateway);
    if (node) await this.#reveal(node, { select: false, focus: false, expand: true });
  }

  async #reveal(node: Node, options: { select: boolean; focus: boolean; expand?: boolean }): Promise<void> {
    try {
      await this.#view.reveal(node, options);
    } catch {
      // The tree was built anew meanwhile: the node is not there any more.
    }
  }

  /** Says above the tree what is left out of it. */
  #describe(): void {
    const { filters } = this.#tree;
    const words = filters.map(
      ({ gateway, conditions }) => `${gateway.gatewayId}: ${formatFilter({ conditions: [...conditions], search: "" })}`,
    );
    // Empty is none.
    this.#view.description = oneLine(words.join(" · "));
    // The only view of its container shows no description.
    this.#view.message = words.length > 0 ? vscode.l10n.t("Filter: {0}", oneLine(words.join(" · "))) : "";
    setContext("aiGateway.filtered", filters.length > 0);
  }
}
