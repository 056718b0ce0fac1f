import * as vscode from "vscode";
import { isAborted } from "./cloudflare/errors.ts";
import { explain } from "./explain.ts";
import type { Logger } from "./logger.ts";
import type { Format } from "./logs/format.ts";

/** Tells a person why what they just asked for did not happen. Nothing is told of what they gave up themselves. */
export function showError(error: unknown, format: Format, logger: Logger): void {
  if (isAborted(error) || error instanceof vscode.CancellationError) return;
  logger.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const { summary, detail } = explain(error, format);
  void vscode.window.showErrorMessage(`${summary}. ${detail}`);
}

/** An AbortSignal that follows a CancellationToken. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
