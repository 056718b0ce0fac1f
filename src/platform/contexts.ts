import * as vscode from "vscode";

/** The context keys that `when` clauses read, and their values. */
export type Contexts = {
  /** Whether the tree knows what it shows; until then no welcome view, so that it does not flash. */
  "aiGateway.loaded": boolean;
  "aiGateway.signedIn": boolean;
  "aiGateway.sampleOpen": boolean;
  /** Whether the tab in front is the one that the next log takes over. */
  "aiGateway.previewInFront": boolean;
  /** Whether the tree shows only the logs that fit a filter. */
  "aiGateway.filtered": boolean;
  /** Whether an audit log shows only the entries that fit a filter. */
  "aiGateway.auditFiltered": boolean;
  /** Whether the tab in front is the one that the next entry of the audit log takes over. */
  "aiGateway.auditPreviewInFront": boolean;
  /** Whether new logs are looked for again and again. */
  "aiGateway.autoRefresh": boolean;
  /** Whether a log waits to be compared with another one. */
  "aiGateway.selectedForCompare": boolean;
  /** Whether logs are rated one after the other. */
  "aiGateway.rating": boolean;
  /** Whether a debugged program has made calls in this window. */
  "aiGateway.callsSeen": boolean;
};

/** Sets one context key. */
export function setContext<K extends keyof Contexts>(key: K, value: Contexts[K]): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
