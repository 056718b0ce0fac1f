import * as vscode from "vscode";
import { plain, oneLine } from "../logs/format.ts";
import type { Expanded } from "./expanded.ts";
import type { TreeNode } from "./node-kinds.ts";

/** A tree as it is seen in the side bar: what is selected in it, and the line above it that says what is left out. */
export class SideBarView<Node extends TreeNode<Node>> {
  protected readonly view: vscode.TreeView<Node>;
  protected readonly subscriptions: vscode.Disposable[];
  /** What is said above the tree, once it is known. */
  #filters: Promise<readonly string[]> = Promise.resolve([]);

  /** @param view as VS Code has it, of the tree's nodes; who made it disposes it */
  constructor(view: vscode.TreeView<Node>, expanded: Pick<Expanded, "set">) {
    this.view = view;
    this.subscriptions = [
      view.onDidExpandElement(({ element }) => expanded.set(element.id, true)),
      view.onDidCollapseElement(({ element }) => expanded.set(element.id, false)),
    ];
  }

  /** All that is selected. */
  get selection(): readonly Node[] {
    return this.view.selection;
  }

  /** The first of what is selected. */
  get selectedNode(): Node | undefined {
    return this.view.selection[0];
  }

  /** Selects a node, where the tree is to be seen: what it shows is not opened for that, and the focus stays where it is. */
  reveal(node: Node): void {
    if (this.view.visible) void this.revealNode(node, { select: true, focus: false });
  }

  /** Opens a node in the tree and goes to it. */
  async goTo(node: Node): Promise<void> {
    await this.revealNode(node, { select: true, focus: true, expand: true });
  }

  protected async revealNode(
    node: Node,
    options: { select: boolean; focus: boolean; expand?: boolean },
  ): Promise<void> {
    try {
      await this.view.reveal(node, options);
    } catch {
      // The tree was built again meanwhile, and no longer has the node.
    }
  }

  /** Asks which of several roots a command is meant for. */
  protected async pick<Root>(
    roots: readonly Root[],
    placeHolder: string,
    words: (root: Root) => { label: string; description?: string },
  ): Promise<Root | undefined> {
    const items = roots.map((root) => {
      const { label, description } = words(root);
      return { label: plain(label), ...(description !== undefined && { description: plain(description) }), root };
    });
    return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.root;
  }

  /** Says above the tree which filters are shown, in words; none says nothing. */
  protected async sayFilters(words: Promise<readonly string[]>): Promise<void> {
    this.#filters = words;
    const filters = await words;
    if (this.#filters !== words) return;
    this.view.message = filters.length === 0 ? "" : vscode.l10n.t("Filter: {0}", oneLine(filters.join(" · "), 500));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
