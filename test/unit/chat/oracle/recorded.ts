import type { Conversation } from "../../../../src/chat/conversation.ts";
import { readConversation } from "../../../../src/chat/read.ts";
import { type Body, type Recorded, bodyOf } from "../../../traffic.ts";

/** Reads a recorded exchange; `response` and its content type may replace the recorded ones. */
export function readRecorded(
  recorded: Recorded,
  response: Body = bodyOf(recorded.response, recorded.response_encoding),
  responseContentType: string = recorded.response_content_type,
): Conversation {
  return readConversation({
    provider: recorded.provider,
    path: recorded.path,
    model: recorded.model,
    statusCode: recorded.status,
    requestContentType: recorded.request_content_type,
    responseContentType,
    request: bodyOf(recorded.request, recorded.request_encoding),
    response,
  });
}

/**
 * Returns a `fetch` that answers every call with the recorded response. SDKs choose by content type, we don't; if none
 * was recorded, or with `contentType`, it differs from the recorded one.
 */
export function answering(recorded: Recorded, contentType = recorded.response_content_type): () => Promise<Response> {
  const type = contentType || (recorded.streaming ? "text/event-stream" : "application/json");
  const bytes = Buffer.from(bodyOf(recorded.response, recorded.response_encoding));
  return () => Promise.resolve(new Response(bytes, { status: recorded.status, headers: { "content-type": type } }));
}
