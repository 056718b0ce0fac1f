import * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import { setContext } from "../../platform/contexts.ts";
import { PlainError } from "../../words/explain.ts";

/** The log selected for comparison, kept while the window is open. */
export class CompareSelection {
  #ref: LogRef | undefined;

  /** Selects a log for comparison. */
  select(ref: LogRef): void {
    this.#ref = ref;
    setContext("aiGateway.selectedForCompare", true);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Selected for compare"), 3000);
  }

  /** Clears the selection if the log is of this account. */
  forget(sourceId: string): void {
    if (this.#ref?.sourceId !== sourceId) return;
    this.#ref = undefined;
    setContext("aiGateway.selectedForCompare", false);
  }

  /**
   * Returns the selected log.
   * @throws PlainError if there is none
   */
  get ref(): LogRef {
    if (!this.#ref) throw new PlainError(vscode.l10n.t("Select a log for comparison first."));
    return this.#ref;
  }
}
