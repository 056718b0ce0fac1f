import * as vscode from "vscode";

const SCHEME = "text-of-test";

/** Documents that are no files; nothing of them has to be saved, so that none is left as a tab. */
export class TextDocuments {
  readonly #texts: string[] = [];
  readonly #provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ path }) => this.#texts[Number(path.slice(1))],
  });

  async open(content: string, language = "plaintext"): Promise<vscode.TextDocument> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${this.#texts.push(content) - 1}` });
    return vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), language);
  }

  dispose(): void {
    this.#provider.dispose();
  }
}
