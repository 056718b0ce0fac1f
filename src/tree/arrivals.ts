import * as vscode from "vscode";
import type { CollectionRef, Log } from "../source/log.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import { gatewayNodeId, type GatewayNode, type LogNode } from "./nodes.ts";

/**
 * The logs that come while the tree is shown. They are put in at once and marked; but while a log of the tree is selected they wait, so
 * that what is being read does not move.
 */
export class Arrivals {
  readonly #known: (gateway: CollectionRef) => GatewayLogs | undefined;
  readonly #show: (node: GatewayNode | LogNode) => void;
  readonly #waiting = new Map<string, { gateway: GatewayNode; logs: Map<string, Log>; left: number }>();
  /** The marked logs, with their nodes as they were last given out. */
  readonly #new = new Map<string, LogNode | undefined>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** How many wait may be another number now. */
  readonly onDidChange = this.#changed.event;
  #isReading = false;

  constructor(known: (gateway: CollectionRef) => GatewayLogs | undefined, show: (node: GatewayNode | LogNode) => void) {
    this.#known = known;
    this.#show = show;
  }

  /** How many logs have come and wait to be shown, or to be read at the next look. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { gateway, logs, left }) => {
      const known = this.#known(gateway.ref);
      return sum + left + [...logs.keys()].filter((id) => !known?.has(id)).length;
    }, 0);
  }

  /** Whether a log has come since the tree was read, and was not opened yet. */
  readonly isNew = (logId: string): boolean => this.#new.has(logId);

  /** Whether somebody is reading in the tree: what comes then waits. */
  set isReading(isReading: boolean) {
    this.#isReading = isReading;
    if (!isReading) this.showAll();
  }

  /** Asks for what came since to a gateway whose logs are known: one call. */
  async look(node: GatewayNode, signal: AbortSignal): Promise<void> {
    const known = this.#known(node.ref);
    if (!known) return;
    const { logs, left } = await known.newer(signal);
    // The tree was reread in the meantime.
    if (signal.aborted || this.#known(node.ref) !== known) return;
    // What does not fit is not shown, so it moves nothing.
    known.arrive(logs.filter((log) => !known.fits(log)));
    const waiting = this.#waiting.get(node.id)?.logs ?? new Map<string, Log>();
    for (const log of logs) if (known.fits(log)) waiting.set(log.id, log);
    this.#waiting.set(node.id, { gateway: node, logs: waiting, left });
    if (!this.#isReading) this.showAll();
    else this.#changed.fire();
  }

  /** Shows what waits, marked. */
  showAll(): void {
    const entries = [...this.#waiting.values()].filter(({ logs }) => logs.size > 0);
    for (const { gateway, logs } of entries) {
      this.#known(gateway.ref)?.arrive([...logs.values()]);
      for (const id of logs.keys()) this.#new.set(id, undefined);
      logs.clear();
    }
    for (const { gateway } of entries) this.#show(gateway);
    this.#changed.fire();
  }

  /** Forgets logs that were deleted while they waited. */
  drop(gateway: CollectionRef, gone: readonly Log[]): void {
    const logs = this.#waiting.get(gatewayNodeId(gateway))?.logs;
    for (const { id } of gone) logs?.delete(id);
    this.#changed.fire();
  }

  /** Keeps the node of a marked log as it was given out. */
  give(node: LogNode): void {
    this.#new.set(node.log.id, node);
  }

  /** Takes the mark from a log that is opened. */
  see(logId: string): void {
    const node = this.#new.get(logId);
    this.#new.delete(logId);
    if (!node) return;
    node.isNew = false;
    this.#show(node);
  }

  /** Drops pending logs of a gateway or, with all marks, of all gateways: the tree is being reread. */
  forget(id?: string): void {
    if (id === undefined) {
      this.#waiting.clear();
      this.#new.clear();
    } else {
      this.#waiting.delete(id);
    }
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
