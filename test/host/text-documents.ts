import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

const SCHEME = "text-of-test";

/** Documents that aren't files; they needn't be saved, so none is left as a tab. */
export class TextDocuments {
  readonly #texts = new Map<string, string>();
  readonly #provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ path }) => this.#texts.get(path),
  });

  async open(content: string, language = "plaintext"): Promise<vscode.TextDocument> {
    const path = `/${randomUUID()}`;
    this.#texts.set(path, content);
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    return vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), language);
  }

  dispose(): void {
    this.#provider.dispose();
  }
}
