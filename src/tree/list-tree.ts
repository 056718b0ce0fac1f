import * as vscode from "vscode";
import type { Session, Sessions } from "../account/session.ts";
import { isAborted } from "../source/errors.ts";
import { BadFilter } from "../filter/line.ts";
import type { Format } from "../logs/format.ts";
import type { Logger } from "../platform/logger.ts";
import type { Expanded } from "./expanded.ts";
import { Lists, type ReadList } from "./lists.ts";
import type { CommonState, TreeNode } from "./node-kinds.ts";
import { Reads } from "./reads.ts";
import { Roots } from "./roots.ts";
import { explain } from "../words/explain.ts";

/** What any tree of lists is made of. */
export type ListTreeNeeds = {
  sessions: Pick<Sessions, "current" | "onDidChange">;
  /** Which nodes are open, or were when the window was last used. */
  expanded: Pick<Expanded, "has">;
  format: Format;
  logger: Logger;
};

/** What the trees of a kind have in common. */
type TreeKind<Node, Part, Root, List> = {
  readRoots: (session: Session) => Promise<readonly Node[]>;
  readList: ReadList<Root, List>;
  /** The node by which the list is known that a node's rows are of. */
  rootOf: (node: Part) => Root;
  stateNode: (parent: Node | undefined, state: CommonState) => Node;
  /** What the API asks for, where it is not the permission for logs. */
  permission?: string;
};

/**
 * A view's content: roots, each with a list that is read when it is expanded, once, and kept until it is refreshed. `Part`: the nodes below
 * which more can be read. Asking for children never fires `changed`: roots, lists and reads say when something was read.
 */
export abstract class ListTree<
  Node extends TreeNode<Node>,
  Part extends Node,
  Root extends Part,
  List,
> implements vscode.TreeDataProvider<Node> {
  protected readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  protected readonly roots: Roots<Node>;
  protected readonly lists: Lists<Root, List>;
  protected readonly reads: Reads<Part, Root, List>;
  readonly #needs: ListTreeNeeds;
  readonly #kind: TreeKind<Node, Part, Root, List>;

  constructor(needs: ListTreeNeeds, kind: TreeKind<Node, Part, Root, List>) {
    this.#needs = needs;
    this.#kind = kind;
    this.roots = new Roots(kind.readRoots, (nodes) => this.rootsRead(nodes));
    this.lists = new Lists(kind.readList, (root) => this.listRead?.(root));
    const draw = (node: Part, list: List) => this.draw(node, list);
    this.reads = new Reads<Part, Root, List>(needs, this.lists, { rootOf: kind.rootOf, draw });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      return await this.childrenOf(node, await this.#needs.sessions.current());
    } catch (error) {
      if (isAborted(error)) return [];
      if (error instanceof BadFilter)
        return [this.#kind.stateNode(node, { type: "badFilter", problem: error.message })];
      this.#needs.logger.warn(`${node?.id ?? "tree"}: ${String(error)}`);
      return [this.#failed(node, error)];
    }
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem | Promise<vscode.TreeItem> {
    return this.item(node);
  }

  /** The item of a node, at once; what was open is open again. */
  item(node: Node): vscode.TreeItem {
    const item = this.itemOf(node);
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (item.collapsibleState === Collapsed && this.#needs.expanded.has(node.id)) item.collapsibleState = Expanded;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    item.tooltip = this.tooltipOf(node) ?? item.tooltip;
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }

  #failed(node: Node | undefined, error: unknown): Node {
    const { stateNode, permission } = this.#kind;
    return stateNode(node, { type: "failed", explanation: explain(error, this.#needs.format, permission) });
  }

  /** The rows, and after them what failed below the node. */
  protected withFailure(node: Part, rows: Node[]): Node[] {
    const failure = this.reads.failureOf(node);
    return failure ? [...rows, this.#failed(node, failure.error)] : rows;
  }

  /** @throws BadFilter, SourceError */
  protected abstract childrenOf(node: Node | undefined, session: Session): Promise<Node[]>;
  /** Takes the roots that were read, and returns the objects by which VS Code knows them. */
  protected abstract rootsRead(nodes: readonly Node[]): readonly Node[];
  /** Shows what a root says of its list, once that is read. */
  protected listRead?(root: Root): void;
  protected abstract itemOf(node: Node): vscode.TreeItem;
  /** All that a row tells, which is made only when it is hovered. */
  protected abstract tooltipOf(node: Node): vscode.MarkdownString | undefined;
  /** Shows a node below which more was read. */
  protected abstract draw(node: Part, list: List): void;
}
