import type { Session, Sessions } from "../account/session.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { explain } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import type { GivenNodes } from "./given.ts";
import type { Listings } from "./listings.ts";
import { stateNode, type GatewayNode, type GroupNode, type Node } from "./nodes.ts";

/** Reads more of a gateway's logs. */
export type Read = (logs: GatewayLogs, signal: AbortSignal) => Promise<void>;

type Needs = { sessions: Pick<Sessions, "current">; format: Format; logger: Logger };

/** What is being read below nodes whose rows are shown, and what of it failed: the rows stay, with a way to try again. */
export class Reads {
  readonly #needs: Needs;
  readonly #listings: Pick<Listings, "of" | "known">;
  readonly #given: Pick<GivenNodes, "of" | "gateway">;
  readonly #show: (node: GatewayNode | GroupNode) => void;
  readonly #failures = new Map<string, { error: unknown; read: Read }>();
  readonly #running = new Map<string, Promise<void>>();
  /** The last read of each node that is under way. */
  readonly #last = new Map<string, Promise<void>>();

  /** `show` draws a node that has other rows now. */
  constructor(
    needs: Needs,
    listings: Pick<Listings, "of" | "known">,
    given: Pick<GivenNodes, "of" | "gateway">,
    show: (node: GatewayNode | GroupNode) => void,
  ) {
    this.#needs = needs;
    this.#listings = listings;
    this.#given = given;
    this.#show = show;
  }

  /** Forgets what failed below a node. */
  forget(id: string): void {
    this.#failures.delete(id);
  }

  /** Forgets all: what is under way is not waited for any more. */
  clear(): void {
    this.#failures.clear();
    this.#running.clear();
    this.#last.clear();
  }

  /** What failed below a node, and how it was read. */
  failureOf(node: Node): { error: unknown; read: Read } | undefined {
    return this.#failures.get(node.id);
  }

  /** Reads more below a node and shows it; asked for the same again while it is under way, it is still read once. */
  extend(node: GatewayNode | GroupNode, what: string, read: Read): Promise<void> {
    return this.#once(node, what, async () => {
      const gateway = node.kind === "group" ? node.parent : node;
      const session = await this.#needs.sessions.current();
      const logs = await this.#listings.of(gateway, session);
      this.forget(node.id);
      try {
        await this.try(node, logs, read, session);
      } catch {
        return; // given up
      }
      if (this.#listings.known(gateway.ref) !== logs) return; // other logs are wanted now
      const current = this.#given.of(node);
      if (current.kind === "group") current.known = logs.group(current.known.key) ?? current.known;
      const shown = this.#given.gateway(gateway.ref);
      // With another total there is another gateway to show.
      this.#show(shown && shown.total !== logs.total ? shown : current);
    });
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

  /** Reads, and keeps a failure for the node to show. @throws CloudflareError `aborted` alone */
  async try(node: GatewayNode | GroupNode, logs: GatewayLogs, read: Read, { signal }: Session): Promise<void> {
    try {
      await read(logs, signal);
    } catch (error) {
      if (isAborted(error)) throw error;
      this.#failures.set(node.id, { error, read });
      this.#needs.logger.warn(`${node.id}: ${String(error)}`);
    }
  }

  /** The rows, and after them what failed below the node. */
  with(node: Node, rows: Node[]): Node[] {
    const failure = this.#failures.get(node.id);
    if (!failure) return rows;
    return [...rows, stateNode(node, { type: "failed", explanation: explain(failure.error, this.#needs.format) })];
  }
}
