import type { CollectionRef } from "../log.ts";
import { type Answer, gatewayError } from "../answers.ts";
import type { Metadata, NewLog } from "../log.ts";
import { type Inference, jsonOf, loggedStream } from "./call.ts";
import { newLogId } from "../ids.ts";
import { madeUp } from "./made-up.ts";
import { type Replay, replayAlike, replayOf } from "./replay.ts";
import type { LogStore } from "../store.ts";
import { bearer, type LocalToken, mayRun } from "../tokens.ts";

/** State shared by inference calls. */
export type InferencePlace = { store: LogStore; tokens: readonly LocalToken[]; now: () => number };

const refused = (status: number, code: number, message: string): Answer => ({
  status,
  json: gatewayError(code, message),
});

/** Returns the valid entries of `cf-aig-metadata`: strings, numbers and booleans (API notes: Limits). */
function metadataOf(header: string | undefined): Metadata | undefined {
  const entries = Object.entries(jsonOf(header ?? "") ?? {}).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Metadata);
}

/** Whether to log this call: the header overrides the gateway's setting (API notes: Headers). */
const isCollected = (collectLogs: unknown, header: string | undefined): boolean =>
  header === undefined ? collectLogs !== false : header === "true";

/**
 * Answers and logs a call through the gateway, `POST /v1/{account}/{gateway}/{provider}/{path}`, without contacting a
 * provider. A call with `resent_from` in its metadata gets that log's recorded response; another call gets that of the
 * newest similar log, or a small made-up answer of an OpenAI-compatible provider.
 */
export function infer({ store, tokens, now }: InferencePlace, call: Inference): Answer {
  const { sourceId, collectionId, headers } = call;
  const gateway = store.gateways(sourceId).find(({ id }) => id === collectionId);
  if (gateway === undefined) return refused(400, 2001, "Please configure AI Gateway in the Cloudflare dashboard");
  const token = bearer(tokens, headers["cf-aig-authorization"]);
  // Without authentication, the header is ignored even if it's wrong.
  if (gateway["authentication"] === true && (token === undefined || !mayRun(token, sourceId)))
    return refused(401, 2009, "Unauthorized");

  const startedAt = now();
  const metadata = metadataOf(headers["cf-aig-metadata"]);
  const replay =
    replayOf(store, call, metadata?.["resent_from"]) ?? replayAlike(store, call) ?? madeUp(call, new Date(startedAt));
  const id = newLogId(new Date(startedAt));
  const eventId = headers["cf-aig-event-id"] ?? id;
  const collected = isCollected(gateway["collect_logs"], headers["cf-aig-collect-log"]);
  if (collected) {
    store.insert([
      {
        ...newLog(call, replay, { sourceId, collectionId }),
        id,
        eventId,
        createdAt: new Date(startedAt),
        durationMs: Math.max(1, now() - startedAt),
        authentication: gateway["authentication"] === true,
        ...(metadata && { metadata }),
      },
    ]);
  }
  return {
    status: replay.status,
    bytes: call.streamed && !call.wantsUsage ? withoutUsage(replay.bytes) : replay.bytes,
    contentType: replay.contentType,
    headers: {
      ...(collected && { "cf-aig-log-id": id }),
      "cf-aig-request-id": id,
      "cf-aig-event-id": eventId,
      "cf-aig-cache-status": "MISS",
      "cf-aig-step": "0",
    },
  };
}

/** Drops the last chunk of a chat stream, which has no choices: a program that didn't request it may not expect it. */
function withoutUsage(stream: Uint8Array): Uint8Array {
  return Buffer.from(new TextDecoder().decode(stream).replace(/data: \{[^\r\n]*"choices":\[\][^\r\n]*\n\n/, ""));
}

/**
 * Returns a call's log; a streamed response is stored assembled, like the live gateway does
 * (API notes: Stored responses).
 */
function newLog(
  { provider, path, model, headers, body, isUnified }: Inference,
  { status, bytes, contentType, usage }: Replay,
  gateway: CollectionRef,
): Omit<NewLog, "createdAt" | "durationMs"> {
  const log = {
    ...gateway,
    ...usage,
    provider,
    path,
    ...(model !== undefined && { model }),
    success: status < 400,
    statusCode: status,
    step: 0,
    cached: false,
    compatibilityMode: isUnified,
    requestType: "universal",
    ...(headers["content-type"] !== undefined && { requestContentType: headers["content-type"] }),
    ...(headers["user-agent"] !== undefined && { userAgent: headers["user-agent"] }),
  };
  const stream = loggedStream(bytes, contentType);
  const responseContentType = stream === undefined ? contentType : "application/json";
  return {
    ...log,
    ...(responseContentType !== undefined && { responseContentType }),
    ...(headers["cf-aig-collect-log-payload"] !== "false" && { request: body, response: stream ?? bytes }),
  };
}
