import type * as vscode from "vscode";
import type { Log, LogRef } from "../source/log.ts";
import { setContext } from "../platform/contexts.ts";
import { logKey } from "../logs/log-key.ts";
import { isRef } from "./intents.ts";
import type { LogPanel, PanelNeeds, PanelOwner } from "./panel.ts";
import type { ViewName } from "./protocol.ts";
import { Tabs } from "./tabs.ts";

/** The panel's type, for VS Code to restore it with a window. */
export const VIEW_TYPE = "aiGateway.log";

/** Storage keys for the last chosen view, and for the log of the preview tab. */
const VIEW = "panelView";
const PREVIEW = "previewLog";

const VIEWS: readonly string[] = ["conversation", "raw", "markdown"] satisfies ViewName[];

/** Storage: the view is for all windows, the preview tab for this one. */
export type PanelMemory = { global: vscode.Memento; workspace: vscode.Memento };

/** The open logs, and their shared view. */
export class LogPanels extends Tabs<LogRef, Log, LogPanel> {
  readonly #memory: PanelMemory;
  readonly #owner: PanelOwner;

  constructor(needs: PanelNeeds, memory: PanelMemory) {
    super({
      viewType: VIEW_TYPE,
      keyOf: logKey,
      isRef,
      extensionUri: needs.extensionUri,
      load: async () => {
        const { LogPanel } = await import("./panel.ts");
        return (opened) => new LogPanel(opened, needs, this.#owner);
      },
      changed: (active) => {
        setContext("aiGateway.previewInFront", active?.isPreview === true);
        setContext("aiGateway.logCan", active ? needs.canOf(active.ref).join(" ") : "");
      },
      memory: { state: memory.workspace, key: PREVIEW },
    });
    this.#memory = memory;
    const stored = memory.global.get<string>(VIEW);
    this.#owner = {
      view: stored !== undefined && VIEWS.includes(stored) ? (stored as ViewName) : "conversation",
      setView: (view) => this.setView(view),
      open: (ref, log) => this.open(ref, log),
      changed: () => this.changed(),
    };
  }

  /** Returns a panel's row or details of a log. */
  known(ref: LogRef): Log | undefined {
    return this.find(ref)?.log;
  }

  /** Sets the view of all panels. */
  setView(view: ViewName): void {
    if (view === this.#owner.view) return;
    this.#owner.view = view;
    void this.#memory.global.update(VIEW, view);
    for (const panel of this.all) panel.viewChanged();
  }
}
