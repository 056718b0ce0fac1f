import * as vscode from "vscode";
import type { EntryRef } from "../audit/ref.ts";
import { bodyTextOf } from "../chat/body/body-bytes.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogRef } from "../cloudflare/schema.ts";

/** The scheme of what is recorded: `ai-gateway-log:/account/gateway/log/request.json`. */
export const SCHEME = "ai-gateway-log";

/** What a document shows of a log, and its name's ending where that is always the same. */
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

/** Bytes of a body that tell what kind of document it is. */
const TELLING = 64 * 1024;

/** The beginning of a body, up to the end of a character. */
function beginningOf(body: string | Uint8Array): string | Uint8Array {
  let end = TELLING;
  if (typeof body !== "string") while (((body[end] ?? 0) & 0xc0) === 0x80) end--;
  return body.slice(0, end);
}

/** The file name's ending, by what the body is, and for bytes by what the content type says. */
export function endingOf(stored: StoredBody): string {
  // The beginning of a compressed body may not be decompressed by itself.
  const text = bodyTextOf(beginningOf(stored.body)) ?? bodyTextOf(stored.body);
  if (text !== undefined) return /^\s*[{[]/.test(text) ? "json" : "txt";
  return MEDIA_ENDINGS.get(stored.contentType?.split(";")[0]?.trim().toLowerCase() ?? "") ?? "bin";
}

export type DocumentName = keyof typeof ENDINGS;

/** One document. `against`: the log that it is compared with, which its text may tell. */
export type LogDocument = { ref: LogRef; name: DocumentName; against?: LogRef };

const pathOf = ({ accountId, gatewayId, logId }: LogRef): string =>
  `/${[accountId, gatewayId, logId].map(encodeURIComponent).join("/")}`;

const refIn = (path: string): LogRef => {
  const [accountId = "", gatewayId = "", logId = ""] = path.split("/").slice(1, 4).map(decodeURIComponent);
  return { accountId, gatewayId, logId };
};

/** The address of a document; of a body the ending says what it is. */
export function uriOf(
  { ref, name, against }: LogDocument,
  ending: string = ENDINGS[name] ?? "json",
  scheme = SCHEME,
): vscode.Uri {
  const query = against ? pathOf(against) : "";
  return vscode.Uri.from({ scheme, path: `${pathOf(ref)}/${name}.${ending}`, query });
}

/** The document at an address of the scheme; undefined where there can be none. */
export function documentAt({ scheme, path, query }: vscode.Uri, wanted = SCHEME): LogDocument | undefined {
  const [, log = "", name = ""] = /^((?:\/[^/]+){3})\/([a-z.]+)\.\w+$/.exec(path) ?? [];
  if (scheme !== wanted || !Object.hasOwn(ENDINGS, name)) return undefined;
  return { ref: refIn(log), name: name as DocumentName, ...(query ? { against: refIn(query) } : {}) };
}

/** The accounts that a document tells of: its own, and that of the log it is compared with. */
export const accountsOf = ({ path, query }: vscode.Uri): string[] =>
  [path, query].filter((one) => one.startsWith("/")).map((one) => refIn(one).accountId);

/** The document of an entry of an account's audit log: `/account/audit/entry.json?time`. */
export const entryUri = ({ accountId, entryId, time }: EntryRef): vscode.Uri =>
  vscode.Uri.from({
    scheme: SCHEME,
    path: `/${encodeURIComponent(accountId)}/audit/${encodeURIComponent(entryId)}.json`,
    query: time,
  });

/** The entry of the audit log at an address of the scheme; undefined where there can be none. */
export function entryAt({ scheme, path, query }: vscode.Uri, wanted = SCHEME): EntryRef | undefined {
  const [, accountId, entryId] = /^\/([^/]+)\/audit\/([^/]+)\.json$/.exec(path) ?? [];
  if (scheme !== wanted || accountId === undefined || entryId === undefined || Number.isNaN(Date.parse(query)))
    return undefined;
  return { accountId: decodeURIComponent(accountId), entryId: decodeURIComponent(entryId), time: query };
}
