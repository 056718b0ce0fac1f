import { redactValue } from "../chat/redact/redact.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import { NAMES } from "../sources/cloudflare/names.ts";
import { bodyText, type BodyText } from "./body-text.ts";
import type { ExportFormat } from "./format.ts";
import { jsonLine } from "./json-lines.ts";
import { redactLog, rowOf } from "./row.ts";

const NOT_STORED = "The body is not stored.";

const sizeOf = (body: string | Uint8Array | null): number => (body === null ? -1 : Buffer.byteLength(body));

const headersOf = (contentType: string | undefined): object[] =>
  contentType === undefined ? [] : [{ name: "content-type", value: contentType }];

const typesOf = ({
  requestContentType,
  responseContentType,
}: Pick<Log, "requestContentType" | "responseContentType">) => ({
  requestContentType,
  responseContentType,
});

function contentOf(body: BodyText | null, size: number, mimeType: string): object {
  if (!body) return { size: 0, mimeType, comment: NOT_STORED };
  return { size, mimeType, text: body.text, ...(body.encoding === "base64" ? { encoding: "base64" } : {}) };
}

/** Returns a call's address at its gateway; "" for a log of another service, which doesn't tell it. */
function urlOf({ sourceId, collectionId }: CollectionRef, { endpoint, check, provider, path }: Log): string {
  if (endpoint !== undefined || check) return "";
  return `https://${NAMES.host}/v1/${sourceId}/${collectionId}/${provider}/${path.replace(/^\/+/, "")}`;
}

/**
 * An HTTP archive (HAR 1.2), one entry per line: the calls to the gateway. Unknown fields have the format's defaults
 * (-1, "", none), and the method is POST; everything else is under `_log`, as the columns of `rowOf`.
 */
export const har: ExportFormat = {
  ending: ".har",
  bodies: "always",
  head: '{"log":{"version":"1.2","creator":{"name":"AI Gateway Logs","version":"1"},"entries":[\n',
  between: ",\n",
  foot: "\n]}}\n",
  entry({ gateway, log: given, exchange }, redaction) {
    const log = redactLog(given, redaction);
    const [request, response] = [exchange?.request ?? null, exchange?.response ?? null];
    const [sent, received] = [bodyText(request, redaction), bodyText(response, redaction)];
    const query = log.path.split("?").slice(1).join("?");
    const types = typesOf(exchange ?? given);
    const { requestContentType, responseContentType } = redaction ? redactValue(types, redaction) : types;
    const time = log.durationMs ?? 0;
    const http = { httpVersion: "HTTP/1.1", cookies: [], headersSize: -1 };
    return jsonLine({
      startedDateTime: log.createdAt.toISOString(),
      time,
      request: {
        ...http,
        method: "POST",
        url: urlOf(gateway, log),
        headers: headersOf(requestContentType),
        queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
        ...(sent
          ? {
              postData: {
                mimeType: requestContentType ?? "",
                text: sent.text,
                ...(sent.encoding === "base64" ? { _encoding: "base64" } : {}),
              },
            }
          : { comment: NOT_STORED }),
        bodySize: sizeOf(request),
      },
      response: {
        ...http,
        status: log.statusCode ?? 0,
        statusText: "",
        headers: headersOf(responseContentType),
        content: contentOf(received, Math.max(0, sizeOf(response)), responseContentType ?? ""),
        redirectURL: "",
        bodySize: sizeOf(response),
      },
      cache: {},
      timings: { send: 0, wait: time, receive: 0 },
      _log: rowOf(gateway, log),
    }).trimEnd();
  },
};
