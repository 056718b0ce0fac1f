import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { isAborted } from "../cloudflare/errors.ts";
import { plain, type Format } from "../logs/format.ts";
import type { Logger } from "../platform/logger.ts";
import { explain } from "../words/explain.ts";
import type { Step } from "../logs/neighbour.ts";
import { setIcon, type TabLook } from "./page.ts";
import type { Opened, Tab } from "./tabs.ts";

/** The tree that is walked through: what is next to something in it, and how that is shown in it, where it is to be seen. */
export type Walked<Ref, Node> = {
  neighbour(ref: Ref, step: Step): Promise<Node | undefined>;
  reveal(node: Node): void;
};

/** Steps that follow each other faster than this are one walk: only where it ends is read, in ms. */
const WALKING = 250;
const SETTLED = 150;

/** What the panels of any kind of tab work with. */
export type TabNeeds<Ref, Node> = {
  extensionUri: vscode.Uri;
  around: Walked<Ref, Node>;
  format: Format;
  logger: Logger;
};

/** What a panel tells its owner, and asks of it. */
export type TabOwner<Ref, Row> = {
  open(ref: Ref, row: Row | undefined): Promise<void>;
  /** It shows something else, has come to the front or left it. */
  changed(): void;
};

/** What the panels of a kind have in common. */
export type PanelKind<Intent> = {
  look: TabLook;
  /** The messages at the ends of a walk. */
  ends: Readonly<Record<Step, string>>;
  /** Undefined for what the protocol doesn't know. */
  parseIntent: (message: unknown) => Intent | undefined;
};

/** A tab with a page: what it shows, how that is read, and what the page says. */
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

  /** Shows something else in this tab: what is known of it at once, the rest when it is read. `delay`: when reading begins, in ms. */
  show(ref: Ref, row: Row | undefined, delay = 0): void {
    this.#ref = ref;
    this.row = row;
    this.load(delay);
    this.#owner.changed();
  }

  /** Goes to what is next to this in the tree; asked again before that is there, from that on. */
  go(step: Step): Promise<void> {
    this.#steps = this.#steps.then(() => this.#step(step));
    return this.#steps;
  }

  async #step(step: Step): Promise<void> {
    const from = this.#ref;
    const { around, format, logger } = this.#needs;
    if (this.isDisposed) return;
    try {
      const next = await around.neighbour(from, step);
      // Something else was opened here meanwhile, or the tab was closed.
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

  /** Of what is read of what is shown now. */
  protected get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Ends what is being read. */
  protected stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Reads after `delay` ms; a failure counts only while the same is shown. */
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
  /** Begins to read what is shown, after `delay` ms. */
  protected abstract load(delay: number): void;
  /** Does what a person did on the page. */
  protected abstract take(intent: Intent): void;
  protected abstract pageGone(): void;
}
