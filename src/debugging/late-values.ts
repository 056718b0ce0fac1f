import * as vscode from "vscode";
import type { SeenId } from "./core/scanner.ts";
import type { Format } from "../logs/format.ts";
import { stateWord } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

type Waiting = { uri: string; line: number; seen: SeenId };

const keyOf = (uri: vscode.Uri, line: number, id: string): string => JSON.stringify([uri.toString(), line, id]);

/**
 * Values at the ends of lines whose logs weren't available when the program stopped. VS Code asks for inline values
 * once per stop, so these are decorations that look the same, until the program continues.
 */
export class LateValues {
  readonly #watch: Pick<CallWatch, "lookup">;
  readonly #format: Format;
  readonly #waiting = new Map<string, Waiting>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #type = vscode.window.createTextEditorDecorationType({
    after: {
      margin: "0 0 0 1em",
      color: new vscode.ThemeColor("editor.inlineValuesForeground"),
      backgroundColor: new vscode.ThemeColor("editor.inlineValuesBackground"),
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  constructor(watch: Pick<CallWatch, "lookup" | "onDidChange" | "onDidMove">, format: Format) {
    this.#watch = watch;
    this.#format = format;
    this.#subscriptions = [
      this.#type,
      watch.onDidChange(() => this.#show()),
      watch.onDidMove(() => this.#clear()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#show()),
    ];
  }

  /** Shows the current state of an ID at the end of a line from now on. */
  wait({ uri }: vscode.TextDocument, line: number, seen: SeenId): void {
    this.#waiting.set(keyOf(uri, line, seen.id), { uri: uri.toString(), line, seen });
    this.#show();
  }

  /** Removes a decoration that an inline value replaces. */
  drop({ uri }: vscode.TextDocument, line: number, { id }: SeenId): void {
    if (this.#waiting.delete(keyOf(uri, line, id))) this.#show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #clear(): void {
    this.#waiting.clear();
    this.#show();
  }

  #show(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const own = [...this.#waiting.values()].filter((waiting) => waiting.uri === uri);
      editor.setDecorations(
        this.#type,
        own.flatMap((waiting) => this.#decoration(editor.document, waiting)),
      );
    }
  }

  #decoration(document: vscode.TextDocument, { line, seen }: Waiting): vscode.DecorationOptions[] {
    const state = this.#watch.lookup.state(seen.id);
    // A possible ID has no value until its log is found.
    if (!state || line >= document.lineCount || (state.type !== "known" && !seen.sure)) return [];
    const range = document.lineAt(line).range;
    return [{ range, renderOptions: { after: { contentText: stateWord(state, this.#format) } } }];
  }
}
