import { type Body, parseBody, unwrap } from "./body.ts";
import type { Conversation, Message, Part, ProviderError, RecordedExchange, Role } from "./conversation.ts";
import { readError } from "./errors.ts";
import { isRecord, listOf, present } from "./json.ts";
import { binaryPart } from "./media.ts";
import type { CallNames, Reader, Reply } from "./reader.ts";
import { anthropicMessages } from "./readers/anthropic-messages.ts";
import { openaiChat } from "./readers/openai-chat.ts";

/** The wire formats. Where only the shape of a body tells, the first that fits reads it. */
const READERS: readonly Reader[] = [anthropicMessages, openaiChat];

/**
 * What a recorded exchange says. The reader is found by the exchange's address first and the shape of its bodies
 * second (content types may be wrong); what no reader knows is kept whole, as an `unknown` part where it is JSON and
 * as text where it is not. Never throws, whatever the bodies hold, and takes time in proportion to their size.
 */
export function readConversation(exchange: RecordedExchange): Conversation {
  const request = parseBody(exchange.request, exchange.requestContentType);
  const stored = parseBody(exchange.response, exchange.responseContentType);
  const response = unwrap(stored);
  const reply = replyOf(response);
  const isFailed = exchange.statusCode !== undefined && exchange.statusCode >= 400;

  const path = exchange.path.split(/[?#]/, 1)[0]?.toLowerCase() ?? "";
  const served = READERS.find((reader) => reader.serves(exchange.provider, path));
  const responseReader = first(served).find((reader) => reader.fitsResponse(reply));
  const error = responseReader === undefined ? errorIn(response, reply, isFailed) : undefined;
  // Without an answer that says otherwise the request's shape alone may tell the format.
  const isSilent = error !== undefined || response.kind === "none" || response.kind === "text";
  const body = request.kind === "json" && isRecord(request.value) ? request.value : undefined;
  const requestReader =
    body === undefined
      ? undefined
      : ([served, responseReader].find((reader) => reader?.fitsRequest(body, true) === true) ??
        (isSilent ? READERS.find((reader) => reader.fitsRequest(body, false)) : undefined));

  const callNames: CallNames = new Map();
  const sent = body === undefined ? undefined : requestReader?.readRequest(body, callNames);
  const received = responseReader?.readResponse(reply, callNames) ?? {
    answers: error === undefined ? wholeBody(stored, "assistant", exchange.responseContentType) : [],
    complete: isWhole(response),
    ...present({ error }),
  };
  const model = sent?.model ?? received.model ?? exchange.model;
  return {
    format: (responseReader ?? requestReader ?? (isSilent ? served : undefined))?.format ?? "unknown",
    messages: sent?.messages ?? wholeBody(request, "user", exchange.requestContentType),
    tools: sent?.tools ?? [],
    settings: sent?.settings ?? {},
    ...received,
    ...present({ model }),
    complete: received.complete && isWhole(request),
  };
}

function first(reader: Reader | undefined): readonly Reader[] {
  return reader === undefined ? READERS : [reader, ...READERS.filter((other) => other !== reader)];
}

function replyOf(body: Body): Reply {
  if (body.kind === "stream") return { value: undefined, ...body.stream };
  const value = body.kind === "json" ? body.value : undefined;
  const chunks = isRecord(value) ? value.streamed_data : value;
  return { value, events: listOf(chunks).map((data) => ({ data })), done: false, cut: false };
}

function errorIn(response: Body, reply: Reply, isFailed: boolean): ProviderError | undefined {
  if (response.kind === "json") return readError(response.value, isFailed);
  if (response.kind === "stream") {
    const last = reply.events.findLast(({ data }) => readError(data, isFailed) !== undefined);
    return last === undefined ? undefined : readError(last.data, isFailed);
  }
  const isMessage = response.kind === "text" && isFailed && !response.cut && !/^\s*</.test(response.text);
  return isMessage ? { message: response.text } : undefined;
}

function isWhole(body: Body): boolean {
  if (body.kind === "none") return false;
  return body.kind === "stream" ? !body.stream.cut : body.kind !== "text" || !body.cut;
}

/** A body no reader knows, as the one message it makes up. */
function wholeBody(body: Body, role: Role, contentType: string | undefined): Message[] {
  if (body.kind === "none") return [];
  return [{ role, parts: [wholePart(body, contentType)] }];
}

function wholePart(body: Exclude<Body, { kind: "none" }>, contentType: string | undefined): Part {
  switch (body.kind) {
    case "json":
      return { type: "unknown", value: body.value };
    case "stream":
    case "text":
      return { type: "text", text: body.text };
    case "binary":
      return binaryPart(body.bytes, contentType);
    case "garbled":
      return { type: "unknown", value: { characters: body.characters, ...present({ contentType }) } };
  }
}
