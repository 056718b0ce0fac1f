import type { Session, Sessions } from "../account/session.ts";
import { isAborted } from "../source/errors.ts";
import type { Logger } from "../platform/logger.ts";
import type { Lists } from "./lists.ts";

/** Reads more of a list. */
export type Read<List> = (list: List, signal: AbortSignal) => Promise<void>;

/** The tree that more is read for: `rootOf` is what a node's list is known by, and `draw` shows a node with what it has now. */
export type ReadTree<Node, Root, List> = {
  rootOf(node: Node): Root;
  draw(node: Node, list: List): void;
};

/** What is being read below nodes whose rows are shown, and what of it failed: the rows stay, with a way to try again. */
export class Reads<Node extends { id: string }, Root extends { id: string }, List> {
  readonly #needs: { sessions: Pick<Sessions, "current">; logger: Logger };
  readonly #lists: Pick<Lists<Root, List>, "of" | "known">;
  readonly #tree: ReadTree<Node, Root, List>;
  readonly #failures = new Map<string, { error: unknown; read: Read<List> }>();
  readonly #running = new Map<string, Promise<void>>();
  /** The last read of each node that is under way. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(
    needs: { sessions: Pick<Sessions, "current">; logger: Logger },
    lists: Pick<Lists<Root, List>, "of" | "known">,
    tree: ReadTree<Node, Root, List>,
  ) {
    this.#needs = needs;
    this.#lists = lists;
    this.#tree = tree;
  }

  /** Forgets all: what is under way is no longer waited for. */
  clear(): void {
    this.#failures.clear();
    this.#running.clear();
    this.#last.clear();
  }

  /** What failed below a node, and how it was read. */
  failureOf({ id }: { id: string }): { error: unknown; read: Read<List> } | undefined {
    return this.#failures.get(id);
  }

  /** Reads more below a node and shows it; asked for the same again while it is under way, it is still read once. */
  extend(node: Node, what: string, read: Read<List>): Promise<void> {
    return this.#once(node, what, async () => {
      const root = this.#tree.rootOf(node);
      const session = await this.#needs.sessions.current();
      const list = await this.#lists.of(root, session);
      // A failure is shown too.
      if ((await this.#read(node, list, read, session)) !== "aborted") this.#draw(node, list);
    });
  }

  /**
   * Reads the rows of a node that is looked at for the first time, and shows it; the same again while it is under way is still read once.
   * A failure is not shown: whoever asked for the rows adds it to them.
   */
  open(node: Node, list: List, read: Read<List>, session: Session): Promise<void> {
    return this.#once(node, "open", async () => {
      if ((await this.#read(node, list, read, session)) === "read") this.#draw(node, list);
    });
  }

  /** Shows a node, unless another list is wanted now. */
  #draw(node: Node, list: List): void {
    if (this.#lists.known(this.#tree.rootOf(node).id) === list) this.#tree.draw(node, list);
  }

  /** Runs once for a node and what is read of it, however often it is asked for meanwhile; other reads of the node one after the other. */
  #once(node: Node, what: string, run: () => Promise<void>): Promise<void> {
    const key = `${node.id} ${what}`;
    const same = this.#running.get(key);
    if (same) return same;
    const before = this.#last.get(node.id) ?? Promise.resolve();
    const running = before.then(run).finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
      if (this.#last.get(node.id) === running) this.#last.delete(node.id);
    });
    this.#running.set(key, running);
    this.#last.set(node.id, running);
    return running;
  }

  /** Reads, and keeps a failure for the node to show. */
  async #read(node: Node, list: List, read: Read<List>, { signal }: Session): Promise<"read" | "failed" | "aborted"> {
    this.#failures.delete(node.id);
    try {
      await read(list, signal);
      return "read";
    } catch (error) {
      if (isAborted(error)) return "aborted";
      this.#needs.logger.warn(`${node.id}: ${String(error)}`);
      // What failed of a list that is no longer shown is of no use.
      if (this.#lists.known(this.#tree.rootOf(node).id) === list) this.#failures.set(node.id, { error, read });
      return "failed";
    }
  }
}
