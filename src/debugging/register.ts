import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import type { Bodies } from "../documents/bodies.ts";
import type { Logger } from "../logger.ts";
import type { Format } from "../logs/format.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Read } from "../panel/reading.ts";
import type { LogTree } from "../tree/provider.ts";
import type { Runs } from "../tree/runs.ts";
import type { Room } from "./room.ts";

export type DebuggingNeeds = {
  sessions: Sessions;
  tree: LogTree;
  runs: Runs;
  panels: LogPanels;
  bodies: Bodies;
  read: Read;
  workspaceState: vscode.Memento;
  extensionId: string;
  /** The ids of our commands. */
  commands: readonly string[];
  format: Format;
  logger: Logger;
};

/** Texts in which an id may stand: files, of this machine or another, and what is not saved yet. */
const TEXTS: readonly vscode.DocumentFilter[] = ["file", "vscode-remote", "untitled"].map((scheme) => ({ scheme }));
/** Texts that programs have written. */
const OUTPUTS: vscode.DocumentSelector = [{ scheme: "output" }, { language: "log" }, { pattern: "**/*.{log,snap}" }];

const links = () => import("./links.ts");

/** Registers all that finds logs where programs are debugged; what does it is loaded when the first of it is needed. */
export class Debugging implements vscode.Disposable {
  readonly #needs: DebuggingNeeds;
  readonly #subscriptions: vscode.Disposable[];
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #valuesChanged = new vscode.EventEmitter<void>();
  #room: Promise<Room> | undefined;

  constructor(needs: DebuggingNeeds) {
    this.#needs = needs;
    const { languages, debug, window } = vscode;
    this.#subscriptions = [
      this.#lensesChanged,
      this.#valuesChanged,
      languages.registerCodeLensProvider(TEXTS, {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: async (document) => (await this.room()).lenses.provideCodeLenses(document),
        resolveCodeLens: async (lens) => (await this.room()).lenses.resolveCodeLens(lens),
      }),
      debug.registerDebugAdapterTrackerFactory("*", {
        createDebugAdapterTracker: async (session) => {
          // Without an account there is nobody to ask.
          const { accounts } = await needs.sessions.current();
          return accounts.length > 0 ? (await this.room()).watch.createDebugAdapterTracker(session) : undefined;
        },
      }),
      languages.registerInlineValuesProvider(TEXTS, {
        onDidChangeInlineValues: this.#valuesChanged.event,
        provideInlineValues: async (...asked) => (await this.room()).inlineValues.provideInlineValues(...asked),
      }),
      languages.registerHoverProvider([...TEXTS, { scheme: "output" }], {
        provideHover: async (...asked) => (await this.room()).hover.provideHover(...asked),
      }),
      languages.registerDocumentLinkProvider(OUTPUTS, {
        provideDocumentLinks: async (...asked) => (await links()).documentLinks.provideDocumentLinks(...asked),
      }),
      window.registerTerminalLinkProvider({
        provideTerminalLinks: async (...asked) => (await links()).terminalLinks.provideTerminalLinks(...asked),
        handleTerminalLink: async (link: vscode.TerminalLink & { id: string }) =>
          (await links()).terminalLinks.handleTerminalLink(link),
      }),
    ];
  }

  /** The parts, put together when they are first asked for. */
  room(): Promise<Room> {
    this.#room ??= import("./room.ts").then(({ openRoom }) => {
      const room = openRoom(this.#needs);
      this.#subscriptions.push(
        room,
        room.lenses.onDidChangeCodeLenses(() => this.#lensesChanged.fire()),
      );
      return room;
    });
    return this.#room;
  }

  /** Forgets what is kept of an account that was signed out of. */
  async forget(accountId: string): Promise<void> {
    this.#needs.runs.forget(accountId);
    this.#valuesChanged.fire();
    (await this.room()).gateways.forget(accountId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
