import * as vscode from "vscode";
import type { EntryRef } from "../audit/ref.ts";
import { bodyTextOf } from "../chat/body/body-bytes.ts";
import type { StoredBody } from "../source/source.ts";
import type { LogRef } from "../source/log.ts";

/** Scheme of recordings: `ai-gateway-log:/account/gateway/log/request.json`. */
export const SCHEME = "ai-gateway-log";

/** Document names, with the extension if it's fixed. */
const ENDINGS = {
  request: undefined,
  response: undefined,
  conversation: "md",
  "request.compare": "json",
  "response.compare": "json",
} as const;

const MEDIA_ENDINGS = new Map([
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

/** Bytes of a body that determine its kind of document. */
const TELLING = 64 * 1024;

/** Returns the beginning of a body, up to a whole character. */
function beginningOf(body: string | Uint8Array): string | Uint8Array {
  let end = TELLING;
  if (typeof body !== "string") while (((body[end] ?? 0) & 0xc0) === 0x80) end--;
  return body.slice(0, end);
}

/** Returns the file extension by a body's content, or for bytes by its content type. */
export function endingOf(stored: StoredBody): string {
  // The beginning of a compressed body may not decompress by itself.
  const text = bodyTextOf(beginningOf(stored.body)) ?? bodyTextOf(stored.body);
  if (text !== undefined) return /^\s*[{[]/.test(text) ? "json" : "txt";
  return MEDIA_ENDINGS.get(stored.contentType?.split(";")[0]?.trim().toLowerCase() ?? "") ?? "bin";
}

export type DocumentName = keyof typeof ENDINGS;

/** A document. `against`: the log it's compared with, if its text depends on it. */
export type LogDocument = { ref: LogRef; name: DocumentName; against?: LogRef };

const pathOf = ({ sourceId, collectionId, logId }: LogRef): string =>
  `/${[sourceId, collectionId, logId].map(encodeURIComponent).join("/")}`;

const refIn = (path: string): LogRef => {
  const [sourceId = "", collectionId = "", logId = ""] = path.split("/").slice(1, 4).map(decodeURIComponent);
  return { sourceId, collectionId, logId };
};

/** Returns a document's URI; a body's extension shows its kind. */
export function uriOf(
  { ref, name, against }: LogDocument,
  ending: string = ENDINGS[name] ?? "json",
  scheme = SCHEME,
): vscode.Uri {
  const query = against ? pathOf(against) : "";
  return vscode.Uri.from({ scheme, path: `${pathOf(ref)}/${name}.${ending}`, query });
}

/** Parses a document's URI; undefined if it's invalid. */
export function documentAt({ scheme, path, query }: vscode.Uri, wanted = SCHEME): LogDocument | undefined {
  const [, log = "", name = ""] = /^((?:\/[^/]+){3})\/([a-z.]+)\.\w+$/.exec(path) ?? [];
  if (scheme !== wanted || !Object.hasOwn(ENDINGS, name)) return undefined;
  return { ref: refIn(log), name: name as DocumentName, ...(query ? { against: refIn(query) } : {}) };
}

/** Returns the accounts in a document: its own, and that of the log it's compared with. */
export const accountsOf = ({ path, query }: vscode.Uri): string[] =>
  [path, query].filter((one) => one.startsWith("/")).map((one) => refIn(one).sourceId);

/** Returns the document of an audit log entry: `/account/audit/entry.json?time`. */
export const entryUri = ({ sourceId, entryId, time }: EntryRef): vscode.Uri =>
  vscode.Uri.from({
    scheme: SCHEME,
    path: `/${encodeURIComponent(sourceId)}/audit/${encodeURIComponent(entryId)}.json`,
    query: time,
  });

/** Parses the URI of an audit log entry; undefined if it's invalid. */
export function entryAt({ scheme, path, query }: vscode.Uri, wanted = SCHEME): EntryRef | undefined {
  const [, sourceId, entryId] = /^\/([^/]+)\/audit\/([^/]+)\.json$/.exec(path) ?? [];
  if (scheme !== wanted || sourceId === undefined || entryId === undefined || Number.isNaN(Date.parse(query)))
    return undefined;
  return { sourceId: decodeURIComponent(sourceId), entryId: decodeURIComponent(entryId), time: query };
}
