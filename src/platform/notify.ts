import * as vscode from "vscode";
import { isAborted } from "../source/errors.ts";
import { explain, inSentences } from "../words/explain.ts";
import type { Logger } from "./logger.ts";
import type { Format } from "../logs/format.ts";

/**
 * Escapes [text](address), which a notification renders as a link, even to a command: API messages must not contain
 * one.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll("](", "] (");
}

/** Tells the user why their action failed. Cancellations aren't reported. */
export function showError(error: unknown, format: Format, logger: Logger): void {
  if (isAborted(error) || error instanceof vscode.CancellationError) return;
  logger.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  void vscode.window.showErrorMessage(withoutLinks(inSentences(explain(error, format))));
}

/** Returns an AbortSignal that follows a CancellationToken. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
