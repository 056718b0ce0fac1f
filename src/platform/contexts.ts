import * as vscode from "vscode";

/** Context keys for `when` clauses, with their types. */
export type Contexts = {
  /** Whether the tree has loaded; until then no welcome view, so that it doesn't flash. */
  "aiGateway.loaded": boolean;
  "aiGateway.signedIn": boolean;
  "aiGateway.sampleOpen": boolean;
  /** Whether the active tab is the preview tab for logs. */
  "aiGateway.previewInFront": boolean;
  /** What can be done with the log of the active tab, as words. */
  "aiGateway.logCan": string;
  /** Whether a filter limits the tree. */
  "aiGateway.filtered": boolean;
  /** Whether a filter limits an audit log. */
  "aiGateway.auditFiltered": boolean;
  /** Whether the active tab is the preview tab for audit log entries. */
  "aiGateway.auditPreviewInFront": boolean;
  /** Whether auto refresh is on. */
  "aiGateway.autoRefresh": boolean;
  /** Whether a log is selected for comparison. */
  "aiGateway.selectedForCompare": boolean;
  /** Whether Rate Logs One by One is running. */
  "aiGateway.rating": boolean;
  /** Whether this window records calls. */
  "aiGateway.recording": boolean;
  /** Whether a debugged program has made calls in this window. */
  "aiGateway.callsSeen": boolean;
};

/** Sets a context key. */
export function setContext<K extends keyof Contexts>(key: K, value: Contexts[K]): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
