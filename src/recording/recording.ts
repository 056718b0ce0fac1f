import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { LocalAccount } from "../account/local-account.ts";
import { newLogId } from "../local/ids.ts";
import type { LogStore } from "../local/store.ts";
import { plain, type Format } from "../logs/format.ts";
import { setContext } from "../platform/contexts.ts";
import type { Logger } from "../platform/logger.ts";
import { networkSettings, recorderLimits, recorderUpstreams } from "../platform/settings.ts";
import type { Read } from "../reading/core/reader.ts";
import { storingIn } from "../recorder/exchange-log.ts";
import type { Recorder } from "../recorder/recorder.ts";
import { upstreamsIn, variablesFor } from "../recorder/variables.ts";
import type { CollectionRef } from "../source/log.ts";
import { recordDebugSessions } from "./debug-sessions.ts";

/** State key: the port and the secret of this workspace's recorder, so that open terminals still reach it. */
const ADDRESS = "recorderAddress";

/** Number of calls after which old ones are looked for. */
const PRUNED_EVERY = 50;

type KeptAddress = { port: number; secret: string };

export type RecordingNeeds = {
  /** Where calls are stored. */
  account: Pick<LocalAccount, "id" | "open" | "store">;
  /** Variables of new terminals of this workspace. */
  variables: vscode.EnvironmentVariableCollection;
  workspace: vscode.Memento;
  read: Read;
  format: Format;
  logger: Logger;
};

type Running = { recorder: Recorder; gateway: CollectionRef; parts: vscode.Disposable[] };

/** Returns the name of this workspace's gateway: that of the folder, as gateways are named. */
function gatewayName(): string {
  const name = (vscode.workspace.name ?? "").toLowerCase().replace(/[^a-z\d]+/g, "-");
  return name.replace(/^-+|-+$/g, "").slice(0, 64) || "recordings";
}

/** The recorder of this window: while it is on, programs' model calls go through it, and are stored on this machine. */
export class Recording implements vscode.Disposable {
  readonly #needs: RecordingNeeds;
  readonly #recorded = new vscode.EventEmitter<CollectionRef>();
  /** Fires when a call was stored. */
  readonly onDidRecord = this.#recorded.event;
  readonly #counted = new vscode.EventEmitter<void>();
  #running: Promise<Running> | undefined;
  #calls = 0;
  /** Calls that couldn't be stored. */
  #lost = 0;

  constructor(needs: RecordingNeeds) {
    this.#needs = needs;
  }

  get isOn(): boolean {
    return this.#running !== undefined;
  }

  /** Starts recording; nothing if it's on. @throws Error if it can't listen or store */
  async start(): Promise<void> {
    this.#running ??= this.#start();
    try {
      await this.#running;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  /** Ends recording: new terminals and debug sessions call their providers again. */
  async stop(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    for (const part of running?.parts ?? []) part.dispose();
    this.#needs.variables.clear();
    setContext("aiGateway.recording", false);
    await running?.recorder.close();
  }

  /** Returns a provider's base address; undefined while nothing is recorded. */
  async urlOf(provider: string): Promise<string | undefined> {
    const running = await this.#running;
    return running?.recorder.urlOf(running.gateway, provider);
  }

  async #start(): Promise<Running> {
    const { account, workspace, logger } = this.#needs;
    await account.open();
    const store = await account.store();
    const gateway = { sourceId: account.id, collectionId: gatewayName() };
    if (!store.gateways(gateway.sourceId).some(({ id }) => id === gateway.collectionId))
      store.addGateway({ sourceId: gateway.sourceId, id: gateway.collectionId, createdAt: new Date() });
    this.#prune(store);
    // The tree shows the new gateway.
    await account.open();
    const kept = workspace.get<KeptAddress>(ADDRESS);
    const secret = kept?.secret ?? randomBytes(18).toString("hex");
    const recorder = await this.#listen(secret, kept?.port, gateway);
    await workspace.update(ADDRESS, { port: recorder.port, secret });
    logger.info(`The recorder listens on port ${recorder.port}`);
    const parts = [this.#statusBar(), this.#setVariables(recorder, gateway)];
    setContext("aiGateway.recording", true);
    return { recorder, gateway, parts };
  }

  /** Deletes what is too old or too much by the settings, without being waited for. */
  #prune(store: LogStore): void {
    const { days, bytes } = recorderLimits();
    const kept = { since: new Date(Date.now() - days * 86_400_000), mostBytes: bytes };
    import("../local/recordings.ts")
      .then(({ pruneRecordings }) => pruneRecordings(store, kept))
      .catch((error: unknown) => this.#needs.logger.warn(`recordings: ${String(error)}`));
  }

  async #listen(secret: string, port: number | undefined, gateway: CollectionRef): Promise<Recorder> {
    const { account, read, logger } = this.#needs;
    const [{ startRecorder }, { createDispatcher }] = await Promise.all([
      import("../recorder/recorder.ts"),
      import("../http/transport.ts"),
    ]);
    const store = await account.store();
    const onError = (error: unknown) => logger.warn(`recorder: ${String(error)}`);
    const observer = storingIn({
      save: (log) => {
        store.insert([log]);
        this.#calls++;
        if (this.#calls % PRUNED_EVERY === 0) this.#prune(store);
        this.#recorded.fire(gateway);
        this.#counted.fire();
      },
      usageOf: (call) => read("usage", call, new AbortController().signal).catch(() => undefined),
      onError: (error) => {
        onError(error);
        this.#lost++;
        this.#counted.fire();
      },
    });
    const upstreams = { ...upstreamsIn(process.env), ...recorderUpstreams() };
    const options = () => ({
      secret,
      upstreams,
      observer,
      // The settings of now: a recorder closes it.
      dispatcher: createDispatcher({ ...networkSettings(), env: process.env }),
      newId: (at: number) => newLogId(new Date(at)),
      onError,
    });
    try {
      return await startRecorder({ ...options(), ...(port === undefined ? {} : { port }) });
    } catch (error) {
      // Another window of this workspace has the port.
      if (port === undefined || !(error instanceof Error && "code" in error && error.code === "EADDRINUSE"))
        throw error;
      return startRecorder(options());
    }
  }

  /** Leads new terminals and debug sessions to the recorder. */
  #setVariables(recorder: Recorder, gateway: CollectionRef): vscode.Disposable {
    const variables = variablesFor((provider) => recorder.urlOf(gateway, provider), process.env);
    const { variables: collection } = this.#needs;
    // Without a recorder, the addresses lead nowhere.
    collection.persistent = false;
    collection.description = vscode.l10n.t("Model calls are recorded by AI Gateway Logs. Stop Recording ends it.");
    for (const [name, value] of Object.entries(variables)) collection.replace(name, value);
    return recordDebugSessions(variables);
  }

  #statusBar(): vscode.Disposable {
    const item = vscode.window.createStatusBarItem("aiGateway.recording", vscode.StatusBarAlignment.Left, 0);
    const { t } = vscode.l10n;
    const { format } = this.#needs;
    const told = t(
      "Calls of new terminals and debug sessions are recorded on this machine. Terminals that were open before call their providers directly. Select to stop.",
    );
    const show = () => {
      const [calls, lost] = [format.count(this.#calls), format.count(this.#lost)];
      const count = this.#calls === 1 ? t("Recording: 1 call") : t("Recording: {0} calls", calls);
      const words = this.#lost === 0 ? count : t("Recording: {0} calls, {1} not stored", calls, lost);
      item.text = `$(record) ${plain(words)}`;
      item.backgroundColor = this.#lost === 0 ? undefined : new vscode.ThemeColor("statusBarItem.warningBackground");
      item.tooltip = this.#lost === 0 ? told : `${told}\n\n${t("Why calls couldn't be stored is in the output.")}`;
    };
    [this.#calls, this.#lost] = [0, 0];
    item.name = t("AI Gateway Logs: recording");
    item.command = "aiGateway.stopRecording";
    show();
    item.show();
    return vscode.Disposable.from(item, this.#counted.event(show));
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#recorded.dispose();
    this.#counted.dispose();
  }
}
