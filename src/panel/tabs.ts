import * as vscode from "vscode";
import { isKeyOf } from "../logs/log-key.ts";
import { openBeside, openInPreview } from "../platform/settings.ts";

/** Maximum interval between the clicks of a double click, in milliseconds. */
const DOUBLE_CLICK = 500;
/** How long after Enter the opened item takes the focus, in milliseconds. */
const ENTER = 1000;

/** One tab: `Ref` identifies its item, `Row` is the item's known part from a list. */
export type Tab<Ref, Row> = {
  readonly ref: Ref;
  readonly active: boolean;
  readonly column: vscode.ViewColumn | undefined;
  /** Whether the next item opened from the tree replaces this one. */
  isPreview: boolean;
  show(ref: Ref, row: Row | undefined): void;
  reveal(preserveFocus: boolean): void;
  dispose(): void;
};

/** VS Code's panel of a tab, and the item to show. */
export type Opened<Ref, Row> = { panel: vscode.WebviewPanel; ref: Ref; row: Row | undefined; isPreview: boolean };

/** Creates tabs of a kind. */
type TabMaker<Ref, Row, T> = {
  options: vscode.WebviewOptions & vscode.WebviewPanelOptions;
  make: (opened: Opened<Ref, Row>) => T;
};

type OfAccount = { sourceId: string };

/** A kind of tab. */
export type TabKind<Ref extends OfAccount, Row, T extends Tab<Ref, Row>> = {
  /** The type for VS Code to restore tabs with a window. */
  viewType: string;
  keyOf(ref: Ref): string;
  isRef(value: unknown): value is Ref;
  extensionUri: vscode.Uri;
  /** Loads the code that creates a tab. */
  load(): Promise<(opened: Opened<Ref, Row>) => T>;
  /** Called when the active tab changes, or its preview state. */
  changed(active: T | undefined): void;
  /** Storage for the item in this window's preview tab. */
  memory: { state: vscode.Memento; key: string };
};

/**
 * The open tabs of a kind; at most one of them is the preview, which the next item replaces. A walk may lead two tabs
 * to one item.
 */
export class Tabs<Ref extends OfAccount, Row, T extends Tab<Ref, Row>> implements vscode.WebviewPanelSerializer {
  readonly #kind: TabKind<Ref, Row, T>;
  readonly #tabs = new Set<T>();
  /** Item of the preview tab of a restored window, until that tab is restored: a hidden one comes late. */
  #restoredPreview: string | undefined;
  #lastOpened: { key: string; at: number } | undefined;
  #focusUntil = 0;
  #disposed = false;

  constructor(kind: TabKind<Ref, Row, T>) {
    this.#kind = kind;
    this.#restoredPreview = kind.memory.state.get<string>(kind.memory.key);
  }

  /** Shows an item and focuses it: in its existing tab, or in one that appears at once with the known part. */
  open(ref: Ref, row?: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: openInPreview(), preserveFocus: false });
  }

  /**
   * Shows an item like the explorer shows files: a click leaves the focus in the tree and reuses the preview tab; a
   * double click keeps the tab and focuses it; Enter focuses it.
   */
  async openFromTree(ref: Ref, row: Row): Promise<void> {
    const now = Date.now();
    const key = this.#kind.keyOf(ref);
    const isDouble = this.#lastOpened?.key === key && now - this.#lastOpened.at < DOUBLE_CLICK;
    this.#lastOpened = { key, at: now };
    const preserveFocus = !isDouble && now > this.#focusUntil;
    this.#focusUntil = 0;
    await this.#open(ref, row, { asPreview: openInPreview() && !isDouble, preserveFocus });
    if (isDouble) this.keepOpen(this.find(ref));
  }

  /** Shows an item in the preview tab and focuses it, regardless of the setting, to look at items one by one. */
  openPreview(ref: Ref, row: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: true, preserveFocus: false });
  }

  /** Shows an item in a column next to the source, which keeps the focus: a program is being debugged there. */
  openBeside(ref: Ref, row?: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: openInPreview(), preserveFocus: true, beside: true });
  }

  /** Makes the next item opened from the tree take the focus: Enter was pressed there. */
  focusNext(): void {
    this.#focusUntil = Date.now() + ENTER;
  }

  /** Keeps the preview open as an ordinary tab; by default the active one. */
  keepOpen(tab = this.activePanel): void {
    if (!tab?.isPreview) return;
    tab.isPreview = false;
    this.changed();
  }

  /** Closes the tabs of an account, and removes its item from the storage. */
  forget(sourceId: string): void {
    this.#lastOpened = undefined;
    // A tab that isn't restored yet would otherwise be restored as the preview.
    if (this.#restoredPreview !== undefined && isKeyOf(sourceId)(this.#restoredPreview))
      this.#restoredPreview = undefined;
    for (const tab of this.all) if (tab.ref.sourceId === sourceId) tab.dispose();
    this.changed();
  }

  /** Restores a tab after a window reload; its item is read again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const maker = await this.#load();
    const ref = typeof state === "object" && state !== null && "ref" in state ? state.ref : undefined;
    // A hidden tab is restored late: its item may have been opened again in the meantime.
    if (!this.#kind.isRef(ref) || this.find(ref)) return panel.dispose();
    panel.webview.options = maker.options;
    const isPreview = !this.#preview && this.#restoredPreview === this.#kind.keyOf(ref);
    this.#adopt(maker, { panel, ref, row: undefined, isPreview });
  }

  /** Returns the item of the active tab, for commands from the palette or the tab's title. */
  get active(): Ref | undefined {
    return this.activePanel?.ref;
  }

  /** Returns the active tab. */
  get activePanel(): T | undefined {
    return this.all.find((tab) => tab.active);
  }

  /** Returns all open tabs. */
  get all(): readonly T[] {
    return [...this.#tabs];
  }

  /** Updates the context and the storage after a tab has changed. */
  changed(): void {
    if (this.#disposed) return;
    this.#kind.changed(this.activePanel);
    const { state, key } = this.#kind.memory;
    const preview = this.#preview;
    const shown = preview ? this.#kind.keyOf(preview.ref) : this.#restoredPreview;
    if (state.get(key) !== shown) void state.update(key, shown);
  }

  dispose(): void {
    // Closing the window isn't closing the tabs: the storage stays.
    this.#disposed = true;
    for (const tab of this.#tabs) tab.dispose();
  }

  get #preview(): T | undefined {
    return this.all.find((tab) => tab.isPreview);
  }

  /** Returns an item's tab; of several, preferably the active one. */
  find(ref: Ref): T | undefined {
    const key = this.#kind.keyOf(ref);
    const tabs = this.all.filter((tab) => this.#kind.keyOf(tab.ref) === key);
    return tabs.find((tab) => tab.active) ?? tabs[0];
  }

  /** Opens an item. The code is loaded with the first tab; waiting calls continue in their order. */
  async #open(
    ref: Ref,
    row: Row | undefined,
    how: { asPreview: boolean; preserveFocus: boolean; beside?: boolean },
  ): Promise<void> {
    const maker = await this.#load();
    if (this.#disposed) return;
    const open = this.find(ref);
    if (open) return open.reveal(how.preserveFocus);
    const preview = how.asPreview ? this.#preview : undefined;
    if (preview) {
      preview.show(ref, row);
      return preview.reveal(how.preserveFocus);
    }
    const panel = vscode.window.createWebviewPanel(
      this.#kind.viewType,
      "",
      { viewColumn: this.#column(how.beside ?? openBeside()), preserveFocus: how.preserveFocus },
      maker.options,
    );
    this.#adopt(maker, { panel, ref, row, isPreview: how.asPreview });
  }

  /** Returns the column for a new tab: next to the editor, if requested, with other such tabs or in a new column. */
  #column(beside: boolean): vscode.ViewColumn {
    if (!beside) return vscode.ViewColumn.Active;
    const column = this.all.map((tab) => tab.column).find((one) => one !== undefined);
    // A tab that is just opening has no column yet, but is active.
    return column ?? (this.activePanel ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside);
  }

  async #load(): Promise<TabMaker<Ref, Row, T>> {
    const [make, { pageOptions }] = await Promise.all([this.#kind.load(), import("./page.ts")]);
    return { make, options: pageOptions(this.#kind.extensionUri) };
  }

  #adopt({ make }: TabMaker<Ref, Row, T>, opened: Opened<Ref, Row>): void {
    const tab = make(opened);
    this.#tabs.add(tab);
    if (this.#restoredPreview === this.#kind.keyOf(opened.ref)) this.#restoredPreview = undefined;
    opened.panel.onDidDispose(() => {
      this.#tabs.delete(tab);
      this.changed();
    });
    this.changed();
  }
}
