import type * as vscode from "vscode";
import type { SourceLine } from "./run.ts";
import { IdScanner, type SeenId } from "./scanner.ts";
import type { LogIds } from "../../logs/log-ids.ts";
import { idsOfResult, idsOfVariables } from "./values.ts";
import { adapterMessage, evaluationIn } from "./adapter-message.ts";

/** Receiver of a debug session's events. */
export type Heard = {
  ids(seen: readonly SeenId[], printedAt?: SourceLine): void;
  /** Called when the program stops or continues. */
  stopped(isStopped: boolean): void;
};

/** Maximum number of VS Code's requests remembered until their responses. */
const MOST_EVALUATIONS = 50;

/** Observes a debug session without changing it: finds IDs in the output and in shown values. */
export class Tracker implements vscode.DebugAdapterTracker {
  readonly #heard: Heard;
  readonly #ids: LogIds;
  readonly #streams = new Map<string, IdScanner>();
  readonly #evaluations = new Map<number, string>();

  constructor(ids: LogIds, heard: Heard) {
    this.#ids = ids;
    this.#heard = heard;
  }

  onWillReceiveMessage(message: unknown): void {
    const asked = evaluationIn(message);
    if (!asked) return;
    this.#evaluations.set(asked.request, asked.expression);
    const [oldest] = this.#evaluations.keys();
    if (this.#evaluations.size > MOST_EVALUATIONS && oldest !== undefined) this.#evaluations.delete(oldest);
  }

  onDidSendMessage(message: unknown): void {
    const said = adapterMessage(message);
    switch (said?.type) {
      case undefined:
        return;
      case "output":
        return this.#hear(this.#scannerOf(said.stream).scan(said.text), said.printedAt);
      case "variables":
        return this.#hear(idsOfVariables(this.#ids, said.variables));
      case "result": {
        const expression = this.#evaluations.get(said.request) ?? "";
        this.#evaluations.delete(said.request);
        return this.#hear(idsOfResult(this.#ids, expression, said.text));
      }
      case "ended":
        return this.#flush();
      case "stopped":
        this.#flush();
        return this.#heard.stopped(true);
      case "continued":
        return this.#heard.stopped(false);
    }
  }

  onWillStopSession(): void {
    this.#flush();
  }

  onExit(): void {
    this.#flush();
  }

  /** The last output may end with a complete ID. */
  #flush(): void {
    for (const scanner of this.#streams.values()) this.#hear(scanner.flush());
  }

  #hear(ids: readonly SeenId[], printedAt?: SourceLine): void {
    if (ids.length > 0) this.#heard.ids(ids, printedAt);
  }

  #scannerOf(stream: string): IdScanner {
    let scanner = this.#streams.get(stream);
    if (!scanner) this.#streams.set(stream, (scanner = new IdScanner(this.#ids)));
    return scanner;
  }
}
