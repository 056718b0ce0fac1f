import * as vscode from "vscode";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { setContext } from "../contexts.ts";
import { logKey } from "../logs/logKey.ts";
import { openBeside, openInPreview } from "../settings.ts";
import { isRef } from "./intents.ts";
import type { LogPanel, PanelNeeds, PanelOwner } from "./panel.ts";
import type { ViewName } from "./protocol.ts";

/** The panel's type, as VS Code knows it when it restores a window. */
export const VIEW_TYPE = "aiGateway.log";

/** Where it is kept which view was chosen last, and which log the preview tab shows. */
const VIEW = "panelView";
const PREVIEW = "previewLog";

const VIEWS: readonly string[] = ["conversation", "raw", "markdown"] satisfies ViewName[];

/** Opening the same log again within this time is a double click, in ms. */
const DOUBLE_CLICK = 500;
/** How long after Enter the log that it opens takes the focus, in ms. */
const ENTER = 1000;

/** What is remembered: the view for all windows, the preview tab for this one. */
export type PanelMemory = { global: vscode.Memento; workspace: vscode.Memento };

/** The open panels; at most one of them is the preview, which the next log takes over. A walk may lead two to one log. */
export class LogPanels implements vscode.WebviewPanelSerializer {
  readonly #needs: PanelNeeds;
  readonly #memory: PanelMemory;
  readonly #panels = new Set<LogPanel>();
  readonly #owner: PanelOwner;
  /** The log of the preview tab of the window that is restored, until that tab is: it may be hidden, and come late. */
  #restoredPreview: string | undefined;
  #lastOpened: { key: string; at: number } | undefined;
  #focusUntil = 0;
  #disposed = false;

  constructor(needs: PanelNeeds, memory: PanelMemory) {
    this.#needs = needs;
    this.#memory = memory;
    this.#restoredPreview = memory.workspace.get<string>(PREVIEW);
    const stored = memory.global.get<string>(VIEW);
    this.#owner = {
      view: stored !== undefined && VIEWS.includes(stored) ? (stored as ViewName) : "conversation",
      setView: (view) => this.setView(view),
      open: (ref, log) => this.open(ref, log),
      changed: () => this.#changed(),
    };
  }

  /** Shows a log and puts the focus on it: in the panel it has, or in a tab that appears at once with what is known. */
  open(ref: LogRef, log?: Log): Promise<void> {
    return this.#open(ref, log, { asPreview: openInPreview(), preserveFocus: false });
  }

  /**
   * Shows a log as files are shown from a tree: a click leaves the focus there and reuses the preview tab, a double click
   * keeps the tab and goes to it, and so does Enter go to it.
   */
  async openFromTree(ref: LogRef, log: Log): Promise<void> {
    const now = Date.now();
    const key = logKey(ref);
    const isDouble = this.#lastOpened?.key === key && now - this.#lastOpened.at < DOUBLE_CLICK;
    this.#lastOpened = { key, at: now };
    const preserveFocus = !isDouble && now > this.#focusUntil;
    this.#focusUntil = 0;
    await this.#open(ref, log, { asPreview: openInPreview() && !isDouble, preserveFocus });
    if (isDouble) this.keepOpen(this.#find(ref));
  }

  /** Shows a log in the preview tab and goes there, whatever else opens a tab of its own: logs are looked at one after the other. */
  openPreview(ref: LogRef, log: Log): Promise<void> {
    return this.#open(ref, log, { asPreview: true, preserveFocus: false });
  }

  /** The next log that is opened from the tree takes the focus: Enter was pressed there. */
  focusNext(): void {
    this.#focusUntil = Date.now() + ENTER;
  }

  /** Makes the preview an ordinary tab; the one in front unless another is meant. */
  keepOpen(panel = this.activePanel): void {
    if (!panel?.isPreview) return;
    panel.isPreview = false;
    this.#changed();
  }

  /** Chooses what all panels show of their logs. */
  setView(view: ViewName): void {
    if (view === this.#owner.view) return;
    this.#owner.view = view;
    void this.#memory.global.update(VIEW, view);
    for (const panel of this.#panels) panel.viewChanged();
  }

  /** Takes over a panel that VS Code has restored; what it showed is asked for again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { LogPanel } = await import("./panel.ts");
    const ref = typeof state === "object" && state !== null && "ref" in state ? state.ref : undefined;
    // A panel that was hidden is restored late: its log may have been opened anew meanwhile.
    if (!isRef(ref) || this.#find(ref)) return panel.dispose();
    panel.webview.options = LogPanel.options(this.#needs.extensionUri);
    const isPreview = !this.#preview && this.#restoredPreview === logKey(ref);
    this.#adopt(LogPanel, panel, ref, undefined, isPreview);
  }

  /** The log whose panel is in front, for commands that are run from the palette or the panel's title. */
  get active(): LogRef | undefined {
    return this.activePanel?.ref;
  }

  /** A log as far as a panel knows it. */
  known(ref: LogRef): Log | undefined {
    return this.#find(ref)?.log;
  }

  /** The panel in front. */
  get activePanel(): LogPanel | undefined {
    return [...this.#panels].find((panel) => panel.active);
  }

  dispose(): void {
    // A window that closes is no person who closes tabs: what is remembered stays.
    this.#disposed = true;
    for (const panel of this.#panels) panel.dispose();
  }

  get #preview(): LogPanel | undefined {
    return [...this.#panels].find((panel) => panel.isPreview);
  }

  #find(ref: LogRef): LogPanel | undefined {
    const key = logKey(ref);
    const panels = [...this.#panels].filter((panel) => logKey(panel.ref) === key);
    return panels.find((panel) => panel.active) ?? panels[0];
  }

  /** What a panel needs is loaded with the first one; calls that wait for it go on in their order. */
  async #open(ref: LogRef, log: Log | undefined, how: { asPreview: boolean; preserveFocus: boolean }): Promise<void> {
    const { LogPanel } = await import("./panel.ts");
    if (this.#disposed) return;
    const open = this.#find(ref);
    if (open) return open.reveal(how.preserveFocus);
    const preview = how.asPreview ? this.#preview : undefined;
    if (preview) {
      preview.show(ref, log);
      return preview.reveal(how.preserveFocus);
    }
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      "",
      { viewColumn: this.#column(), preserveFocus: how.preserveFocus },
      LogPanel.options(this.#needs.extensionUri),
    );
    this.#adopt(LogPanel, panel, ref, log, how.asPreview);
  }

  /** Beside the editor, where the setting says so: where logs are already, else in a column of its own. */
  #column(): vscode.ViewColumn {
    if (!openBeside()) return vscode.ViewColumn.Active;
    const column = [...this.#panels].map((panel) => panel.column).find((one) => one !== undefined);
    // Of a panel that is just being opened it is not known where it is, but that it is in front.
    return column ?? (this.activePanel ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside);
  }

  #adopt(
    Panel: typeof LogPanel,
    panel: vscode.WebviewPanel,
    ref: LogRef,
    log: Log | undefined,
    isPreview: boolean,
  ): void {
    const opened = new Panel(panel, ref, log, isPreview, this.#needs, this.#owner);
    this.#panels.add(opened);
    if (this.#restoredPreview === logKey(ref)) this.#restoredPreview = undefined;
    panel.onDidDispose(() => {
      this.#panels.delete(opened);
      this.#changed();
    });
    this.#changed();
  }

  #changed(): void {
    if (this.#disposed) return;
    setContext("aiGateway.previewInFront", this.activePanel?.isPreview === true);
    const preview = this.#preview;
    const key = preview ? logKey(preview.ref) : this.#restoredPreview;
    if (this.#memory.workspace.get(PREVIEW) !== key) void this.#memory.workspace.update(PREVIEW, key);
  }
}
