import * as vscode from "vscode";
import type { LogRef } from "../../cloudflare/schema.ts";
import { setContext } from "../../platform/contexts.ts";
import { PlainError } from "../../words/explain.ts";

/** The log that waits to be compared with another one, for as long as the window is open. */
export class CompareSelection {
  #ref: LogRef | undefined;

  /** Keeps a log to be compared. */
  select(ref: LogRef): void {
    this.#ref = ref;
    setContext("aiGateway.selectedForCompare", true);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Selected for compare"), 3000);
  }

  /** Forgets a log of an account. */
  forget(accountId: string): void {
    if (this.#ref?.accountId !== accountId) return;
    this.#ref = undefined;
    setContext("aiGateway.selectedForCompare", false);
  }

  /** The log that was selected. @throws PlainError when none was */
  get ref(): LogRef {
    if (!this.#ref) throw new PlainError(vscode.l10n.t("Select a log for comparison first."));
    return this.#ref;
  }
}
