import * as vscode from "vscode";
import type { RecordedExchange } from "../chat/conversation.ts";
import type { Format } from "../logs/format.ts";
import type { LogDetail } from "../source/log.ts";
import type { Reading } from "../reading/content.ts";
import { pack, type Packed } from "../reading/core/packed.ts";
import type { SentContent, ViewName } from "./protocol.ts";
import type { RawBody } from "../reading/core/body-state.ts";
import type { Read } from "../reading/core/reader.ts";

/** Returns a body as text, or a description of binary content. */
async function rawBody(
  body: RecordedExchange["request"],
  contentType: string | undefined,
  read: Read,
  format: Format,
  signal: AbortSignal,
): Promise<Packed<RawBody> | undefined> {
  if (body === null) return undefined;
  const text = await read("shownBody", body, signal);
  if (text) return text;
  const kind = contentType ?? vscode.l10n.t("no content type");
  return pack({ text: vscode.l10n.t("This body isn't text: {0}, {1}.", kind, format.size(body.length)), cut: false });
}

/** Returns a log as its source gives it, as JSON: also what isn't recognized. */
function fieldsOf({ raw }: Pick<LogDetail, "raw">): string {
  try {
    return JSON.stringify(raw);
  } catch {
    return vscode.l10n.t("The fields are nested too deeply to be shown.");
  }
}

/** Returns a reading's content for the page; creates only what the chosen view shows. */
export async function contentOf(
  { log, exchange, conversation, request, response }: Reading,
  view: ViewName,
  read: Read,
  format: Format,
  signal: AbortSignal,
): Promise<SentContent> {
  const content: SentContent = { conversation: conversation.packed, request, response };
  if (view === "conversation") return content;
  if (view === "markdown") return { ...content, markdown: await read("shownMarkdown", exchange, signal) };
  const [rawRequest, rawResponse, fields] = await Promise.all([
    rawBody(exchange.request, exchange.requestContentType, read, format, signal),
    rawBody(exchange.response, exchange.responseContentType, read, format, signal),
    read("shownBody", fieldsOf(log), signal),
  ]);
  return { ...content, raw: { request: rawRequest, response: rawResponse, fields } };
}
