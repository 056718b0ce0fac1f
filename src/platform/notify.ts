import * as vscode from "vscode";
import { isAborted } from "../cloudflare/errors.ts";
import { explain, inSentences } from "../words/explain.ts";
import type { Logger } from "./logger.ts";
import type { Format } from "../logs/format.ts";

/** A notification makes links, of commands too, from [text](address): words of the API must not become one. */
export function withoutLinks(text: string): string {
  return text.replaceAll("](", "] (");
}

/** Tells a person why what they just asked for did not happen. Nothing is told of what they gave up themselves. */
export function showError(error: unknown, format: Format, logger: Logger): void {
  if (isAborted(error) || error instanceof vscode.CancellationError) return;
  logger.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  void vscode.window.showErrorMessage(withoutLinks(inSentences(explain(error, format))));
}

/** An AbortSignal that follows a CancellationToken. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
