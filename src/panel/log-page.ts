import type * as vscode from "vscode";
import { firstView, openingOf } from "./first-view.ts";
import type { Opening } from "../reading/core/opening.ts";
import { setPage } from "./page.ts";
import type { SentView, ToPage } from "./protocol.ts";
import { pageStrings } from "./strings.ts";
import { SentToPage } from "./updates.ts";

/** The current state of a log's tab; `opening`: the beginning of its conversation, once read. */
export type Now = { view: SentView; opening: Opening | undefined };

/** The look of all log tabs. */
export const LOOK = { icon: "log", script: "page.js", title: "AI Gateway Log" };

/** The page in a log's tab. Its HTML has the state at creation; messages update it. */
export class LogPage {
  readonly #panel: vscode.WebviewPanel;
  readonly #extensionUri: vscode.Uri;
  readonly #now: () => Now;
  readonly #sent = new SentToPage();
  /** The HTML of its initial state. */
  #first = "";
  #isReady = false;
  #hasOpened = false;

  constructor(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, now: () => Now) {
    this.#panel = panel;
    this.#extensionUri = extensionUri;
    this.#now = now;
  }

  /** Returns whether the page and its script have loaded, so that it receives messages. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Creates the page. An identical one is kept, because setting it again would reload it. */
  begin(): void {
    const first = firstView(this.#now().view, pageStrings());
    if (first.html === this.#first) return;
    this.#first = first.html;
    setPage(this.#panel, this.#extensionUri, LOOK, first);
  }

  /**
   * Shows the current state. A hidden page doesn't exist and will start with it; one that is still loading will request
   * it.
   */
  show(): void {
    if (!this.#isReady && !this.#panel.visible) return this.begin();
    const { view, opening } = this.#now();
    if (view.state.type === "ready") this.#open(view, opening);
    if (this.#isReady) this.#post(this.#sent.message(view, pageStrings()));
  }

  /** Called when the page reports that it has loaded. */
  ready(): void {
    this.#isReady = true;
    this.#sent.clear();
    this.show();
  }

  /** Called when the page is hidden and thus dropped; it reports `ready` once it is back. */
  gone(): void {
    this.#isReady = false;
    this.#hasOpened = false;
    this.begin();
  }

  /**
   * Sends the beginning of the conversation, once per page: VS Code queues it for a page that is loading, whose script
   * comes even later.
   */
  #open(view: SentView, opening: Opening | undefined): void {
    if (this.#hasOpened) return;
    this.#hasOpened = true;
    const html = openingOf(view, pageStrings(), opening)?.html;
    if (html !== undefined) this.#post({ type: "opening", html });
  }

  #post(message: ToPage): void {
    void this.#panel.webview.postMessage(message);
  }
}
