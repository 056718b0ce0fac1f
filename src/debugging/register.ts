import * as vscode from "vscode";
import { mayNameLogs } from "./core/hints.ts";
import type { DebugFeatures, DebuggingNeeds } from "./features.ts";

/** Texts in which an id may stand: files, of this machine or another, and what is not saved yet. */
const TEXTS: readonly vscode.DocumentFilter[] = ["file", "vscode-remote", "untitled"].map((scheme) => ({ scheme }));
/** Texts that programs have written. */
const OUTPUTS: vscode.DocumentSelector = [{ scheme: "output" }, { language: "log" }, { pattern: "**/*.{log,snap}" }];

const links = () => import("./links.ts");

/**
 * Registers all that finds logs where programs are debugged; what does it is loaded when the first of it is needed. What looks at texts is
 * registered by `watchTexts`.
 */
export class Debugging implements vscode.Disposable {
  readonly #load: () => Promise<DebuggingNeeds>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #valuesChanged = new vscode.EventEmitter<void>();
  #features: Promise<DebugFeatures> | undefined;

  /** @param load gives what it works with, when that is first needed */
  constructor(load: () => Promise<DebuggingNeeds>) {
    this.#load = load;
    this.#subscriptions = [
      this.#lensesChanged,
      this.#valuesChanged,
      vscode.debug.registerDebugAdapterTrackerFactory("*", {
        createDebugAdapterTracker: async (session) => {
          // Without an account there is nobody to ask.
          const { accounts } = await (await load()).sessions.current();
          return accounts.length > 0 ? (await this.features()).watch.createDebugAdapterTracker(session) : undefined;
        },
      }),
    ];
  }

  /** Begins to look for logs in texts and terminals. */
  watchTexts(): void {
    const { languages, window } = vscode;
    this.#subscriptions.push(
      languages.registerCodeLensProvider(TEXTS, {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: async (document) =>
          this.#concerns(document.getText()) ? (await this.features()).lenses.provideCodeLenses(document) : [],
        resolveCodeLens: async (lens) => (await this.features()).lenses.resolveCodeLens(lens),
      }),
      languages.registerInlineValuesProvider(TEXTS, {
        onDidChangeInlineValues: this.#valuesChanged.event,
        provideInlineValues: async (...asked) => (await this.features()).inlineValues.provideInlineValues(...asked),
      }),
      languages.registerHoverProvider([...TEXTS, { scheme: "output" }], {
        provideHover: async (document, position, token) =>
          this.#concerns(document.lineAt(position.line).text)
            ? (await this.features()).hover.provideHover(document, position, token)
            : undefined,
      }),
      languages.registerDocumentLinkProvider(OUTPUTS, {
        provideDocumentLinks: async (document, token) =>
          mayNameLogs(document.getText()) ? (await links()).documentLinks.provideDocumentLinks(document, token) : [],
      }),
      window.registerTerminalLinkProvider({
        provideTerminalLinks: async (context, token) =>
          mayNameLogs(context.line) ? (await links()).terminalLinks.provideTerminalLinks(context, token) : [],
        handleTerminalLink: async (link: vscode.TerminalLink & { id: string }) =>
          (await links()).terminalLinks.handleTerminalLink(link),
      }),
    );
  }

  /** Whether there may be something to say of a text: of any, once a program is debugged. */
  #concerns(text: string): boolean {
    return this.#features !== undefined || mayNameLogs(text);
  }

  /** What works while programs are debugged, created when it is first asked for. */
  features(): Promise<DebugFeatures> {
    this.#features ??= Promise.all([import("./features.ts"), this.#load()]).then(([{ createDebugFeatures }, needs]) => {
      const features = createDebugFeatures(needs);
      this.#subscriptions.push(
        features,
        features.lenses.onDidChangeCodeLenses(() => this.#lensesChanged.fire()),
      );
      return features;
    });
    return this.#features;
  }

  /** Forgets what is kept of an account that was signed out of. */
  async forget(accountId: string): Promise<void> {
    (await this.#load()).runs.forget(accountId);
    this.#valuesChanged.fire();
    (await this.features()).gateways.forget(accountId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
