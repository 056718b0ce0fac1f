import * as vscode from "vscode";

/**
 * The query lines that say what is shown, by the ID of what they filter: a gateway's node or an account. Kept for this window's workspace,
 * so that they survive a reload and another window has its own. A line is kept as it was typed: `since:2h` means two hours before it is read.
 */
export class FilterLines {
  readonly #state: vscode.Memento;
  readonly #key: string;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Another line is shown for that ID. */
  readonly onDidChange = this.#changed.event;

  /** @param key under which they are kept */
  constructor(state: vscode.Memento, key: string) {
    this.#state = state;
    this.#key = key;
  }

  get #lines(): Record<string, string> {
    return this.#state.get<Record<string, string>>(this.#key, {});
  }

  /** What shows only what fits a line, with that line. */
  get all(): readonly [id: string, line: string][] {
    return Object.entries(this.#lines);
  }

  /** The line for an ID; "" shows all. */
  of(id: string): string {
    return Object.hasOwn(this.#lines, id) ? (this.#lines[id] ?? "") : "";
  }

  /** Shows only what fits the line; with "", all. */
  set(id: string, line: string): void {
    const { [id]: _, ...others } = this.#lines;
    void this.#state.update(this.#key, line.trim() === "" ? others : { ...others, [id]: line.trim() });
    this.#changed.fire(id);
  }

  /** Forgets the lines of an account: they may name what only its logs tell. */
  forget(sourceId: string): void {
    for (const [id] of this.all) if (id === sourceId || id.startsWith(`${sourceId}/`)) this.set(id, "");
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
