import type * as vscode from "vscode";
import { firstView, openingOf } from "./first-view.ts";
import type { Opening } from "../reading/core/opening.ts";
import { setPage } from "./page.ts";
import type { SentView, ToPage } from "./protocol.ts";
import { pageStrings } from "./strings.ts";
import { SentToPage } from "./updates.ts";

/** What a tab shows of its log now; `opening`: what is first seen of its conversation, where it is read. */
export type Now = { view: SentView; opening: Opening | undefined };

/** What all logs' tabs are. */
export const LOOK = { icon: "log", script: "page.js", title: "AI Gateway Log" };

/** The page in a log's tab. It begins with what is known of the log, and is told what comes after. */
export class LogPage {
  readonly #panel: vscode.WebviewPanel;
  readonly #extensionUri: vscode.Uri;
  readonly #now: () => Now;
  readonly #sent = new SentToPage();
  /** What it begins with, as HTML. */
  #first = "";
  #isReady = false;
  #hasOpened = false;

  constructor(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, now: () => Now) {
    this.#panel = panel;
    this.#extensionUri = extensionUri;
    this.#now = now;
  }

  /** Whether it is there, with its script, and is told what changes. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Makes the page; one that would begin the same stays, since it would begin again. */
  begin(): void {
    const first = firstView(this.#now().view, pageStrings());
    if (first.html === this.#first) return;
    this.#first = first.html;
    setPage(this.#panel, this.#extensionUri, LOOK, first);
  }

  /** Shows what is known now. A page that nobody sees is gone, and will begin with it; one that is not there yet will ask for it. */
  show(): void {
    if (!this.#isReady && !this.#panel.visible) return this.begin();
    const { view, opening } = this.#now();
    if (view.state.type === "ready") this.#open(view, opening);
    if (this.#isReady) this.#post(this.#sent.message(view, pageStrings()));
  }

  /** It says that it is there. */
  ready(): void {
    this.#isReady = true;
    this.#sent.clear();
    this.show();
  }

  /** Nobody sees it any longer, and it is gone; it says `ready` when it is back. */
  gone(): void {
    this.#isReady = false;
    this.#hasOpened = false;
    this.begin();
  }

  /** Shows what is first seen of the conversation, once a page: VS Code keeps it for one that is not there yet, and its script comes later still. */
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
