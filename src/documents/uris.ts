import * as vscode from "vscode";
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

export type DocumentName = keyof typeof ENDINGS;

/** One document. `against`: the log that it is compared with, which its text may tell. */
export type LogDocument = { ref: LogRef; name: DocumentName; against?: LogRef };

const pathOf = ({ accountId, gatewayId, logId }: LogRef): string =>
  `/${[accountId, gatewayId, logId].map(encodeURIComponent).join("/")}`;

const refIn = (path: string): LogRef => {
  const [accountId = "", gatewayId = "", logId = ""] = path.split("/").slice(1, 4).map(decodeURIComponent);
  return { accountId, gatewayId, logId };
};

/** The address of a document; of a recorded body the ending says what it is. */
export function uriOf({ ref, name, against }: LogDocument, ending: string = ENDINGS[name] ?? "json"): vscode.Uri {
  const query = against ? pathOf(against) : "";
  return vscode.Uri.from({ scheme: SCHEME, path: `${pathOf(ref)}/${name}.${ending}`, query });
}

/** The document at an address; undefined where there can be none. */
export function documentAt({ scheme, path, query }: vscode.Uri): LogDocument | undefined {
  const [, log = "", name = ""] = /^((?:\/[^/]+){3})\/([a-z.]+)\.\w+$/.exec(path) ?? [];
  if (scheme !== SCHEME || !Object.hasOwn(ENDINGS, name)) return undefined;
  return { ref: refIn(log), name: name as DocumentName, ...(query ? { against: refIn(query) } : {}) };
}
