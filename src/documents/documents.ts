import { LRUCache } from "lru-cache";
import * as vscode from "vscode";
import type { Entries } from "../audit/entries.ts";
import type { EntryRef } from "../audit/ref.ts";
import type { StoredBody } from "../source/source.ts";
import type { LogRef, Side } from "../source/log.ts";
import { AUDIT_PERMISSION, explain } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import { SMALL, type Read } from "../reading/core/reader.ts";
import type { Bodies } from "../reading/bodies.ts";
import { differenceOf } from "./difference.ts";
import { MadeFiles } from "./files.ts";
import type { Recordings } from "../reading/recordings.ts";
import { closeTabs } from "./open-tabs.ts";
import {
  accountsOf,
  documentAt,
  endingOf,
  entryAt,
  entryUri,
  SCHEME,
  uriOf,
  type DocumentName,
  type LogDocument,
} from "./uris.ts";

export type DocumentNeeds = {
  bodies: Pick<Bodies, "get">;
  recordings: Pick<Recordings, "get">;
  entries: Pick<Entries, "get">;
  read: Read;
  format: Format;
  /** Scheme of their registration with VS Code. */
  scheme?: string;
};

/** Large documents that are kept once they are made: VS Code asks for a size before it reads, and compares two at a time. */
const MADE = 2;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function bodyOf(side: Side, ref: LogRef, { bodies, read }: DocumentNeeds): Promise<Uint8Array | undefined> {
  const stored = await bodies.get(ref, side);
  return stored && read("document", stored.body);
}

/** Returns the conversation, below the change from the log it's compared with. */
async function conversationOf({ ref, against }: LogDocument, needs: DocumentNeeds): Promise<Uint8Array> {
  const { recordings, read, format } = needs;
  const [{ log, exchange }, other] = await Promise.all([recordings.get(ref), against && recordings.get(against)]);
  const markdown = await read("markdown", exchange);
  const difference = other && differenceOf(other.log, log, format);
  if (!difference) return bytesOf(markdown);
  const since = vscode.l10n.t("{0}, compared with the log of {1}", difference, format.dateTime(other.log.createdAt));
  return bytesOf(`> ${since}\n\n${markdown}`);
}

/** Document contents by name; undefined if nothing is stored. */
const CONTENTS: Record<DocumentName, (document: LogDocument, needs: DocumentNeeds) => Promise<Uint8Array | undefined>> =
  {
    request: ({ ref }, needs) => bodyOf("request", ref, needs),
    response: ({ ref }, needs) => bodyOf("response", ref, needs),
    conversation: conversationOf,
    "request.compare": async ({ ref }, { recordings, read }) =>
      read("comparedRequest", (await recordings.get(ref)).exchange),
    "response.compare": async ({ ref }, { recordings, read }) =>
      read("comparedResponse", (await recordings.get(ref)).exchange),
  };

/** Recordings as read-only documents, for the editor's own find, folding, compare and save. */
export class LogDocuments extends MadeFiles {
  readonly #needs: DocumentNeeds;
  readonly #scheme: string;
  #made = new LRUCache<string, Promise<Uint8Array | undefined>>({ max: MADE });
  /** What is recorded does not change. */
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = () => new vscode.Disposable(() => undefined);

  constructor(needs: DocumentNeeds) {
    super();
    this.#needs = needs;
    this.#scheme = needs.scheme ?? SCHEME;
  }

  /** Clears the cache, for example after a sign-out. */
  clear(): void {
    this.#made = new LRUCache({ max: MADE });
  }

  /** Closes and forgets an account's documents, including comparisons. */
  async forget(sourceId: string): Promise<void> {
    this.clear();
    await closeTabs((uri) => uri.scheme === this.#scheme && accountsOf(uri).includes(sourceId));
  }

  /** Opens a log's conversation in an editor. */
  async openConversation(ref: LogRef): Promise<void> {
    // Reads first, to report the actual error instead of a missing file.
    await this.#needs.recordings.get(ref);
    await vscode.commands.executeCommand("vscode.open", uriOf({ ref, name: "conversation" }));
  }

  /** Returns a body's document URI. */
  uriOf(ref: LogRef, side: Side, body: StoredBody): vscode.Uri {
    return uriOf({ ref, name: side }, endingOf(body), this.#scheme);
  }

  /** Opens a body in an editor, or reports that there is none. */
  async open(ref: LogRef, side: Side): Promise<void> {
    const body = await this.#needs.bodies.get(ref, side);
    if (body) {
      await vscode.commands.executeCommand("vscode.open", this.uriOf(ref, side, body));
      return;
    }
    const none =
      side === "request"
        ? vscode.l10n.t("The gateway has stored no request for this log.")
        : vscode.l10n.t("The gateway has stored no response for this log.");
    void vscode.window.showInformationMessage(none);
  }

  /** Opens an audit log entry in an editor, as JSON. */
  async openEntry(ref: EntryRef): Promise<void> {
    await vscode.commands.executeCommand("vscode.open", entryUri(ref));
  }

  async #readEntry(ref: EntryRef): Promise<Uint8Array> {
    try {
      const { entryJson } = await import("../audit/core/copy.ts");
      return bytesOf(entryJson(await this.#needs.entries.get(ref)));
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(explain(error, this.#needs.format, AUDIT_PERMISSION).detail);
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const entry = entryAt(uri, this.#scheme);
    if (entry) return this.#readEntry(entry);
    const document = documentAt(uri, this.#scheme);
    if (!document) throw vscode.FileSystemError.FileNotFound(uri);
    let content: Uint8Array | undefined;
    try {
      content = await this.#make(uri.toString(), document);
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(explain(error, this.#needs.format).detail);
    }
    if (!content) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }

  #make(key: string, document: LogDocument): Promise<Uint8Array | undefined> {
    const made = this.#made;
    let content = made.get(key);
    if (!content) {
      content = CONTENTS[document.name](document, this.#needs);
      made.set(key, content);
      const letGo = (): boolean => made.delete(key);
      // Small documents are cheap to recreate, and may be of a log that is still being written.
      content.then((bytes) => (bytes?.byteLength ?? 0) <= SMALL && letGo(), letGo);
    }
    return content;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { byteLength } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: byteLength };
  }
}
