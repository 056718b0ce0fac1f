import * as vscode from "vscode";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogRef } from "../cloudflare/schema.ts";
import { explain } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import type { Read } from "../reading/core/reader.ts";
import type { Bodies } from "../reading/bodies.ts";
import { MadeFiles } from "./files.ts";
import { closeTabs, urisOf } from "./open-tabs.ts";
import { accountsOf, documentAt, endingOf, uriOf } from "./uris.ts";

/** The scheme of requests to be sent again and their answers: `ai-gateway-resend:/account/gateway/log/request.json`. */
export const RESEND_SCHEME = "ai-gateway-resend";

type File = { bytes: Uint8Array; mtime: number };

/**
 * Requests that can be edited, one a log, and what came back for them. They are in memory only, as long as a tab shows them. A request
 * that is not there any more, as after a reload, is made again from the recorded one.
 */
export class RequestDrafts extends MadeFiles {
  readonly #scheme: string;
  readonly #bodies: Pick<Bodies, "get">;
  readonly #read: Read;
  readonly #format: Format;
  readonly #files = new Map<string, File>();
  /** How often something was forgotten: what was being read by then is not kept. */
  #forgotten = 0;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #tabs: vscode.Disposable;

  /** @param scheme under which they are registered with VS Code */
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

  /** The document of a log's request, as recorded unless it is being edited. */
  uriOf(ref: LogRef, recorded: StoredBody): vscode.Uri {
    return uriOf({ ref, name: "request" }, endingOf(recorded), this.#scheme);
  }

  /** Closes the requests and answers of an account, and forgets them. */
  async forget(accountId: string): Promise<void> {
    this.#forgotten++;
    const isMeant = (uri: vscode.Uri) => uri.scheme === this.#scheme && accountsOf(uri).includes(accountId);
    // VS Code would ask about what is edited. It is saved, which is to memory, where a restored one may not be yet.
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && isMeant(uri))) {
      const { path } = document.uri;
      if (!this.#files.has(path)) this.#files.set(path, { bytes: Buffer.from(document.getText()), mtime: 0 });
      await document.save();
    }
    await closeTabs(isMeant);
    for (const path of this.#files.keys())
      if (isMeant(vscode.Uri.from({ scheme: this.#scheme, path }))) this.#files.delete(path);
  }

  /** The log whose request a document is, if it is one. */
  refOf(uri: vscode.Uri): LogRef | undefined {
    const document = documentAt(uri, this.#scheme);
    return document?.name === "request" ? document.ref : undefined;
  }

  /** Keeps what came back for a log's request, laid out as the recorded one is, in place of the answer before. */
  async putAnswer(ref: LogRef, answer: StoredBody): Promise<vscode.Uri> {
    const uri = uriOf({ ref, name: "response" }, endingOf(answer), this.#scheme);
    this.#put(uri, await this.#read("document", answer.body));
    return uri;
  }

  #put(uri: vscode.Uri, bytes: Uint8Array): void {
    const before = this.#files.get(uri.path)?.mtime ?? 0;
    // Later than before, also within the same millisecond: VS Code reads again what is newer.
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
    // Older than anything: what VS Code has kept of it over a reload is never out of date.
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
