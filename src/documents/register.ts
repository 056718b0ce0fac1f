import * as vscode from "vscode";
import { LazyFiles } from "../platform/lazy.ts";
import type { RESEND_SCHEME } from "./drafts.ts";
import type { SCHEME } from "./uris.ts";

// The same as there, which the types see to: a module that is imported is a file more to load.
const DOCUMENTS: typeof SCHEME = "ai-gateway-log";
const DRAFTS: typeof RESEND_SCHEME = "ai-gateway-resend";

/** What is registered of documents. */
export type Documents = vscode.Disposable & { drafts: LazyFiles };

/** Registers the file systems of what is recorded, and of requests to send again. */
export function registerDocuments(
  load: () => Promise<{ documents: vscode.FileSystemProvider; drafts: vscode.FileSystemProvider }>,
): Documents {
  const { workspace, Disposable } = vscode;
  const documents = new LazyFiles(async () => (await load()).documents);
  const drafts = new LazyFiles(async () => (await load()).drafts);
  const registered = Disposable.from(
    documents,
    drafts,
    workspace.registerFileSystemProvider(DOCUMENTS, documents, { isReadonly: true, isCaseSensitive: true }),
    workspace.registerFileSystemProvider(DRAFTS, drafts, { isCaseSensitive: true }),
  );
  return { drafts, dispose: () => registered.dispose() };
}
