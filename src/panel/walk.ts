import * as vscode from "vscode";
import { isAborted } from "../cloudflare/errors.ts";
import type { Condition } from "../cloudflare/filter.ts";
import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";
import { explain } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import type { LogNode } from "../tree/nodes.ts";

/** What is around a panel: the tree, and how it is moved and filtered from a page. */
export type Around = {
  /** The log beside another one in the order of the tree. */
  neighbour(ref: LogRef, step: Step): Promise<LogNode | undefined>;
  /** Shows a log in the tree, where the tree is to be seen. */
  reveal(node: LogNode): void;
  filterBy(gateway: GatewayRef, conditions: Condition[]): void | Promise<void>;
};

/** Steps that follow each other faster than this are one walk: only where it ends is read, in ms. */
const WALKING = 250;
const SETTLED = 150;

/** The panel that walks: which log it shows (none when it is closed), and how it shows another. */
type Walker = { ref(): LogRef | undefined; show(node: LogNode, delay: number): void };

/** Goes from log to log in the order of the tree, one step after the other. */
export class Walk {
  readonly #needs: { around: Around; format: Format; logger: Logger };
  readonly #walker: Walker;
  #steps: Promise<void> = Promise.resolve();
  #walkedAt = 0;

  constructor(needs: { around: Around; format: Format; logger: Logger }, walker: Walker) {
    this.#needs = needs;
    this.#walker = walker;
  }

  /** Goes to the log beside the one shown; asked again before that is there, from that one on. */
  go(step: Step): Promise<void> {
    this.#steps = this.#steps.then(() => this.#step(step));
    return this.#steps;
  }

  async #step(step: Step): Promise<void> {
    const from = this.#walker.ref();
    if (!from) return;
    try {
      const beside = await this.#needs.around.neighbour(from, step);
      // Another log was opened here meanwhile, or the tab was closed.
      if (this.#walker.ref() !== from) return;
      if (!beside) {
        const [below, above] = [vscode.l10n.t("No next log in the tree"), vscode.l10n.t("No previous log in the tree")];
        vscode.window.setStatusBarMessage(step === "next" ? below : above, 3000);
        return;
      }
      const isWalking = Date.now() - this.#walkedAt < WALKING;
      this.#walkedAt = Date.now();
      this.#walker.show(beside, isWalking ? SETTLED : 0);
      this.#needs.around.reveal(beside);
    } catch (error) {
      if (isAborted(error)) return;
      this.#needs.logger.warn(`beside log ${from.logId}: ${String(error)}`);
      vscode.window.setStatusBarMessage(explain(error, this.#needs.format).summary, 5000);
    }
  }
}
