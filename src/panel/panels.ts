import * as vscode from "vscode";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { LogPanel, type PanelNeeds } from "./panel.ts";

/** The panel's type, as VS Code knows it when it restores a window. */
export const VIEW_TYPE = "aiGateway.log";

const keyOf = ({ accountId, gatewayId, logId }: LogRef): string => JSON.stringify([accountId, gatewayId, logId]);

function isRef(value: unknown): value is LogRef {
  if (typeof value !== "object" || value === null) return false;
  const { accountId, gatewayId, logId } = value as Record<string, unknown>;
  return [accountId, gatewayId, logId].every((id) => typeof id === "string" && id !== "");
}

/** The open panels, one a log. */
export class LogPanels implements vscode.WebviewPanelSerializer {
  readonly #needs: PanelNeeds;
  readonly #panels = new Map<string, LogPanel>();

  constructor(needs: PanelNeeds) {
    this.#needs = needs;
  }

  /** Shows a log: the panel it has, or a new one that appears at once with what is known. */
  open(ref: LogRef, log?: Log): void {
    const open = this.#panels.get(keyOf(ref));
    if (open) return open.reveal();
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      "",
      vscode.ViewColumn.Active,
      LogPanel.options(this.#needs.extensionUri),
    );
    this.#adopt(panel, ref, log);
  }

  /** Takes over a panel that VS Code has restored; what it showed is asked for again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const ref = typeof state === "object" && state !== null && "ref" in state ? state.ref : undefined;
    // A panel that was hidden is restored late: its log may have been opened anew meanwhile.
    if (!isRef(ref) || this.#panels.has(keyOf(ref))) return panel.dispose();
    panel.webview.options = LogPanel.options(this.#needs.extensionUri);
    this.#adopt(panel, ref, undefined);
  }

  #adopt(panel: vscode.WebviewPanel, ref: LogRef, log: Log | undefined): void {
    const key = keyOf(ref);
    this.#panels.set(key, new LogPanel(panel, ref, log, this.#needs));
    panel.onDidDispose(() => this.#panels.delete(key));
  }

  /** The log whose panel is in front, for commands that are run from the palette or the panel's title. */
  get active(): LogRef | undefined {
    return [...this.#panels.values()].find((panel) => panel.active)?.ref;
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}
