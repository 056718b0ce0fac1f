import * as vscode from "vscode";
import { isKeyOf } from "../logs/log-key.ts";
import { openBeside, openInPreview } from "../platform/settings.ts";

/** Opening the same again within this time is a double click, in ms. */
const DOUBLE_CLICK = 500;
/** How long after Enter what it opens takes the focus, in ms. */
const ENTER = 1000;

/** One tab: `Ref` names what it shows, `Row` is what a list knows of that. */
export type Tab<Ref, Row> = {
  readonly ref: Ref;
  readonly active: boolean;
  readonly column: vscode.ViewColumn | undefined;
  /** Whether the next one opened from the tree takes its place. */
  isPreview: boolean;
  show(ref: Ref, row: Row | undefined): void;
  reveal(preserveFocus: boolean): void;
  dispose(): void;
};

/** A tab as VS Code has it, and what it is to show. */
export type Opened<Ref, Row> = { panel: vscode.WebviewPanel; ref: Ref; row: Row | undefined; isPreview: boolean };

/** What makes tabs of a kind. */
type TabMaker<Ref, Row, T> = {
  options: vscode.WebviewOptions & vscode.WebviewPanelOptions;
  make: (opened: Opened<Ref, Row>) => T;
};

type OfAccount = { accountId: string };

/** What tabs of a kind are. */
export type TabKind<Ref extends OfAccount, Row, T extends Tab<Ref, Row>> = {
  /** As VS Code knows them when it restores a window. */
  viewType: string;
  keyOf(ref: Ref): string;
  isRef(value: unknown): value is Ref;
  extensionUri: vscode.Uri;
  /** Loads what makes a tab. */
  load(): Promise<(opened: Opened<Ref, Row>) => T>;
  /** Another tab is in front, or the one in front is a preview now or none any more. */
  changed(active: T | undefined): void;
  /** Where it is kept which of them the preview tab of this window shows. */
  memory: { state: vscode.Memento; key: string };
};

/** The open tabs of a kind; at most one of them is the preview, which the next one takes over. A walk may lead two to one thing. */
export class Tabs<Ref extends OfAccount, Row, T extends Tab<Ref, Row>> implements vscode.WebviewPanelSerializer {
  readonly #kind: TabKind<Ref, Row, T>;
  readonly #tabs = new Set<T>();
  /** What the preview tab of the window that is restored shows, until that tab is: it may be hidden, and come late. */
  #restoredPreview: string | undefined;
  #lastOpened: { key: string; at: number } | undefined;
  #focusUntil = 0;
  #disposed = false;

  constructor(kind: TabKind<Ref, Row, T>) {
    this.#kind = kind;
    this.#restoredPreview = kind.memory.state.get<string>(kind.memory.key);
  }

  /** Shows something and puts the focus on it: in the tab it has, or in one that appears at once with what is known. */
  open(ref: Ref, row?: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: openInPreview(), preserveFocus: false });
  }

  /**
   * Shows something as files are shown from a tree: a click leaves the focus there and reuses the preview tab, a double click
   * keeps the tab and goes to it, and so does Enter go to it.
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

  /** Shows something in the preview tab and goes there, whatever else opens a tab of its own: one after the other is looked at. */
  openPreview(ref: Ref, row: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: true, preserveFocus: false });
  }

  /** Shows something in a column beside the source, which keeps the focus: a program is being debugged there. */
  openBeside(ref: Ref, row?: Row): Promise<void> {
    return this.#open(ref, row, { asPreview: openInPreview(), preserveFocus: true, beside: true });
  }

  /** The next one that is opened from the tree takes the focus: Enter was pressed there. */
  focusNext(): void {
    this.#focusUntil = Date.now() + ENTER;
  }

  /** Makes the preview an ordinary tab; the one in front unless another is meant. */
  keepOpen(tab = this.activePanel): void {
    if (!tab?.isPreview) return;
    tab.isPreview = false;
    this.changed();
  }

  /** Closes the tabs of an account, and forgets which of them the preview tab shows. */
  forget(accountId: string): void {
    this.#lastOpened = undefined;
    // A tab that was not restored yet would say what it shows.
    if (this.#restoredPreview !== undefined && isKeyOf(accountId)(this.#restoredPreview))
      this.#restoredPreview = undefined;
    for (const tab of this.all) if (tab.ref.accountId === accountId) tab.dispose();
    this.changed();
  }

  /** Takes over a tab that VS Code has restored; what it showed is asked for again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const maker = await this.#load();
    const ref = typeof state === "object" && state !== null && "ref" in state ? state.ref : undefined;
    // A tab that was hidden is restored late: the same may have been opened anew meanwhile.
    if (!this.#kind.isRef(ref) || this.find(ref)) return panel.dispose();
    panel.webview.options = maker.options;
    const isPreview = !this.#preview && this.#restoredPreview === this.#kind.keyOf(ref);
    this.#adopt(maker, { panel, ref, row: undefined, isPreview });
  }

  /** What is in front, for commands that are run from the palette or the tab's title. */
  get active(): Ref | undefined {
    return this.activePanel?.ref;
  }

  /** The tab in front. */
  get activePanel(): T | undefined {
    return this.all.find((tab) => tab.active);
  }

  /** All that are open. */
  get all(): readonly T[] {
    return [...this.#tabs];
  }

  /** A tab shows something else, is in front or is not any more. */
  changed(): void {
    if (this.#disposed) return;
    this.#kind.changed(this.activePanel);
    const { state, key } = this.#kind.memory;
    const preview = this.#preview;
    const shown = preview ? this.#kind.keyOf(preview.ref) : this.#restoredPreview;
    if (state.get(key) !== shown) void state.update(key, shown);
  }

  dispose(): void {
    // A window that closes is no person who closes tabs: what is remembered stays.
    this.#disposed = true;
    for (const tab of this.#tabs) tab.dispose();
  }

  get #preview(): T | undefined {
    return this.all.find((tab) => tab.isPreview);
  }

  /** The tab that shows something; of several the one in front. */
  find(ref: Ref): T | undefined {
    const key = this.#kind.keyOf(ref);
    const tabs = this.all.filter((tab) => this.#kind.keyOf(tab.ref) === key);
    return tabs.find((tab) => tab.active) ?? tabs[0];
  }

  /** What a tab needs is loaded with the first one; calls that wait for it go on in their order. */
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

  /** Beside the editor, where that is wanted: where such tabs are already, else in a column of its own. */
  #column(beside: boolean): vscode.ViewColumn {
    if (!beside) return vscode.ViewColumn.Active;
    const column = this.all.map((tab) => tab.column).find((one) => one !== undefined);
    // Of a tab that is just being opened it is not known where it is, but that it is in front.
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
