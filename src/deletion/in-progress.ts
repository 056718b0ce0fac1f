import * as vscode from "vscode";
import type { GatewayRef, Log, LogRef } from "../cloudflare/schema.ts";
import { isOfGateway } from "../logs/log-key.ts";

/** Which logs of a gateway are being deleted, as far as their rows tell. */
type Running = { gateway: GatewayRef; covers: (log: Log) => boolean };

/** What has changed: other rows of a gateway are being deleted now, or these logs of it are gone. */
export type DeletionChange = { gateway: GatewayRef; gone: readonly Log[] };

/** The logs that are being deleted in this window: their rows and panels say so, and leave when they are gone. */
export class Deleting {
  readonly #running = new Set<Running>();
  readonly #changed = new vscode.EventEmitter<DeletionChange>();
  readonly onDidChange = this.#changed.event;

  /** Whether a log is being deleted. */
  has(ref: LogRef, log: Log): boolean {
    return [...this.#running].some(({ gateway, covers }) => isOfGateway(gateway)(ref) && covers(log));
  }

  /** Marks logs of a gateway while they are deleted; `run` says which of them are gone. */
  async during<T>(
    gateway: GatewayRef,
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
