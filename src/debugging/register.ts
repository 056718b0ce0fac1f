import * as vscode from "vscode";
import { mayNameLogs } from "./core/hints.ts";
import type { DebugFeatures, DebuggingNeeds } from "./features.ts";

/** Documents that may contain IDs: local, remote and unsaved files. */
const TEXTS: readonly vscode.DocumentFilter[] = ["file", "vscode-remote", "untitled"].map((scheme) => ({ scheme }));
/** Documents with output of programs. */
const OUTPUTS: vscode.DocumentSelector = [{ scheme: "output" }, { language: "log" }, { pattern: "**/*.{log,snap}" }];

const links = () => import("./links.ts");

/**
 * Registers the debugging features; their code is loaded on first use. `watchTexts` registers the features for texts.
 */
export class Debugging implements vscode.Disposable {
  readonly #load: () => Promise<DebuggingNeeds>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #valuesChanged = new vscode.EventEmitter<void>();
  #features: Promise<DebugFeatures> | undefined;

  /** @param load creates the features' dependencies on first use */
  constructor(load: () => Promise<DebuggingNeeds>) {
    this.#load = load;
    this.#subscriptions = [
      this.#lensesChanged,
      this.#valuesChanged,
      vscode.debug.registerDebugAdapterTrackerFactory("*", {
        createDebugAdapterTracker: async (session) => {
          // Without an account, there is no gateway to ask.
          const { accounts } = await (await load()).sessions.current();
          return accounts.length > 0 ? (await this.features()).watch.createDebugAdapterTracker(session) : undefined;
        },
      }),
    ];
  }

  /** Starts the features for texts and terminals. */
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

  /** Returns whether a text may be relevant: any text is, once a program is debugged. */
  #concerns(text: string): boolean {
    return this.#features !== undefined || mayNameLogs(text);
  }

  /** Returns the debugging features, created on first use. */
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

  /** Clears the data of an account after sign-out. */
  async forget(sourceId: string): Promise<void> {
    (await this.#load()).runs.forget(sourceId);
    this.#valuesChanged.fire();
    (await this.features()).gateways.forget(sourceId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
