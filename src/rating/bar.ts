import * as vscode from "vscode";
import type { LogRef } from "../source/log.ts";
import { commandsOf } from "../platform/commands.ts";
import { setContext } from "../platform/contexts.ts";
import { isKeyOf, logKey } from "../logs/log-key.ts";
import type { RoundView } from "./round-view.ts";

/** The command that ends a round. */
export type RatingCalls = { "aiGateway.stopRating": () => void };

const { run } = commandsOf<RatingCalls>();

/** State of Rate Logs One by One for the panels, shown with the current log. */
export class RoundBar {
  #shown: { key: string; view: RoundView } | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  /** Returns the state for a log; undefined if it isn't the current one. */
  of(ref: LogRef): RoundView | undefined {
    return this.#shown?.key === logKey(ref) ? this.#shown.view : undefined;
  }

  show(ref: LogRef, view: RoundView): void {
    this.#shown = { key: logKey(ref), view };
    setContext("aiGateway.rating", true);
    this.#changed.fire();
  }

  hide(): void {
    this.#shown = undefined;
    setContext("aiGateway.rating", false);
    this.#changed.fire();
  }

  /** Ends the round if it's of this account. */
  async forget(sourceId: string): Promise<void> {
    if (this.#shown && isKeyOf(sourceId)(this.#shown.key)) await run("aiGateway.stopRating");
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
