import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { isAborted } from "../source/errors.ts";
import { plain, type Format } from "../logs/format.ts";
import type { Logger } from "../platform/logger.ts";
import { explain } from "../words/explain.ts";
import type { Step } from "../logs/neighbor.ts";
import { setIcon, type TabLook } from "./page.ts";
import type { Opened, Tab } from "./tabs.ts";

/** A tree to walk through: finds the neighbor of an item, and reveals it where the tree is visible. */
export type Walked<Ref, Node> = {
  neighbor(ref: Ref, step: Step): Promise<Node | undefined>;
  reveal(node: Node): void;
};

/** Interval below which steps count as one walk, and the delay after which its last item is read, in milliseconds. */
const WALKING = 250;
const SETTLED = 150;

/** Dependencies of all panels. */
export type TabNeeds<Ref, Node> = {
  extensionUri: vscode.Uri;
  around: Walked<Ref, Node>;
  format: Format;
  logger: Logger;
};

/** A panel's owner: opens other items and receives changes. */
export type TabOwner<Ref, Row> = {
  open(ref: Ref, row: Row | undefined): Promise<void>;
  /** Called when the panel shows another item or becomes active or inactive. */
  changed(): void;
};

/** The common properties of a kind of panel. */
export type PanelKind<Intent> = {
  look: TabLook;
  /** The messages at the ends of a walk. */
  ends: Readonly<Record<Step, string>>;
  /** Returns undefined for messages that the protocol doesn't define. */
  parseIntent: (message: unknown) => Intent | undefined;
};

/** A tab with a page: its item, how to read it, and the page's messages. */
export abstract class TabPanel<
  Ref extends object,
  Row,
  Node extends { ref: Ref },
  Intent extends object,
> implements Tab<Ref, Row> {
  isPreview: boolean;
  protected readonly panel: vscode.WebviewPanel;
  protected readonly subscriptions: vscode.Disposable[];
  protected row: Row | undefined;
  protected isDisposed = false;
  readonly #needs: TabNeeds<Ref, Node>;
  readonly #owner: TabOwner<Ref, Row>;
  readonly #ends: PanelKind<Intent>["ends"];
  #steps: Promise<void> = Promise.resolve();
  #walkedAt = 0;
  #ref: Ref;
  #abort = new AbortController();

  constructor(
    { panel, ref, row, isPreview }: Opened<Ref, Row>,
    needs: TabNeeds<Ref, Node>,
    owner: TabOwner<Ref, Row>,
    { look, ends, parseIntent }: PanelKind<Intent>,
  ) {
    this.panel = panel;
    this.isPreview = isPreview;
    this.row = row;
    this.#ref = ref;
    this.#owner = owner;
    this.#needs = needs;
    this.#ends = ends;
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const intent = parseIntent(message);
        if (intent) this.take(intent);
      }),
      panel.onDidChangeViewState(() => {
        // VS Code drops a hidden page; it reports `ready` once it is back.
        if (!panel.visible) this.pageGone();
        owner.changed();
      }),
      panel.onDidDispose(() => this.dispose()),
    ];
    setIcon(panel, needs.extensionUri, look);
  }

  get ref(): Ref {
    return this.#ref;
  }

  get active(): boolean {
    return this.panel.active;
  }

  get column(): vscode.ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  reveal(preserveFocus: boolean): void {
    this.panel.reveal(undefined, preserveFocus);
  }

  /**
   * Shows another item in this tab: its known part at once, the rest once read. `delay`: before reading, in
   * milliseconds.
   */
  show(ref: Ref, row: Row | undefined, delay = 0): void {
    this.#ref = ref;
    this.row = row;
    this.load(delay);
    this.#owner.changed();
  }

  /** Goes to the neighbor in the tree. Calls queue: each starts from the item that the previous one reached. */
  go(step: Step): Promise<void> {
    this.#steps = this.#steps.then(() => this.#step(step));
    return this.#steps;
  }

  async #step(step: Step): Promise<void> {
    const from = this.#ref;
    const { around, format, logger } = this.#needs;
    if (this.isDisposed) return;
    try {
      const next = await around.neighbor(from, step);
      // Another item was opened here in the meantime, or the tab was closed.
      if (this.isDisposed || this.#ref !== from) return;
      if (!next) return void vscode.window.setStatusBarMessage(this.#ends[step], 3000);
      const isWalking = Date.now() - this.#walkedAt < WALKING;
      this.#walkedAt = Date.now();
      this.show(next.ref, this.rowOf(next), isWalking ? SETTLED : 0);
      around.reveal(next);
    } catch (error) {
      if (isAborted(error)) return;
      logger.warn(`next to ${JSON.stringify(from)}: ${String(error)}`);
      vscode.window.setStatusBarMessage(plain(explain(error, format).summary), 5000);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.#abort.abort();
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
  }

  /** Returns the abort signal for reading the shown item. */
  protected get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Cancels the current reading. */
  protected stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Reads after `delay` milliseconds; ignores failures once another item is shown. */
  protected async attempt(
    read: (signal: AbortSignal) => Promise<void>,
    fail: (error: unknown) => void,
    delay = 0,
  ): Promise<void> {
    const { signal } = this;
    try {
      if (delay > 0) await wait(delay, undefined, { signal });
      await read(signal);
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) fail(error);
    }
  }

  protected abstract rowOf(node: Node): Row;
  /** Starts to read the shown item after `delay` milliseconds. */
  protected abstract load(delay: number): void;
  /** Handles a user's action on the page. */
  protected abstract take(intent: Intent): void;
  protected abstract pageGone(): void;
}
