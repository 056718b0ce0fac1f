import * as vscode from "vscode";
import { textOf } from "../chat/utf8.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogRef, Side } from "../cloudflare/schema.ts";
import { explain } from "../explain.ts";
import type { Format } from "../logs/format.ts";
import type { Bodies } from "./bodies.ts";
import type { Read } from "../panel/reading.ts";

/** The scheme of recorded bodies: `ai-gateway-log:/account/gateway/log/request.json`. */
export const SCHEME = "ai-gateway-log";

const ENDINGS = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/webp", "webp"],
  ["image/gif", "gif"],
  ["audio/mpeg", "mp3"],
  ["audio/wav", "wav"],
  ["audio/ogg", "ogg"],
  ["video/mp4", "mp4"],
  ["application/pdf", "pdf"],
]);

/** The file name's ending, by what the body is, and for bytes by what the content type says. */
function endingOf(stored: StoredBody): string {
  const text = textOf(stored.body);
  if (text !== undefined) return /^\s*[{[]/.test(text) ? "json" : "txt";
  return ENDINGS.get(stored.contentType?.split(";")[0]?.trim().toLowerCase() ?? "") ?? "bin";
}

const uriOf = (ref: LogRef, side: Side, ending: string): vscode.Uri =>
  vscode.Uri.from({
    scheme: SCHEME,
    path: `/${[ref.accountId, ref.gatewayId, ref.logId].map(encodeURIComponent).join("/")}/${side}.${ending}`,
  });

function parseUri(uri: vscode.Uri): { ref: LogRef; side: Side } | undefined {
  const match = /^\/([^/]+)\/([^/]+)\/([^/]+)\/(request|response)\.\w+$/.exec(uri.path);
  if (!match) return undefined;
  const [accountId = "", gatewayId = "", logId = ""] = match.slice(1, 4).map(decodeURIComponent);
  return { ref: { accountId, gatewayId, logId }, side: match[4] as Side };
}

/** Recorded bodies as read-only documents, so that the editor's own find, folding, compare and save work on them. */
export class BodyDocuments implements vscode.FileSystemProvider {
  readonly #bodies: Pick<Bodies, "get">;
  readonly #read: Read;
  readonly #format: Format;
  /** What was laid out last: VS Code asks for a size before it reads, and compares two at a time. */
  readonly #laidOut = new Map<string, Promise<Uint8Array>>();
  /** Recorded bodies do not change. */
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = () => new vscode.Disposable(() => undefined);

  constructor(bodies: Pick<Bodies, "get">, read: Read, format: Format) {
    this.#bodies = bodies;
    this.#read = read;
    this.#format = format;
  }

  /** Opens a body in an editor; tells when there is none. */
  async open(ref: LogRef, side: Side): Promise<void> {
    const body = await this.#bodies.get(ref, side);
    if (body) {
      await vscode.commands.executeCommand("vscode.open", uriOf(ref, side, endingOf(body)));
      return;
    }
    const none =
      side === "request"
        ? vscode.l10n.t("The gateway has stored no request for this log.")
        : vscode.l10n.t("The gateway has stored no response for this log.");
    void vscode.window.showInformationMessage(none);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const parsed = parseUri(uri);
    if (!parsed) throw vscode.FileSystemError.FileNotFound(uri);
    let stored: StoredBody | undefined;
    try {
      stored = await this.#bodies.get(parsed.ref, parsed.side);
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(explain(error, this.#format).detail);
    }
    if (!stored) throw vscode.FileSystemError.FileNotFound(uri);
    return this.#layOut(uri.path, stored.body);
  }

  /** A body as its document has it; large ones are not laid out again for the same two documents. */
  #layOut(path: string, body: StoredBody["body"]): Promise<Uint8Array> {
    let laidOut = this.#laidOut.get(path);
    if (!laidOut) {
      laidOut = this.#read("document", body);
      laidOut.catch(() => this.#laidOut.delete(path));
      this.#laidOut.set(path, laidOut);
      const [oldest] = this.#laidOut.keys();
      if (this.#laidOut.size > 2 && oldest !== undefined) this.#laidOut.delete(oldest);
    }
    return laidOut;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { byteLength } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: byteLength };
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
