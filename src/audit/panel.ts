import * as vscode from "vscode";
import { signedIn } from "../account/signed-in.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import { copyText } from "../platform/clipboard.ts";
import { AUDIT_PERMISSION, explain, inSentences } from "../words/explain.ts";
import { markup } from "../panel/html.ts";
import { setPage } from "../panel/page.ts";
import { TabPanel, type TabNeeds, type TabOwner } from "../panel/tab-panel.ts";
import type { Opened } from "../panel/tabs.ts";
import { keptSince } from "./core/list.ts";
import type { Entries } from "./entries.ts";
import { contentOf, entryTitle, entryView, historyView } from "./entry-view.ts";
import { parseEntryIntent } from "./intents.ts";
import type { EntryNode } from "./nodes.ts";
import { refOf, type EntryRef } from "./ref.ts";
import type { EntryView, FromEntryPage, HistoryView, ToEntryPage } from "./protocol.ts";
import { entryStrings } from "./strings.ts";

/** Dependencies of entry tabs. */
export type EntryPanelNeeds = TabNeeds<EntryRef, EntryNode> & {
  clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  entries: Pick<Entries, "get" | "keep">;
};

const LOOK = { icon: "audit", script: "entry.js", title: "AI Gateway Audit Log" };

/** One entry of the audit log in one tab. */
export class EntryPanel extends TabPanel<EntryRef, AuditEntry, EntryNode, FromEntryPage> {
  readonly #needs: EntryPanelNeeds;
  readonly #owner: TabOwner<EntryRef, AuditEntry>;
  #state: EntryView["state"] = { type: "loading" };
  #history: HistoryView = { type: "closed" };
  /** The entries of the history. */
  #related: readonly AuditEntry[] = [];
  #ready = false;

  constructor(opened: Opened<EntryRef, AuditEntry>, needs: EntryPanelNeeds, owner: TabOwner<EntryRef, AuditEntry>) {
    super(opened, needs, owner, {
      look: LOOK,
      ends: {
        next: vscode.l10n.t("No next entry in the audit log"),
        previous: vscode.l10n.t("No previous entry in the audit log"),
      },
      parseIntent: parseEntryIntent,
    });
    this.#needs = needs;
    this.#owner = owner;
    setPage(this.panel, needs.extensionUri, LOOK, markup``);
    this.load();
  }

  protected override rowOf({ entry }: EntryNode): AuditEntry {
    return entry;
  }

  protected override pageGone(): void {
    this.#ready = false;
  }

  protected override load(delay = 0): void {
    this.stop();
    this.#history = { type: "closed" };
    this.#related = [];
    if (this.row) return this.#found(this.row);
    this.#show({ type: "loading" });
    const read = async (signal: AbortSignal) => {
      const entry = await this.#needs.entries.get(this.ref, signal);
      if (!signal.aborted) this.#found(entry);
    };
    void this.attempt(read, (error) => this.#show({ type: "failed", message: this.#told(error) }), delay);
  }

  #found(entry: AuditEntry): void {
    this.row = entry;
    this.#needs.entries.keep(this.ref, entry);
    this.#show({ type: "ready", content: contentOf(entry, this.#needs.format) });
  }

  #told(error: unknown): string {
    this.#needs.logger.warn(`entry ${this.ref.entryId}: ${String(error)}`);
    return inSentences(explain(error, this.#needs.format, AUDIT_PERMISSION));
  }

  /** Shows the other actions on the resource: one call. */
  async showHistory(): Promise<void> {
    const { ref, row: entry } = this;
    if (!entry || this.#history.type === "loading") return;
    this.#tellHistory({ type: "loading" });
    const read = async (signal: AbortSignal) => {
      const client = signedIn(await this.#needs.clientOf(ref.sourceId));
      const now = new Date();
      const page = await client.listAuditHistory(
        ref.sourceId,
        entry,
        { since: keptSince(now), before: now },
        { signal },
      );
      if (signal.aborted) return;
      this.#related = page.entries;
      this.#tellHistory(historyView(page, ref, this.#needs.format));
    };
    await this.attempt(read, (error) => this.#tellHistory({ type: "failed", message: this.#told(error) }));
  }

  #tellHistory(history: HistoryView): void {
    this.#history = history;
    this.#send();
  }

  #show(state: EntryView["state"]): void {
    if (this.isDisposed) return;
    this.#state = state;
    this.panel.title = entryTitle(this.ref, this.row, this.#needs.format);
    this.#send();
  }

  /** Updates the page; one that is still loading reports `ready` and is updated then. */
  #send(): void {
    if (!this.#ready || this.isDisposed) return;
    const shown = { ref: this.ref, entry: this.row, state: this.#state, history: this.#history };
    const message: ToEntryPage = { type: "show", view: entryView(shown), strings: entryStrings() };
    void this.panel.webview.postMessage(message);
  }

  protected override take(intent: FromEntryPage): void {
    const { commands } = vscode;
    const run = (command: string) => void commands.executeCommand(command, this.ref);
    switch (intent.type) {
      case "ready":
        this.#ready = true;
        return this.#send();
      case "retry":
        return this.load();
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
        if (entry) void this.#owner.open(refOf(this.ref.sourceId, entry), entry);
      }
    }
  }
}
