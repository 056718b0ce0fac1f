import * as vscode from "vscode";

const KEY = "auditFilters";

/** Which entries of each account's audit log are shown: the query lines, kept for this window's workspace. */
export class AuditFilters {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Another line is shown of the account of that id. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get #lines(): Record<string, string> {
    return this.#state.get<Record<string, string>>(KEY, {});
  }

  /** The accounts that show only what fits a line. */
  get accounts(): readonly string[] {
    return Object.keys(this.#lines);
  }

  /** The line of an account; "" when it shows all. */
  of(accountId: string): string {
    return Object.hasOwn(this.#lines, accountId) ? (this.#lines[accountId] ?? "") : "";
  }

  /** Shows only what fits the line; with "", all. */
  set(accountId: string, line: string): void {
    const { [accountId]: _, ...others } = this.#lines;
    void this.#state.update(KEY, line.trim() === "" ? others : { ...others, [accountId]: line.trim() });
    this.#changed.fire(accountId);
  }

  /** Forgets the line of an account: it may name what only its audit log tells. */
  forget(accountId: string): void {
    if (this.of(accountId) !== "") this.set(accountId, "");
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
