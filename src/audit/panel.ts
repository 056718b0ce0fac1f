import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { signedIn } from "../account/signed-in.ts";
import type { AuditEntry } from "../cloudflare/audit/schema.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { copyText } from "../platform/clipboard.ts";
import { AUDIT_PERMISSION, explain, inSentences } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import { markup } from "../panel/html.ts";
import { setIcon, setPage } from "../panel/page.ts";
import { Walk, type Walked } from "../panel/walk.ts";
import { keptSince } from "./core/list.ts";
import type { Entries } from "./entries.ts";
import { contentOf, entryTitle, entryView, historyView } from "./entry-view.ts";
import { parseEntryIntent } from "./intents.ts";
import type { EntryNode } from "./nodes.ts";
import { refOf, type EntryRef } from "./ref.ts";
import type { EntryView, FromEntryPage, HistoryView, ToEntryPage } from "./protocol.ts";
import { entryStrings } from "./strings.ts";

/** What the tabs of entries are given to work with. */
export type EntryPanelNeeds = {
  extensionUri: vscode.Uri;
  clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  entries: Pick<Entries, "get" | "keep">;
  around: Walked<EntryRef, EntryNode>;
  format: Format;
  logger: Logger;
};

/** What a tab tells its owner, and asks of it. */
export type EntryPanelOwner = {
  open(ref: EntryRef, entry: AuditEntry): Promise<void>;
  /** It shows another entry, is in front or is not any more. */
  changed(): void;
};

const LOOK = { icon: "audit", script: "entry.js", title: "AI Gateway Audit Log" };

/** One entry of the audit log in one tab. */
export class EntryPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #needs: EntryPanelNeeds;
  readonly #owner: EntryPanelOwner;
  readonly #subscriptions: vscode.Disposable[];
  readonly #walk: Walk<EntryRef, EntryNode>;
  isPreview: boolean;
  #ref: EntryRef;
  #entry: AuditEntry | undefined;
  #state: EntryView["state"] = { type: "loading" };
  #history: HistoryView = { type: "closed" };
  /** What the history shows. */
  #related: readonly AuditEntry[] = [];
  #abort = new AbortController();
  #ready = false;
  #disposed = false;

  constructor(
    panel: vscode.WebviewPanel,
    ref: EntryRef,
    entry: AuditEntry | undefined,
    isPreview: boolean,
    needs: EntryPanelNeeds,
    owner: EntryPanelOwner,
  ) {
    this.#panel = panel;
    this.#needs = needs;
    this.#owner = owner;
    this.#ref = ref;
    this.isPreview = isPreview;
    this.#walk = new Walk(needs, {
      ref: () => (this.#disposed ? undefined : this.#ref),
      show: (node, delay) => this.show(node.ref, node.entry, delay),
      ends: {
        next: vscode.l10n.t("No next entry in the audit log"),
        previous: vscode.l10n.t("No previous entry in the audit log"),
      },
    });
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const intent = parseEntryIntent(message);
        if (intent) this.#take(intent);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is gone, and says so again when it is back.
        if (!panel.visible) this.#ready = false;
        owner.changed();
      }),
      panel.onDidDispose(() => this.dispose()),
    ];
    setIcon(panel, needs.extensionUri, LOOK);
    setPage(panel, needs.extensionUri, LOOK, markup``);
    this.show(ref, entry);
  }

  get ref(): EntryRef {
    return this.#ref;
  }

  /** The entry, once it is known. */
  get entry(): AuditEntry | undefined {
    return this.#entry;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  get column(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  reveal(preserveFocus: boolean): void {
    this.#panel.reveal(undefined, preserveFocus);
  }

  /** Shows another entry in this tab; one that is not known is read, after `delay` ms. */
  show(ref: EntryRef, entry: AuditEntry | undefined, delay = 0): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#ref = ref;
    this.#entry = entry;
    this.#history = { type: "closed" };
    this.#related = [];
    if (entry) this.#found(entry);
    else void this.#read(delay);
    this.#owner.changed();
  }

  /** Goes to the entry beside this one in the tree. */
  go(step: Step): Promise<void> {
    return this.#walk.go(step);
  }

  dispose(): void {
    this.#disposed = true;
    this.#abort.abort();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.#panel.dispose();
  }

  #found(entry: AuditEntry): void {
    this.#entry = entry;
    this.#needs.entries.keep(this.#ref, entry);
    this.#show({ type: "ready", content: contentOf(entry, this.#needs.format) });
  }

  async #read(delay: number): Promise<void> {
    const { signal } = this.#abort;
    this.#show({ type: "loading" });
    try {
      if (delay > 0) await wait(delay, undefined, { signal });
      const entry = await this.#needs.entries.get(this.#ref, signal);
      if (!signal.aborted) this.#found(entry);
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) this.#show({ type: "failed", message: this.#told(error) });
    }
  }

  #told(error: unknown): string {
    this.#needs.logger.warn(`entry ${this.#ref.entryId}: ${String(error)}`);
    return inSentences(explain(error, this.#needs.format, AUDIT_PERMISSION));
  }

  /** Shows what else was done to the resource: one call. */
  async showHistory(): Promise<void> {
    const { signal } = this.#abort;
    const [ref, entry] = [this.#ref, this.#entry];
    if (!entry || this.#history.type === "loading") return;
    this.#tellHistory({ type: "loading" });
    try {
      const client = signedIn(await this.#needs.clientOf(ref.accountId));
      const now = new Date();
      const window = { since: keptSince(now), before: now };
      const page = await client.listAuditHistory(ref.accountId, entry, window, { signal });
      if (signal.aborted) return;
      this.#related = page.entries;
      this.#tellHistory(historyView(page, ref, this.#needs.format));
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) this.#tellHistory({ type: "failed", message: this.#told(error) });
    }
  }

  #tellHistory(history: HistoryView): void {
    this.#history = history;
    this.#send();
  }

  #show(state: EntryView["state"]): void {
    if (this.#disposed) return;
    this.#state = state;
    this.#panel.title = entryTitle(this.#ref, this.#entry, this.#needs.format);
    this.#send();
  }

  /** A page that is not there yet says `ready` when it is, and is told then. */
  #send(): void {
    if (!this.#ready || this.#disposed) return;
    const shown = { ref: this.#ref, entry: this.#entry, state: this.#state, history: this.#history };
    const message: ToEntryPage = { type: "show", view: entryView(shown), strings: entryStrings() };
    void this.#panel.webview.postMessage(message);
  }

  #take(intent: FromEntryPage): void {
    const { commands } = vscode;
    const run = (command: string) => void commands.executeCommand(command, this.#ref);
    switch (intent.type) {
      case "ready":
        this.#ready = true;
        return this.#send();
      case "retry":
        return this.show(this.#ref, this.#entry);
      case "go":
        return void this.go(intent.to);
      case "copy":
        return void copyText(intent.text);
      case "copyJson":
        return run("aiGateway.copyAuditJson");
      case "copyMarkdown":
        return run("aiGateway.copyAuditMarkdown");
      case "openDocument":
        return run("aiGateway.openAuditDocument");
      case "showGateway":
        return run("aiGateway.showGateway");
      case "showHistory":
        return void this.showHistory();
      case "openEntry": {
        const entry = this.#related.find(({ id }) => id === intent.id);
        if (entry) void this.#owner.open(refOf(this.#ref.accountId, entry), entry);
      }
    }
  }
}
