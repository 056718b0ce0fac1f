import { binaryPart } from "./body/binary-part.ts";
import { type Body, parseBody, unwrap } from "./body/body.ts";
import type { Conversation, Message, Part, ProviderError, RecordedExchange, Role } from "./conversation.ts";
import { readError } from "./errors.ts";
import { keepSpelling } from "./json/exact-number.ts";
import { type JsonRecord, isRecord, listOf, present, recordOf, restOf } from "./json/json.ts";
import type { Context, Reader, Reply, RequestReading, ResponseReading } from "./reader.ts";
import { countedByBedrock } from "./readers/bedrock/invocation.ts";
import { READERS } from "./readers/index.ts";
import { unwrapSocket } from "./stream/socket.ts";
import type { StreamEvent } from "./stream/events.ts";
import { type Universal, readUniversal } from "./universal.ts";

const NONE: ReadonlySet<string> = new Set();

/**
 * Reads a recorded exchange. Finds the reader by the exchange's address first and the shape of its bodies second
 * (content types may be wrong); keeps what no reader knows, as an `unknown` part if it's JSON and as text if not. Never
 * throws; takes linear time.
 */
export function readConversation(exchange: RecordedExchange): Conversation {
  const sent = parseBody(exchange.request, exchange.requestContentType);
  const stored = parseBody(exchange.response, exchange.responseContentType);
  const universal = sent.kind === "json" ? readUniversal(sent.value, exchange) : undefined;
  const request = universal === undefined ? sent : queryOf(universal, sent);
  const response = unwrap(unwrapSocket(stored));
  const reply = replyOf(response);
  const isFailed = exchange.statusCode !== undefined && exchange.statusCode >= 400;

  const provider = universal?.shown.provider ?? exchange.provider;
  const path = (universal?.shown.path ?? exchange.path).split(/[?#]/, 1)[0]?.toLowerCase() ?? "";
  const served = READERS.find((reader) => reader.serves(provider, path));
  const responseReader = first(served).find((reader) => reader.fitsResponse(reply, reader === served));
  const error = errorIn(response, reply, responseReader === undefined && isFailed);
  // Without an answer, the request's shape alone may decide the format.
  const isSilent = responseReader === undefined && (error !== undefined || response.kind !== "json");
  const body = requestOf(request);
  const requestReader = body && requestReaderOf(body, served, responseReader, isSilent);

  const context: Context = { callNames: new Map(), provider, path, ...present({ request: body }) };
  const asked: RequestReading | undefined = body && requestReader?.readRequest(body, context);
  // A truncated object may not show its format yet; the address does.
  const isBegun = response.kind === "json" && response.cut && responseReader === undefined && error === undefined;
  const beginning = isBegun ? recordOf(response.value) : undefined;
  const begun = beginning && served?.readResponse(reply, context);
  const reading =
    responseReader?.readResponse(reply, context) ??
    (beginning && begun && !isSaying(begun)
      ? { ...begun, ...present({ envelope: restOf(beginning, NONE) }) }
      : undefined);
  const received: ResponseReading = reading ?? {
    answers:
      error === undefined || reply.events.length > 1
        ? wholeBody(stored, "assistant", exchange.responseContentType)
        : [],
    complete: true,
  };
  const address = universal?.shown.path ?? exchange.path;
  const model = asked?.model ?? received.model ?? exchange.model ?? served?.modelIn?.(address);
  const around = "around" in response ? response.around : undefined;
  return {
    format:
      (responseReader ?? requestReader ?? (isSilent || reading !== undefined ? served : undefined))?.format ??
      "unknown",
    messages: asked?.messages ?? wholeBody(request, "user", exchange.requestContentType),
    tools: asked?.tools ?? [],
    // Readers build settings field by field, which would lose the spelling of numbers.
    settings: asked && body ? keepSpelling(body, asked.settings) : {},
    ...present({ error }),
    ...received,
    ...present({
      model,
      usage: received.usage ?? countedByBedrock(received.envelope),
      steps: universal?.steps,
      envelope: around === undefined ? received.envelope : { ...around, ...received.envelope },
    }),
    complete: received.complete && isWhole(response) && isWhole(request),
    ...present({ replaced: replacedIn(sent, stored) }),
  };
}

function replacedIn(sent: Body, stored: Body): Conversation["replaced"] {
  const request = sent.replaced ? (["request"] as const) : [];
  const response = stored.replaced ? (["response"] as const) : [];
  return request.length + response.length === 0 ? undefined : [...request, ...response];
}

function isSaying(reading: ResponseReading | undefined): boolean {
  return reading?.answers.some(({ parts }) => parts.length > 0) === true;
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

// A request of events, in lines or an array, has the form in which the gateway stores a stream.
function requestOf(body: Body): JsonRecord | undefined {
  if (body.kind === "stream") return { streamed_data: body.stream.events.map(({ data }) => data) };
  if (body.kind !== "json") return undefined;
  return Array.isArray(body.value) ? { streamed_data: body.value } : recordOf(body.value);
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
  const chunks = listOf(isRecord(value) ? value.streamed_data : value);
  const cut = body.kind === "json" && body.cut;
  // A half chunk may mean something else, but is kept if there is no other.
  const whole = cut && chunks.length > 1 ? chunks.slice(0, -1) : chunks;
  return { value, events: whole.map((data) => ({ data })), done: false, cut };
}

function errorIn(response: Body, reply: Reply, isFailed: boolean): ProviderError | undefined {
  if (response.kind === "json" || response.kind === "stream") {
    const whole = response.kind === "json" ? readError(response.value, isFailed) : undefined;
    if (whole !== undefined) return whole;
    const last = reply.events.findLast((event) => errorOfEvent(event, isFailed) !== undefined);
    return last === undefined ? undefined : errorOfEvent(last, isFailed);
  }
  const isMessage = response.kind === "text" && isFailed && !/^\s*</.test(response.text);
  return isMessage ? { message: response.text.trim() } : undefined;
}

function errorOfEvent({ name, data }: StreamEvent, isFailed: boolean): ProviderError | undefined {
  if (name === "error" && typeof data === "string") return { message: data };
  return readError(data, isFailed || name === "error");
}

function isWhole(body: Body): boolean {
  if (body.kind === "none") return false;
  return body.kind === "stream" ? !body.stream.cut : body.kind !== "json" || !body.cut;
}

/** Returns a body without a reader as one message. */
function wholeBody(body: Body, role: Role, contentType: string | undefined): Message[] {
  const isBegun = body.kind !== "stream" || body.text !== undefined || body.stream.events.length > 0;
  if (body.kind === "none" || !isBegun) return [];
  return [{ role, parts: [wholePart(body, contentType)] }];
}

function wholePart(body: Exclude<Body, { kind: "none" }>, contentType: string | undefined): Part {
  switch (body.kind) {
    case "json":
      return { type: "unknown", value: body.value };
    case "stream":
      return { type: "unknown", value: body.text ?? body.stream.events };
    case "text":
      return { type: "text", text: body.text };
    case "binary":
      return binaryPart(body.bytes, contentType, body.coding);
    case "garbled":
      return { type: "unknown", value: { characters: body.characters, ...present({ contentType }) } };
  }
}
