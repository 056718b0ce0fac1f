import * as vscode from "vscode";
import type { CollectionRef, Log, LogRef } from "../source/log.ts";
import { isOfGateway } from "../logs/log-key.ts";

/** A running deletion of a gateway; `covers` tests a row. */
type Running = { gateway: CollectionRef; covers: (log: Log) => boolean };

/** A change: the set of rows being deleted in a gateway, or logs of it that are gone. */
export type DeletionChange = { gateway: CollectionRef; gone: readonly Log[] };

/** The logs being deleted in this window: their rows and panels show it, and disappear once they are gone. */
export class Deleting {
  readonly #running = new Set<Running>();
  readonly #changed = new vscode.EventEmitter<DeletionChange>();
  readonly onDidChange = this.#changed.event;

  /** Returns whether a log is being deleted. */
  has(ref: LogRef, log: Log): boolean {
    return [...this.#running].some(({ gateway, covers }) => isOfGateway(gateway)(ref) && covers(log));
  }

  /** Marks logs of a gateway during their deletion; `run` reports the ones that are gone. */
  async during<T>(
    gateway: CollectionRef,
    covers: (log: Log) => boolean,
    run: (gone: (logs: readonly Log[]) => void) => Promise<T>,
  ): Promise<T> {
    const running = { gateway, covers };
    this.#running.add(running);
    this.#changed.fire({ gateway, gone: [] });
    try {
      return await run((gone) => this.#changed.fire({ gateway, gone }));
    } finally {
      this.#running.delete(running);
      this.#changed.fire({ gateway, gone: [] });
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
