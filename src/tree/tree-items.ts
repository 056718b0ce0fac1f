import type * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import type { Deleting } from "../deletion/in-progress.ts";
import type { Format } from "../logs/format.ts";
import { partsInOrder } from "../logs/row-parts.ts";
import { rowParts } from "../platform/settings.ts";
import type { SentRatings } from "../rating/sent.ts";
import type { Arrangements } from "./arrangements.ts";
import { EventLoopYielder } from "./event-loop-yielder.ts";
import { addWords, itemOf, markDeleting, tooltipOf } from "./items.ts";
import type { LogNode, Node } from "./nodes.ts";

/** What items show besides their nodes. */
export type ItemNeeds = {
  arrangements: Pick<Arrangements, "order">;
  ratings: Pick<SentRatings, "shown">;
  deleting: Pick<Deleting, "has">;
  sessions: Pick<Sessions, "canOf">;
  format: Format;
};

/** Creates the items of nodes, based on the settings and the state of the window. */
export class TreeItems {
  readonly #needs: ItemNeeds;
  readonly #yielder = new EventLoopYielder();
  #rowParts = rowParts();

  constructor(needs: ItemNeeds) {
    this.#needs = needs;
  }

  /** Rereads the settings. */
  configure(): void {
    this.#rowParts = rowParts();
  }

  /** Creates an item: at once, or a little later where very many are wanted, so that the editor stays responsive. */
  inTurn(item: () => vscode.TreeItem): vscode.TreeItem | Promise<vscode.TreeItem> {
    const turn = this.#yielder.next();
    return turn ? turn.then(item) : item();
  }

  /** Creates the item of a node, without a tooltip. */
  of(node: Node): vscode.TreeItem {
    const { arrangements, deleting, sessions, format } = this.#needs;
    const item = itemOf(node, format, partsInOrder(this.#rowParts, arrangements.order), this.#shown);
    if (node.kind === "log" || node.kind === "group" || node.kind === "gateway")
      addWords(item, sessions.canOf(node.ref));
    if (node.kind === "log" && deleting.has(node.ref, node.log)) markDeleting(item);
    return item;
  }

  /** Creates a node's tooltip; undefined if its item has all there is to say. */
  tooltipOf(node: Node): vscode.MarkdownString | undefined {
    return tooltipOf(node, this.#needs.format, this.#shown);
  }

  readonly #shown = ({ ref, log }: LogNode) => this.#needs.ratings.shown(ref, log);
}
