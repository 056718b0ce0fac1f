import * as vscode from "vscode";
import { isAborted } from "../cloudflare/errors.ts";
import type { Condition } from "../cloudflare/filter/filter.ts";
import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";
import { explain } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import { plain, type Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import type { LogNode } from "../tree/nodes.ts";

/** The tree that is walked through: what stands beside something in it, and how that is shown in it, where it is to be seen. */
export type Walked<Ref, Node> = {
  neighbour(ref: Ref, step: Step): Promise<Node | undefined>;
  reveal(node: Node): void;
};

/** What is around a panel: the tree, and how it is moved and filtered from a page. */
export type Around = Walked<LogRef, LogNode> & {
  filterBy(gateway: GatewayRef, conditions: Condition[]): void | Promise<void>;
};

/** Steps that follow each other faster than this are one walk: only where it ends is read, in ms. */
const WALKING = 250;
const SETTLED = 150;

/** The panel that walks: what it shows (nothing when it is closed), how it shows another, and what is said at the ends. */
type Walker<Ref, Node> = {
  ref(): Ref | undefined;
  show(node: Node, delay: number): void;
  ends: Readonly<Record<Step, string>>;
};

/** Goes from one to the next in the order of the tree, one step after the other. */
export class Walk<Ref, Node> {
  readonly #needs: { around: Walked<Ref, Node>; format: Format; logger: Logger };
  readonly #walker: Walker<Ref, Node>;
  #steps: Promise<void> = Promise.resolve();
  #walkedAt = 0;

  constructor(needs: { around: Walked<Ref, Node>; format: Format; logger: Logger }, walker: Walker<Ref, Node>) {
    this.#needs = needs;
    this.#walker = walker;
  }

  /** Goes to the one beside that shown; asked again before that is there, from that one on. */
  go(step: Step): Promise<void> {
    this.#steps = this.#steps.then(() => this.#step(step));
    return this.#steps;
  }

  async #step(step: Step): Promise<void> {
    const from = this.#walker.ref();
    if (!from) return;
    try {
      const beside = await this.#needs.around.neighbour(from, step);
      // Another one was opened here meanwhile, or the tab was closed.
      if (this.#walker.ref() !== from) return;
      if (!beside) {
        vscode.window.setStatusBarMessage(this.#walker.ends[step], 3000);
        return;
      }
      const isWalking = Date.now() - this.#walkedAt < WALKING;
      this.#walkedAt = Date.now();
      this.#walker.show(beside, isWalking ? SETTLED : 0);
      this.#needs.around.reveal(beside);
    } catch (error) {
      if (isAborted(error)) return;
      this.#needs.logger.warn(`beside ${JSON.stringify(from)}: ${String(error)}`);
      vscode.window.setStatusBarMessage(plain(explain(error, this.#needs.format).summary), 5000);
    }
  }
}
