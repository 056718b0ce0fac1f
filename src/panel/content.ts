import * as vscode from "vscode";
import type { RecordedExchange } from "../chat/conversation.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { BodyHead, LogDetail, LogRef, Side } from "../cloudflare/schema.ts";
import type { Bodies } from "../documents/bodies.ts";
import { explain } from "../explain.ts";
import type { Format } from "../logs/format.ts";
import type { BodyState, LogContent } from "./protocol.ts";
import type { ReadExchange } from "./reading.ts";

type Read = { body: StoredBody | undefined; state: BodyState };

function withoutBody(side: Side): BodyState {
  const note =
    side === "request"
      ? vscode.l10n.t(
          "The gateway has stored no request. Either the call asked for that (cf-aig-collect-log-payload: false), or it was over 10 MB, or it is still being written.",
        )
      : vscode.l10n.t(
          "The gateway has stored no response. Either the call asked for that (cf-aig-collect-log-payload: false), or it was over 10 MB, or it is still being written.",
        );
  return { stored: false, note };
}

/** One side's body: from the detail while it is whole there, else by a call of its own. */
async function readSide(
  ref: LogRef,
  side: Side,
  head: BodyHead,
  contentType: string | undefined,
  bodies: Bodies,
  format: Format,
  signal: AbortSignal,
): Promise<Read> {
  if (head.complete && head.head !== undefined) {
    const body = { body: head.head, ...(contentType ? { contentType } : {}) };
    bodies.keep(ref, side, body);
    return { body, state: { stored: true } };
  }
  try {
    const body = await bodies.get(ref, side, signal);
    return body ? { body, state: { stored: true } } : { body, state: withoutBody(side) };
  } catch (error) {
    if (isAborted(error)) throw error;
    return { body: undefined, state: { stored: true, note: explain(error, format).detail } };
  }
}

/** Reads a log whole: the detail, then what it does not hold of the bodies, in parallel; and what they say. */
export async function readContent(
  ref: LogRef,
  client: Pick<CloudflareClient, "getLog">,
  bodies: Bodies,
  readExchange: ReadExchange,
  format: Format,
  signal: AbortSignal,
): Promise<{ log: LogDetail; content: LogContent }> {
  const log = await client.getLog(ref, { signal });
  const [request, response] = await Promise.all([
    readSide(ref, "request", log.request, log.requestContentType, bodies, format, signal),
    readSide(ref, "response", log.response, log.responseContentType, bodies, format, signal),
  ]);
  const requestContentType = request.body?.contentType ?? log.requestContentType;
  const responseContentType = response.body?.contentType ?? log.responseContentType;
  const exchange: RecordedExchange = {
    provider: log.provider,
    path: log.path,
    request: request.body?.body ?? null,
    response: response.body?.body ?? null,
    ...(log.model === undefined ? {} : { model: log.model }),
    ...(log.statusCode === undefined ? {} : { statusCode: log.statusCode }),
    ...(requestContentType === undefined ? {} : { requestContentType }),
    ...(responseContentType === undefined ? {} : { responseContentType }),
  };
  const read = await readExchange(exchange, signal);
  return { log, content: { ...read, request: request.state, response: response.state } };
}
