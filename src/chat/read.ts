import { type Body, parseBody, unwrap } from "./body.ts";
import type { Conversation, Message, Part, ProviderError, RecordedExchange, Role } from "./conversation.ts";
import { readError } from "./errors.ts";
import { type JsonRecord, isRecord, listOf, present } from "./json.ts";
import { binaryPart } from "./media.ts";
import type { Context, Reader, Reply, RequestReading, ResponseReading } from "./reader.ts";
import { anthropicMessages } from "./readers/anthropic-messages.ts";
import { openaiChat } from "./readers/openai-chat.ts";
import { type Universal, readUniversal } from "./universal.ts";

/** The wire formats. Where only the shape of a body tells, the first that fits reads it. */
const READERS: readonly Reader[] = [anthropicMessages, openaiChat];

/**
 * What a recorded exchange says. The reader is found by the exchange's address first and the shape of its bodies
 * second (content types may be wrong); what no reader knows is kept whole, as an `unknown` part where it is JSON and
 * as text where it is not. Never throws, whatever the bodies hold, and takes time in proportion to their size.
 */
export function readConversation(exchange: RecordedExchange): Conversation {
  const sent = parseBody(exchange.request, exchange.requestContentType);
  const stored = parseBody(exchange.response, exchange.responseContentType);
  const universal = sent.kind === "json" ? readUniversal(sent.value, exchange) : undefined;
  const request = universal === undefined ? sent : queryOf(universal, sent);
  const response = unwrap(stored);
  const reply = replyOf(response);
  const isFailed = exchange.statusCode !== undefined && exchange.statusCode >= 400;

  const provider = universal?.shown.provider ?? exchange.provider;
  const path = (universal?.shown.path ?? exchange.path).split(/[?#]/, 1)[0]?.toLowerCase() ?? "";
  const served = READERS.find((reader) => reader.serves(provider, path));
  const responseReader = first(served).find((reader) => reader.fitsResponse(reply, reader === served));
  const error = errorIn(response, reply, responseReader === undefined && isFailed);
  // Without an answer that says otherwise the request's shape alone may tell the format.
  const isSilent = responseReader === undefined && (error !== undefined || response.kind !== "json");
  const body = request.kind === "json" && isRecord(request.value) ? request.value : undefined;
  const requestReader = body && requestReaderOf(body, served, responseReader, isSilent);

  const context: Context = { callNames: new Map(), provider, path, ...present({ request: body }) };
  const asked: RequestReading | undefined = body && requestReader?.readRequest(body, context);
  const received: ResponseReading = responseReader?.readResponse(reply, context) ?? {
    answers:
      error === undefined || reply.events.length > 1
        ? wholeBody(stored, "assistant", exchange.responseContentType)
        : [],
    complete: true,
  };
  const model = asked?.model ?? received.model ?? exchange.model;
  const around = response.kind === "json" ? response.around : undefined;
  return {
    format: (responseReader ?? requestReader ?? (isSilent ? served : undefined))?.format ?? "unknown",
    messages: asked?.messages ?? wholeBody(request, "user", exchange.requestContentType),
    tools: asked?.tools ?? [],
    settings: asked?.settings ?? {},
    ...present({ error }),
    ...received,
    ...present({
      model,
      steps: universal?.steps,
      envelope: around === undefined ? received.envelope : { ...around, ...received.envelope },
    }),
    complete: received.complete && isWhole(response) && isWhole(request),
  };
}

function requestReaderOf(
  body: JsonRecord,
  served: Reader | undefined,
  responseReader: Reader | undefined,
  isSilent: boolean,
): Reader | undefined {
  const expected = [served, responseReader].find((reader) => reader?.fitsRequest(body, true) === true);
  return expected ?? (isSilent ? READERS.find((reader) => reader.fitsRequest(body, false)) : undefined);
}

function queryOf({ shown }: Universal, body: Body): Body {
  const cut = body.kind === "json" && body.cut;
  return { kind: "json", value: isRecord(shown.request) ? shown.request.query : undefined, cut };
}

function first(reader: Reader | undefined): readonly Reader[] {
  return reader === undefined ? READERS : [reader, ...READERS.filter((other) => other !== reader)];
}

function replyOf(body: Body): Reply {
  if (body.kind === "stream") return { value: undefined, ...body.stream };
  const value = body.kind === "json" ? body.value : undefined;
  const chunks = isRecord(value) ? value.streamed_data : value;
  const cut = body.kind === "json" && body.cut;
  return { value, events: listOf(chunks).map((data) => ({ data })), done: false, cut };
}

function errorIn(response: Body, reply: Reply, isFailed: boolean): ProviderError | undefined {
  if (response.kind === "json") return readError(response.value, isFailed);
  if (response.kind === "stream") {
    const last = reply.events.findLast(({ data }) => readError(data, isFailed) !== undefined);
    return last === undefined ? undefined : readError(last.data, isFailed);
  }
  const isMessage = response.kind === "text" && isFailed && !/^\s*</.test(response.text);
  return isMessage ? { message: response.text } : undefined;
}

function isWhole(body: Body): boolean {
  if (body.kind === "none") return false;
  return body.kind === "stream" ? !body.stream.cut : body.kind !== "json" || !body.cut;
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
      return body.text === undefined
        ? { type: "unknown", value: body.stream.events }
        : { type: "text", text: body.text };
    case "text":
      return { type: "text", text: body.text };
    case "binary":
      return binaryPart(body.bytes, contentType);
    case "garbled":
      return { type: "unknown", value: { characters: body.characters, ...present({ contentType }) } };
  }
}
