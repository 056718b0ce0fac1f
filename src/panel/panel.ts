import * as vscode from "vscode";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import type { Bodies } from "../documents/bodies.ts";
import { explain, PlainError } from "../explain.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import { readContent } from "./content.ts";
import { newNonce, pageHtml } from "./html.ts";
import type { FromPage, LogView, ToPage } from "./protocol.ts";
import type { ReadExchange } from "./reading.ts";
import { pageStrings } from "./strings.ts";
import { logView, tabTitle } from "./view.ts";

/** What panels are given to work with. */
export type PanelNeeds = {
  extensionUri: vscode.Uri;
  clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  bodies: Bodies;
  readExchange: ReadExchange;
  format: Format;
  logger: Logger;
};

const mediaOf = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, "dist", "media");

/** One log in one tab: reads it, tells the page, and does what the person does there. */
export class LogPanel {
  readonly ref: LogRef;
  readonly #panel: vscode.WebviewPanel;
  readonly #needs: PanelNeeds;
  readonly #subscriptions: vscode.Disposable[] = [];
  #log: Log | undefined;
  #state: LogView["state"] = { type: "loading" };
  #abort = new AbortController();
  #ready = false;

  constructor(panel: vscode.WebviewPanel, ref: LogRef, log: Log | undefined, needs: PanelNeeds) {
    this.ref = ref;
    this.#panel = panel;
    this.#log = log;
    this.#needs = needs;
    panel.iconPath = {
      light: vscode.Uri.joinPath(needs.extensionUri, "media", "log-light.svg"),
      dark: vscode.Uri.joinPath(needs.extensionUri, "media", "log-dark.svg"),
    };
    this.#subscriptions.push(
      panel.webview.onDidReceiveMessage((message: FromPage) => this.#take(message)),
      panel.onDidDispose(() => this.dispose()),
    );
    const media = mediaOf(needs.extensionUri);
    const address = (file: string) => panel.webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
    const addresses = { cspSource: panel.webview.cspSource, script: address("page.js"), style: address("page.css") };
    panel.webview.html = pageHtml(addresses, newNonce(), vscode.env.language);
    void this.#load();
  }

  /** What any panel's page may do and read. */
  static options(extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return { enableScripts: true, enableFindWidget: true, localResourceRoots: [mediaOf(extensionUri)] };
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#abort.abort();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.#panel.dispose();
  }

  async #load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#show({ type: "loading" });
    try {
      const { bodies, readExchange, format } = this.#needs;
      const client = await this.#needs.clientOf(this.ref.accountId);
      if (!client)
        throw new PlainError(
          vscode.l10n.t("This account is not signed in to any more. Sign in to it to read this log."),
        );
      const { log, content } = await readContent(this.ref, client, bodies, readExchange, format, signal);
      if (signal.aborted) return;
      this.#log = log;
      this.#show({ type: "ready", content });
    } catch (error) {
      if (signal.aborted || isAborted(error)) return;
      this.#needs.logger.warn(`log ${this.ref.logId}: ${String(error)}`);
      this.#show({ type: "failed", message: explain(error, this.#needs.format).detail });
    }
  }

  #show(state: LogView["state"]): void {
    this.#state = state;
    this.#panel.title = tabTitle(this.ref, this.#log, this.#needs.format);
    this.#send();
  }

  /** A page that is not there yet says `ready` when it is, and is told then. */
  #send(): void {
    if (!this.#ready) return;
    const view = logView(this.ref, this.#log, this.#state, this.#needs.format);
    const message: ToPage = { type: "show", view, strings: pageStrings() };
    void this.#panel.webview.postMessage(message);
  }

  #take(message: FromPage): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        return this.#send();
      case "retry":
        return void this.#load();
      case "openBody":
        return void vscode.commands.executeCommand(
          message.side === "request" ? "aiGateway.openRequest" : "aiGateway.openResponse",
          this.ref,
        );
      case "copyId":
        return void vscode.commands.executeCommand("aiGateway.copyLogId", this.ref);
    }
  }
}
