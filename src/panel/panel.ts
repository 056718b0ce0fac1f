import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { signedIn } from "../account/signed-in.ts";
import { copyText } from "../platform/clipboard.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import type { Bodies } from "../reading/bodies.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import { isOfGateway, logKey } from "../logs/log-key.ts";
import { shownText } from "../logs/metadata.ts";
import type { Step } from "../logs/neighbour.ts";
import type { RoundBar } from "../rating/bar.ts";
import type { SentRatings } from "../rating/sent.ts";
import type { Deleting, DeletionChange } from "../deletion/in-progress.ts";
import type { LogNode } from "../tree/nodes.ts";
import { readLog, type Reading } from "../reading/content.ts";
import { commandFor } from "./intent-commands.ts";
import { parseIntent } from "./intents.ts";
import { LogPage, LOOK } from "./log-page.ts";
import { openLink } from "./link.ts";
import { PanelMedia, type LoadMedia } from "./media.ts";
import type { Gist } from "../reading/core/packed.ts";
import { setIcon } from "./page.ts";
import type { FromPage, SentContent, SentView, ViewName } from "./protocol.ts";
import { SMALL, sizeOf, type Read } from "../reading/core/reader.ts";
import { eventOf, otherSteps } from "./steps.ts";
import { deletedWords, unreadable } from "../reading/missing.ts";
import { Walk, type Around } from "./walk.ts";
import { logView, tabTitle } from "./view.ts";
import { contentOf } from "./views.ts";

/** What panels are given to work with. */
export type PanelNeeds = {
  extensionUri: vscode.Uri;
  clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  bodies: Bodies;
  read: Read;
  loadMedia: LoadMedia;
  around: Around;
  ratings: Pick<SentRatings, "shown" | "onDidChange">;
  round: Pick<RoundBar, "of" | "onDidChange">;
  deleting: Deleting;
  format: Format;
  logger: Logger;
};

/** What a panel tells its owner, and asks of it. */
export type PanelOwner = {
  view: ViewName;
  setView(view: ViewName): void;
  open(ref: LogRef, log: Log | undefined): Promise<void>;
  /** It shows another log, is in front or is not any more. */
  changed(): void;
};

/** One log in one tab: reads it, tells the page, and does what the person does there. */
export class LogPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #needs: PanelNeeds;
  readonly #owner: PanelOwner;
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #media: PanelMedia;
  readonly #walk: Walk<LogRef, LogNode>;
  /** Whether the next log opened from the tree takes its place. */
  isPreview: boolean;
  #ref: LogRef;
  #log: Log | undefined;
  #state: SentView["state"] = { type: "loading" };
  /** Of the content shown. */
  #gist: Gist | undefined;
  #reading: Reading | undefined;
  /** The view that the content shown was made for. */
  #shownView: ViewName | undefined;
  #steps: Log[] = [];
  #stepsAsked = false;
  #abort = new AbortController();
  readonly #page: LogPage;
  #disposed = false;

  constructor(
    panel: vscode.WebviewPanel,
    ref: LogRef,
    log: Log | undefined,
    isPreview: boolean,
    needs: PanelNeeds,
    owner: PanelOwner,
  ) {
    this.#ref = ref;
    this.#panel = panel;
    this.#log = log;
    this.isPreview = isPreview;
    this.#needs = needs;
    this.#owner = owner;
    this.#walk = new Walk(needs, {
      ref: () => (this.#disposed ? undefined : this.#ref),
      show: (node, delay) => this.show(node.ref, node.log, delay),
      ends: { next: vscode.l10n.t("No next log in the tree"), previous: vscode.l10n.t("No previous log in the tree") },
    });
    this.#page = new LogPage(panel, needs.extensionUri, () => ({ view: this.#view, opening: this.#gist?.opening }));
    this.#media = new PanelMedia(needs.loadMedia, () => {
      if (!this.#disposed) this.#page.show();
    });
    this.#subscriptions.push(
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const intent = parseIntent(message);
        if (intent) this.#take(intent);
      }),
      needs.ratings.onDidChange((ref) => logKey(ref) === logKey(this.#ref) && this.#page.show()),
      needs.round.onDidChange(() => this.#page.show()),
      panel.onDidChangeViewState(() => this.#viewStateChanged()),
      needs.deleting.onDidChange((change) => this.#deletionChanged(change)),
      panel.onDidDispose(() => this.dispose()),
    );
    setIcon(panel, needs.extensionUri, LOOK);
    void this.#load();
    this.#page.begin();
  }

  get ref(): LogRef {
    return this.#ref;
  }

  /** The log as far as it is read. */
  get log(): Log | undefined {
    return this.#log;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  get column(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  /** The bodies of the log, once all of them is read: for commands. */
  get exchange(): Reading["exchange"] | undefined {
    return this.#reading?.isHead ? undefined : this.#reading?.exchange;
  }

  reveal(preserveFocus: boolean): void {
    this.#panel.reveal(undefined, preserveFocus);
  }

  /** Shows another log in this tab: its row at once, the rest when it is read. `delay`: when reading begins, in ms. */
  show(ref: LogRef, log: Log | undefined, delay = 0): void {
    this.#ref = ref;
    this.#log = log;
    this.#steps = [];
    this.#stepsAsked = false;
    this.#reading = undefined;
    this.#media.clear();
    void this.#load(delay);
    this.#owner.changed();
  }

  /** Goes to the log beside this one in the tree. */
  go(step: Step): Promise<void> {
    return this.#walk.go(step);
  }

  /** Takes over a view chosen on this page or another. */
  viewChanged(): void {
    // A page that nobody sees is told when it is back.
    if (!this.#page.isReady) return;
    // Told at once, since what the view shows may have to be made first.
    this.#page.show();
    void this.#present();
  }

  dispose(): void {
    this.#disposed = true;
    this.#abort.abort();
    this.#media.clear();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.#panel.dispose();
  }

  #viewStateChanged(): void {
    if (!this.#panel.visible) {
      this.#letGo();
      this.#page.gone();
    }
    this.#owner.changed();
  }

  /** Says that the log is being deleted, or that it is gone. */
  #deletionChanged({ gateway, gone }: DeletionChange): void {
    if (!isOfGateway(gateway)(this.#ref)) return;
    if (!gone.some(({ id }) => id === this.#ref.logId)) return this.#page.show();
    this.#abort.abort();
    this.#reading = undefined;
    this.#media.clear();
    this.#show({ type: "failed", message: deletedWords() });
  }

  /** A large log that nobody sees is not kept: it is read again when it is. */
  #letGo(): void {
    if (this.#panel.visible || this.#state.type !== "ready") return;
    if (!this.#reading || sizeOf(this.#reading.exchange) <= SMALL) return;
    this.#reading = undefined;
    this.#state = { type: "loading" };
    this.#gist = undefined;
  }

  async #load(delay = 0): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const ref = this.#ref;
    this.#show({ type: "loading" });
    try {
      if (delay > 0) await wait(delay, undefined, { signal });
      const { bodies, read, format } = this.#needs;
      const client = signedIn(await this.#needs.clientOf(ref.accountId));
      for await (const reading of readLog(ref, { client, bodies, read, format }, signal)) {
        if (signal.aborted) return;
        this.#log = reading.log;
        this.#reading = reading;
        await this.#present();
        if (signal.aborted) return;
        if (!this.#stepsAsked) void this.#readSteps(ref, reading.log, client, signal);
      }
      if (!this.#disposed) this.#letGo();
    } catch (error) {
      if (signal.aborted || isAborted(error)) return;
      // What was read before does not come back with the next view.
      this.#reading = undefined;
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#needs.logger.warn(`log ${this.#ref.logId}: ${String(error)}`);
    this.#show({ type: "failed", message: unreadable(error, this.#log !== undefined, this.#needs.format) });
  }

  /** Shows what was read, in the view that is chosen. */
  async #present(): Promise<void> {
    const reading = this.#reading;
    const { signal } = this.#abort;
    const { view } = this.#owner;
    if (!reading) return;
    // What is presented meanwhile is newer.
    const isLate = (): boolean => signal.aborted || reading !== this.#reading || view !== this.#owner.view;
    let content: SentContent;
    try {
      content = await contentOf(reading, view, this.#needs.read, this.#needs.format, signal);
    } catch (error) {
      if (!isLate()) this.#fail(error);
      return;
    }
    if (isLate()) return;
    this.#shownView = view;
    this.#show({ type: "ready", content }, reading.conversation.gist);
  }

  async #readSteps(ref: LogRef, log: Log, client: CloudflareClient, signal: AbortSignal): Promise<void> {
    const eventId = eventOf(log);
    if (eventId === undefined) return;
    this.#stepsAsked = true;
    try {
      const steps = await otherSteps(ref, eventId, client, signal);
      if (signal.aborted || steps.length === 0) return;
      this.#steps = steps;
      this.#page.show();
    } catch (error) {
      // Nobody asked for them: the log is all there without. Where the log is read again, so are they.
      if (!signal.aborted) this.#needs.logger.info(`steps of log ${ref.logId}: ${String(error)}`);
      else if (ref === this.#ref) this.#stepsAsked = false;
    }
  }

  #show(state: SentView["state"], gist?: Gist): void {
    if (this.#disposed) return;
    this.#state = state;
    this.#gist = gist;
    this.#panel.title = tabTitle(this.#ref, this.#log, this.#needs.format);
    this.#page.show();
  }

  get #view(): SentView {
    const shown = {
      ref: this.#ref,
      log: this.#log && this.#needs.ratings.shown(this.#ref, this.#log),
      round: this.#needs.round.of(this.#ref),
      state: this.#state,
      gist: this.#gist,
      view: this.#owner.view,
      steps: this.#steps,
      media: this.#media.all,
      isDeleting: this.#log !== undefined && this.#needs.deleting.has(this.#ref, this.#log),
    };
    return logView(shown, this.#needs.format);
  }

  #isReady(): void {
    this.#page.ready();
    // What was let go while nobody saw it is read again.
    if (this.#state.type === "loading" && !this.#reading && this.#log && "request" in this.#log) void this.#load();
    else if (this.#shownView !== this.#owner.view) void this.#present();
  }

  #take(intent: FromPage): void {
    const { commands } = vscode;
    switch (intent.type) {
      case "ready":
        return this.#isReady();
      case "retry":
        return void this.#load();
      case "setView":
        return this.#owner.setView(intent.view);
      case "copy":
        return void copyText(intent.text);
      case "openLink":
        return void openLink(intent.url, vscode);
      case "loadMedia":
        return this.#media.load(intent.url, this.#ref, this.#gist?.media ?? []);
      case "openLog": {
        const { logId } = intent.ref;
        const log = this.#steps.find(({ id }) => id === logId);
        return log && void this.#owner.open({ ...this.#ref, logId }, log);
      }
      case "go":
        return void this.go(intent.to);
      case "filterBy":
        return this.#filterBy(intent.name, intent.value);
      default:
        // A log that was seen when the key was pressed may not be the one shown any more.
        if ("logId" in intent && intent.logId !== this.#ref.logId) return;
        return void commands.executeCommand(commandFor(intent), this.#ref);
    }
  }

  #filterBy(name: string, text: string): void {
    const shown = this.#log && this.#needs.ratings.shown(this.#ref, this.#log).log;
    const entries = Object.entries(shown?.metadata ?? {});
    const [key, value] = entries.find((entry) => shownText(entry[0]) === name && shownText(entry[1]) === text) ?? [];
    if (key === undefined || value === undefined) return;
    const { accountId, gatewayId } = this.#ref;
    void this.#needs.around.filterBy({ accountId, gatewayId }, [
      { key: "metadata.key", operator: "eq", value: [key] },
      { key: "metadata.value", operator: "eq", value: [value] },
    ]);
  }
}
