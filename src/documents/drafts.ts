import * as vscode from "vscode";
import type { StoredBody } from "../source/source.ts";
import type { LogRef } from "../source/log.ts";
import { explain } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import type { Read } from "../reading/core/reader.ts";
import type { Bodies } from "../reading/bodies.ts";
import { MadeFiles } from "./files.ts";
import { closeTabs, urisOf } from "./open-tabs.ts";
import { accountsOf, documentAt, endingOf, uriOf } from "./uris.ts";

/** Scheme of requests to resend and their responses: `ai-gateway-resend:/account/gateway/log/request.json`. */
export const RESEND_SCHEME = "ai-gateway-resend";

type File = { bytes: Uint8Array; mtime: number };

/**
 * Editable requests, one per log, and their responses. They exist only in memory while a tab shows them. A missing
 * request, as after a reload, is recreated from the recorded one.
 */
export class RequestDrafts extends MadeFiles {
  readonly #scheme: string;
  readonly #bodies: Pick<Bodies, "get">;
  readonly #read: Read;
  readonly #format: Format;
  readonly #files = new Map<string, File>();
  /** Incremented when an account is forgotten: reads that started earlier are dropped. */
  #forgotten = 0;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #tabs: vscode.Disposable;

  /** @param scheme of their registration with VS Code */
  constructor(bodies: Pick<Bodies, "get">, read: Read, format: Format, scheme = RESEND_SCHEME) {
    super();
    this.#scheme = scheme;
    this.#bodies = bodies;
    this.#read = read;
    this.#format = format;
    this.#tabs = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      const shown = new Set(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(urisOf)).map(String));
      for (const uri of closed.flatMap(urisOf))
        if (uri.scheme === scheme && !shown.has(uri.toString())) this.#files.delete(uri.path);
    });
  }

  /** Returns the document of a log's request: as recorded, or as edited. */
  uriOf(ref: LogRef, recorded: StoredBody): vscode.Uri {
    return uriOf({ ref, name: "request" }, endingOf(recorded), this.#scheme);
  }

  /** Closes and forgets an account's requests and responses. */
  async forget(sourceId: string): Promise<void> {
    this.#forgotten++;
    const isMeant = (uri: vscode.Uri) => uri.scheme === this.#scheme && accountsOf(uri).includes(sourceId);
    // VS Code would ask about unsaved edits. Saving only writes to memory, and a restored one may not be there yet.
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && isMeant(uri))) {
      const { path } = document.uri;
      if (!this.#files.has(path)) this.#files.set(path, { bytes: Buffer.from(document.getText()), mtime: 0 });
      await document.save();
    }
    await closeTabs(isMeant);
    for (const path of this.#files.keys())
      if (isMeant(vscode.Uri.from({ scheme: this.#scheme, path }))) this.#files.delete(path);
  }

  /** Returns the log of a request document; undefined for other documents. */
  refOf(uri: vscode.Uri): LogRef | undefined {
    const document = documentAt(uri, this.#scheme);
    return document?.name === "request" ? document.ref : undefined;
  }

  /** Replaces the response to a log's request, formatted like the recorded one. */
  async putAnswer(ref: LogRef, answer: StoredBody): Promise<vscode.Uri> {
    const uri = uriOf({ ref, name: "response" }, endingOf(answer), this.#scheme);
    this.#put(uri, await this.#read("document", answer.body));
    return uri;
  }

  #put(uri: vscode.Uri, bytes: Uint8Array): void {
    const before = this.#files.get(uri.path)?.mtime ?? 0;
    // Later than before, even within a millisecond, because VS Code rereads only newer files.
    this.#files.set(uri.path, { bytes, mtime: Math.max(Date.now(), before + 1) });
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async #file(uri: vscode.Uri): Promise<File> {
    const file = this.#files.get(uri.path);
    if (file) return file;
    const ref = this.refOf(uri);
    if (!ref) throw vscode.FileSystemError.FileNotFound(uri);
    const forgotten = this.#forgotten;
    let recorded: StoredBody | undefined;
    try {
      recorded = await this.#bodies.get(ref, "request");
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(explain(error, this.#format).detail);
    }
    if (!recorded) throw vscode.FileSystemError.FileNotFound(uri);
    // The oldest time, so that VS Code's own copy from before a reload is never stale.
    const made: File = { bytes: await this.#read("document", recorded.body), mtime: 0 };
    const meanwhile = this.#files.get(uri.path);
    if (!meanwhile && forgotten === this.#forgotten) this.#files.set(uri.path, made);
    return meanwhile ?? made;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#file(uri)).bytes;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, mtime } = await this.#file(uri);
    const readonly = this.refOf(uri) ? {} : { permissions: vscode.FilePermission.Readonly };
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes.byteLength, ...readonly };
  }

  override writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    if (!this.refOf(uri)) throw vscode.FileSystemError.NoPermissions(uri);
    this.#put(uri, bytes);
  }

  dispose(): void {
    this.#tabs.dispose();
    this.#changed.dispose();
  }
}
