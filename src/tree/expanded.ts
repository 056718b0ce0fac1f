import type * as vscode from "vscode";

const KEY = "expanded";

/** So many open nodes are remembered, the last ones opened, of those whose ids are no longer than that: an id may hold a recorded value. */
const [MOST, LONGEST] = [500, 500];

/** Which nodes of the tree are open, kept for this window's workspace: VS Code itself forgets it with the window. */
export class Expanded {
  readonly #state: vscode.Memento;
  readonly #ids: Set<string>;

  constructor(state: vscode.Memento) {
    this.#state = state;
    this.#ids = new Set(state.get<string[]>(KEY, []));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Notes that a node was opened or closed. */
  set(id: string, isOpen: boolean): void {
    this.#ids.delete(id);
    if (isOpen) this.#ids.add(id);
    this.#keep();
  }

  /** Forgets the nodes of an account: their ids may tell what only its logs do. */
  forget(sourceId: string): void {
    for (const id of this.#ids) if (id.startsWith(`${sourceId}/`)) this.#ids.delete(id);
    this.#keep();
  }

  #keep(): void {
    const kept = [...this.#ids].filter(({ length }) => length <= LONGEST).slice(-MOST);
    void this.#state.update(KEY, kept);
  }
}
