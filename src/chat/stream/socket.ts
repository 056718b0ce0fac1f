import type { Body } from "../body/body.ts";
import { type JsonRecord, isRecord, listOf, recordOf, textOf } from "../json/json.ts";
import { type StreamEvent, parseServerSentEvents } from "./events.ts";

const NAMES = /^universal\.(?:created|stream|done)$/;

/**
 * Unwraps a response that the gateway sent over a WebSocket (API notes: Events and steps): the whole answer in
 * `universal.created`, or its chunks in `universal.stream` between that and `universal.done`, with metadata next to
 * them. Returns any other body unchanged.
 */
export function unwrapSocket(body: Body): Body {
  // A stream's first event decides.
  if (body.kind === "stream" && !isSocketEvent(body.stream.events[0]?.data)) return body;
  const values = valuesIn(body);
  if (!isSocketEvent(values[0]) || !values.every(isSocketEvent)) return body;
  const events: JsonRecord[] = values;
  const cut = (body.kind === "json" && body.cut) || (body.kind === "stream" && body.stream.cut);
  const around: JsonRecord = Object.fromEntries(
    events.flatMap((event) => Object.entries(recordOf(event.metadata) ?? {})),
  );
  const responses = events.filter((event) => "response" in event);
  const only = responses[0];
  if (only !== undefined && responses.length === 1 && only.type === "universal.created") {
    return { kind: "json", value: only.response, cut, around: { metadata: around } };
  }
  const done = events.some((event) => event.type === "universal.done");
  const stream = { events: responses.flatMap((event) => chunksIn(event.response)), done, cut };
  return { kind: "stream", stream, around: { metadata: around } };
}

function valuesIn(body: Body): unknown[] {
  if (body.kind === "stream") return body.stream.events.map(({ data }) => data);
  if (body.kind !== "json") return [];
  const { value } = body;
  if (Array.isArray(value)) return value;
  return isRecord(value) && Array.isArray(value.streamed_data) ? listOf(value.streamed_data) : [value];
}

function isSocketEvent(value: unknown): value is JsonRecord {
  return isRecord(value) && NAMES.test(textOf(value.type) ?? "");
}

function chunksIn(response: unknown): StreamEvent[] {
  return typeof response === "string" ? parseServerSentEvents(response).events : [{ data: response }];
}
