import type * as vscode from "vscode";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { setContext } from "../platform/contexts.ts";
import { logKey } from "../logs/log-key.ts";
import { isRef } from "./intents.ts";
import type { LogPanel, PanelNeeds, PanelOwner } from "./panel.ts";
import type { ViewName } from "./protocol.ts";
import { Tabs } from "./tabs.ts";

/** The panel's type, as VS Code knows it when it restores a window. */
export const VIEW_TYPE = "aiGateway.log";

/** Where it is kept which view was chosen last, and which log the preview tab shows. */
const VIEW = "panelView";
const PREVIEW = "previewLog";

const VIEWS: readonly string[] = ["conversation", "raw", "markdown"] satisfies ViewName[];

/** What is remembered: the view for all windows, the preview tab for this one. */
export type PanelMemory = { global: vscode.Memento; workspace: vscode.Memento };

/** The open logs, and the view that is chosen for all of them. */
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
      changed: (active) => setContext("aiGateway.previewInFront", active?.isPreview === true),
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

  /** A log as far as a panel knows it. */
  known(ref: LogRef): Log | undefined {
    return this.find(ref)?.log;
  }

  /** Chooses what all panels show of their logs. */
  setView(view: ViewName): void {
    if (view === this.#owner.view) return;
    this.#owner.view = view;
    void this.#memory.global.update(VIEW, view);
    for (const panel of this.all) panel.viewChanged();
  }
}
