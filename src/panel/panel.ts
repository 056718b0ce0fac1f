import * as vscode from "vscode";
import { signedIn, type SourceOf } from "../account/signed-in.ts";
import { copyText } from "../platform/clipboard.ts";
import type { Capability } from "../source/capabilities.ts";
import type { LogSource } from "../source/source.ts";
import type { Condition } from "../source/conditions.ts";
import type { CollectionRef, Log, LogRef } from "../source/log.ts";
import type { Bodies } from "../reading/bodies.ts";
import { isOfGateway, logKey } from "../logs/log-key.ts";
import { shownText } from "../logs/metadata.ts";
import type { RoundBar } from "../rating/bar.ts";
import type { SentRatings } from "../rating/sent.ts";
import type { Deleting, DeletionChange } from "../deletion/in-progress.ts";
import type { LogNode } from "../tree/nodes.ts";
import { readLog, type Reading } from "../reading/content.ts";
import { commandsOf } from "../platform/commands.ts";
import { commandFor, type PanelCalls } from "./intent-commands.ts";
import { parseIntent } from "./intents.ts";
import { LogPage, LOOK } from "./log-page.ts";
import { openLink } from "./link.ts";
import { PanelMedia, type LoadMedia } from "./media.ts";
import type { Gist } from "../reading/core/packed.ts";
import type { FromPage, SentContent, SentView, ViewName } from "./protocol.ts";
import { SMALL, sizeOf, type Read } from "../reading/core/reader.ts";
import { eventOf, otherSteps } from "./steps.ts";
import { deletedWords, unreadable } from "../reading/missing.ts";
import { TabPanel, type TabNeeds, type TabOwner, type Walked } from "./tab-panel.ts";
import type { Opened } from "./tabs.ts";
import { logView, tabTitle } from "./view.ts";
import { contentOf } from "./views.ts";

const { run } = commandsOf<PanelCalls>();

/** A panel's surroundings: the tree, and how a page moves in it and filters it. */
type Around = Walked<LogRef, LogNode> & {
  filterBy(gateway: CollectionRef, conditions: Condition[]): void | Promise<void>;
};

/** Dependencies of panels. */
export type PanelNeeds = TabNeeds<LogRef, LogNode> & {
  sourceOf: SourceOf;
  /** What can be done with a source's logs, as far as known. */
  canOf: (of: CollectionRef) => readonly Capability[];
  bodies: Bodies;
  read: Read;
  loadMedia: LoadMedia;
  around: Around;
  ratings: Pick<SentRatings, "shown" | "onDidChange">;
  round: Pick<RoundBar, "of" | "onDidChange">;
  deleting: Deleting;
};

/** A panel's owner: receives its changes and holds the shared view. */
export type PanelOwner = TabOwner<LogRef, Log> & { view: ViewName; setView(view: ViewName): void };

/** One log in one tab: reads it, updates the page, and handles the user's actions there. */
export class LogPanel extends TabPanel<LogRef, Log, LogNode, FromPage> {
  readonly #needs: PanelNeeds;
  readonly #owner: PanelOwner;
  readonly #media: PanelMedia;
  #state: SentView["state"] = { type: "loading" };
  /** Gist of the shown content. */
  #gist: Gist | undefined;
  #reading: Reading | undefined;
  /** The view of the shown content. */
  #shownView: ViewName | undefined;
  /** The name of the log's service, once its source was used. */
  #service: string | undefined;
  #steps: Log[] = [];
  #stepsAsked = false;
  readonly #page: LogPage;

  constructor(opened: Opened<LogRef, Log>, needs: PanelNeeds, owner: PanelOwner) {
    super(opened, needs, owner, {
      look: LOOK,
      ends: { next: vscode.l10n.t("No next log in the tree"), previous: vscode.l10n.t("No previous log in the tree") },
      parseIntent,
    });
    this.#needs = needs;
    this.#owner = owner;
    const now = () => ({ view: this.#view, opening: this.#gist?.opening });
    this.#page = new LogPage(this.panel, needs.extensionUri, now);
    this.#media = new PanelMedia(needs.loadMedia, () => {
      if (!this.isDisposed) this.#page.show();
    });
    this.subscriptions.push(
      needs.ratings.onDidChange((ref) => logKey(ref) === logKey(this.ref) && this.#page.show()),
      needs.round.onDidChange(() => this.#page.show()),
      needs.deleting.onDidChange((change) => this.#deletionChanged(change)),
    );
    this.load();
    this.#page.begin();
  }

  /** Returns the known row or details of the log. */
  get log(): Log | undefined {
    return this.row;
  }

  /** Returns the bodies of the log, once read completely: for commands. */
  get exchange(): Reading["exchange"] | undefined {
    return this.#reading?.isHead ? undefined : this.#reading?.exchange;
  }

  /** Shows another log in this tab: its row at once, the rest once read. `delay`: before reading, in milliseconds. */
  override show(ref: LogRef, log: Log | undefined, delay = 0): void {
    this.#steps = [];
    this.#stepsAsked = false;
    this.#reading = undefined;
    if (ref.sourceId !== this.ref.sourceId) this.#service = undefined;
    this.#media.clear();
    super.show(ref, log, delay);
  }

  /** Applies a view chosen on this page or another. */
  viewChanged(): void {
    // A hidden page is updated once it is back.
    if (!this.#page.isReady) return;
    // Updated at once, because the view's content may take a while.
    this.#page.show();
    void this.#present();
  }

  override dispose(): void {
    this.#media.clear();
    super.dispose();
  }

  protected override pageGone(): void {
    this.#letGo();
    this.#page.gone();
  }

  /** Shows that the log is being deleted, or is gone. */
  #deletionChanged({ gateway, gone }: DeletionChange): void {
    if (!isOfGateway(gateway)(this.ref)) return;
    if (!gone.some(({ id }) => id === this.ref.logId)) return this.#page.show();
    this.stop();
    this.#reading = undefined;
    this.#media.clear();
    this.#show({ type: "failed", message: deletedWords() });
  }

  /** Drops a large log while hidden: it is read again once visible. */
  #letGo(): void {
    if (this.panel.visible || this.#state.type !== "ready") return;
    if (!this.#reading || sizeOf(this.#reading.exchange) <= SMALL) return;
    this.#reading = undefined;
    this.#state = { type: "loading" };
    this.#gist = undefined;
  }

  protected override load(delay = 0): void {
    this.stop();
    this.#show({ type: "loading" });
    const fail = (error: unknown) => {
      // A previous reading must not reappear with the next view.
      this.#reading = undefined;
      this.#fail(error);
    };
    void this.attempt((signal) => this.#read(this.ref, signal), fail, delay);
  }

  async #read(ref: LogRef, signal: AbortSignal): Promise<void> {
    const { bodies, read, format } = this.#needs;
    const could = this.#needs.canOf(ref);
    const source = signedIn(await this.#needs.sourceOf(ref));
    if (signal.aborted) return;
    this.#service = source.service;
    // A restored tab is there before its source.
    if (could.length === 0) this.#owner.changed();
    for await (const reading of readLog(ref, { source, bodies, read, format }, signal)) {
      if (signal.aborted) return;
      this.row = reading.log;
      this.#reading = reading;
      await this.#present();
      if (signal.aborted) return;
      if (!this.#stepsAsked) void this.#readSteps(ref, reading.log, source, signal);
    }
    if (!this.isDisposed) this.#letGo();
  }

  #fail(error: unknown): void {
    this.#needs.logger.warn(`log ${this.ref.logId}: ${String(error)}`);
    this.#show({ type: "failed", message: unreadable(error, this.row !== undefined, this.#needs.format) });
  }

  /** Shows the reading in the chosen view. */
  async #present(): Promise<void> {
    const reading = this.#reading;
    const { signal } = this;
    const { view } = this.#owner;
    if (!reading) return;
    // A later presentation takes precedence.
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

  async #readSteps(ref: LogRef, log: Log, source: LogSource, signal: AbortSignal): Promise<void> {
    const eventId = eventOf(log);
    if (eventId === undefined) return;
    this.#stepsAsked = true;
    try {
      const steps = await otherSteps(ref, eventId, source, signal);
      if (signal.aborted || steps.length === 0) return;
      this.#steps = steps;
      this.#page.show();
    } catch (error) {
      // The steps are optional: the log is complete without them. Reading the log again reads them again.
      if (!signal.aborted) this.#needs.logger.info(`steps of log ${ref.logId}: ${String(error)}`);
      else if (ref === this.ref) this.#stepsAsked = false;
    }
  }

  #show(state: SentView["state"], gist?: Gist): void {
    if (this.isDisposed) return;
    this.#state = state;
    this.#gist = gist;
    this.panel.title = tabTitle(this.ref, this.row, this.#needs.format);
    this.#page.show();
  }

  get #view(): SentView {
    const shown = {
      ref: this.ref,
      log: this.row && this.#needs.ratings.shown(this.ref, this.row),
      round: this.#needs.round.of(this.ref),
      state: this.#state,
      gist: this.#gist,
      view: this.#owner.view,
      steps: this.#steps,
      media: this.#media.all,
      can: this.#needs.canOf(this.ref),
      service: this.#service,
      isDeleting: this.row !== undefined && this.#needs.deleting.has(this.ref, this.row),
    };
    return logView(shown, this.#needs.format);
  }

  #isReady(): void {
    this.#page.ready();
    // A log dropped while hidden is read again.
    if (this.#state.type === "loading" && !this.#reading && this.row && "request" in this.row) this.load();
    else if (this.#shownView !== this.#owner.view) void this.#present();
  }

  protected override rowOf({ log }: LogNode): Log {
    return log;
  }

  protected override take(intent: FromPage): void {
    switch (intent.type) {
      case "ready":
        return this.#isReady();
      case "retry":
        return this.load();
      case "setView":
        return this.#owner.setView(intent.view);
      case "copy":
        return void copyText(intent.text);
      case "openLink":
        return void openLink(intent.url, vscode);
      case "loadMedia":
        return this.#media.load(intent.url, this.ref, this.#gist?.media ?? []);
      case "openLog": {
        const { logId } = intent.ref;
        const log = this.#steps.find(({ id }) => id === logId);
        return log && void this.#owner.open({ ...this.ref, logId }, log);
      }
      case "go":
        return void this.go(intent.to);
      case "filterBy":
        return this.#filterBy(intent.name, intent.value);
      default:
        // The page may have sent it for the previous log.
        if ("logId" in intent && intent.logId !== this.ref.logId) return;
        return void run(commandFor(intent), this.ref);
    }
  }

  #filterBy(name: string, text: string): void {
    const shown = this.row && this.#needs.ratings.shown(this.ref, this.row).log;
    const entries = Object.entries(shown?.metadata ?? {});
    const [key, value] = entries.find((entry) => shownText(entry[0]) === name && shownText(entry[1]) === text) ?? [];
    if (key === undefined || value === undefined) return;
    const { sourceId, collectionId } = this.ref;
    void this.#needs.around.filterBy({ sourceId, collectionId }, [
      { key: "metadataKey", operator: "eq", value: [key] },
      { key: "metadataValue", operator: "eq", value: [value] },
    ]);
  }
}
