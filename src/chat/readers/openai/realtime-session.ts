import { type JsonRecord, isEmpty, isRecord, listOf, recordOf, restOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { joinBase64 } from "./responses-pieces.ts";
import { type Fold, addResponseEvent, startFold } from "./responses-stream.ts";

/** The content of a session, in order: conversation items, responses, and other events. */
export type Entry =
  | { kind: "item"; item: SessionItem }
  | { kind: "response"; fold: Fold }
  | { kind: "instructions"; value: unknown }
  | { kind: "input"; items: unknown[] }
  | { kind: "note"; value: JsonRecord };

/** A conversation item, from the client's own event or as the server reports it. */
export type SessionItem = {
  fields: Map<string, unknown>;
  /** The user's words, by content part. */
  transcripts: Map<number, string>;
  /** Whether the client's own event in this body sent it. */
  isSent: boolean;
};

/** A realtime session, as the events of one direction describe it. */
export type Session = {
  entries: Entry[];
  items: Map<string, SessionItem>;
  responses: Map<string, Fold>;
  /** Input audio that was appended but not committed yet. */
  appended: string[];
  /** The session object, as the client set it or as the server reports it. */
  config: Map<string, unknown>;
  /** The parameters of each `response.create`. */
  created: JsonRecord[];
  around: Map<string, unknown>;
  strays: unknown[];
};

const EVENT_KEYS = new Set(["type", "event_id", "item_id", "content_index", "previous_item_id"]);
const CREATE_KEYS = new Set(["type", "event_id"]);
const OWN_NAMES =
  /^(?:session|transcription_session|conversation\.item|(?:in|out)put_audio_buffer|rate_limits)\.|^conversation\.created$/;
const RESPONSE_NAMES = new Set(["response.create", "response.cancel", "response.done"]);
/** Progress events without content. */
const PROGRESS =
  /^(?:output_audio_buffer\.(?:started|stopped|cleared)|input_audio_buffer\.(?:committed|cleared)|mcp_list_tools\.\w+|session\.(?:close|closed))$/;
const TRANSLATION = new Map([
  ["session.output_audio.delta", "response.output_audio.delta"],
  ["session.output_transcript.delta", "response.output_audio_transcript.delta"],
]);

/** Whether a value is a Realtime API event that the Responses API lacks. */
export function isRealtimeEvent(value: unknown): value is JsonRecord {
  const type = isRecord(value) ? textOf(value.type) : undefined;
  if (type === undefined || !isRecord(value)) return false;
  return OWN_NAMES.test(type) || RESPONSE_NAMES.has(type) || (type.startsWith("response.") && "event_id" in value);
}

/** Folds events into a session, in linear time. */
export function foldSession(events: StreamEvent[]): Session {
  const session: Session = {
    entries: [],
    items: new Map(),
    responses: new Map(),
    appended: [],
    config: new Map(),
    created: [],
    around: new Map(),
    strays: [],
  };
  for (const { name, data } of events) {
    const event = recordOf(data);
    const type = textOf(event?.type) ?? name;
    if (event === undefined || type === undefined) session.strays.push(data);
    else addEvent(session, type, event);
  }
  flushAudio(session);
  return session;
}

function addEvent(session: Session, type: string, event: JsonRecord): void {
  switch (type) {
    case "input_audio_buffer.append":
    case "session.input_audio_buffer.append":
      if (typeof event.audio === "string") session.appended.push(event.audio);
      return;
    case "input_audio_buffer.commit":
      return flushAudio(session);
    case "input_audio_buffer.clear":
      return flushAudio(session, { cleared: true });
    case "session.update":
    case "transcription_session.update":
      return addConfig(session, recordOf(event.session), true);
    case "session.created":
    case "session.updated":
    case "transcription_session.created":
    case "transcription_session.updated":
      return addConfig(session, recordOf(event.session), false);
    case "conversation.created":
      session.around.set("conversation", event.conversation);
      return;
    case "rate_limits.updated":
      session.around.set("rate_limits", event.rate_limits);
      return;
    case "response.create":
      return addCreated(session, recordOf(event.response) ?? restOf(event, CREATE_KEYS) ?? {});
    case "session.input_transcript.delta":
      return addTranscript(session, type, event);
    case "error":
      return;
    default:
      if (type.startsWith("conversation.item.")) addItemEvent(session, type, event);
      else if (TRANSLATION.has(type)) addToResponse(session, { ...event, type: TRANSLATION.get(type) });
      else if (type.startsWith("response.") && type !== "response.cancel") addToResponse(session, { ...event, type });
      else if (!PROGRESS.test(type)) addOther(session, type, event);
  }
}

function addConfig(session: Session, given: JsonRecord | undefined, isClient: boolean): void {
  if (given === undefined) return;
  const before = session.config.get("instructions");
  for (const key of Object.keys(given)) session.config.set(key, given[key]);
  const { instructions } = given;
  if (isClient && !isEmpty(instructions) && instructions !== before) {
    session.entries.push({ kind: "instructions", value: instructions });
  }
}

function addCreated(session: Session, parameters: JsonRecord): void {
  const { instructions, input, ...others } = parameters;
  if (!isEmpty(instructions)) session.entries.push({ kind: "instructions", value: instructions });
  if (!isEmpty(input)) session.entries.push({ kind: "input", items: Array.isArray(input) ? input : [input] });
  if (!isEmpty(others)) session.created.push(others);
}

function addItemEvent(session: Session, type: string, event: JsonRecord): void {
  if (type.startsWith("conversation.item.input_audio_transcription.")) return addTranscript(session, type, event);
  const given = recordOf(event.item);
  if (given === undefined) return addOther(session, type, event);
  const isSent = type === "conversation.item.create";
  if (isSent) flushAudio(session);
  const item = itemAt(session, textOf(given.id));
  item.isSent ||= isSent;
  for (const key of Object.keys(given)) {
    if (!isEmpty(given[key]) || !item.fields.has(key)) item.fields.set(key, given[key]);
  }
}

function itemAt(session: Session, id: string | undefined): SessionItem {
  const known = id === undefined ? undefined : session.items.get(id);
  if (known !== undefined) return known;
  const item: SessionItem = { fields: new Map(), transcripts: new Map(), isSent: false };
  if (id !== undefined) {
    item.fields.set("id", id);
    session.items.set(id, item);
  }
  session.entries.push({ kind: "item", item });
  return item;
}

// The item is the user's, even if the recording lacks its first event.
function addTranscript(session: Session, type: string, event: JsonRecord): void {
  const item = itemAt(session, textOf(event.item_id) ?? "");
  if (!item.fields.has("role")) item.fields.set("type", "message").set("role", "user");
  if (type.endsWith(".segment")) {
    const segments = item.fields.get("segments");
    const segment = restOf(event, EVENT_KEYS);
    if (Array.isArray(segments)) segments.push(segment);
    else item.fields.set("segments", [segment]);
    return;
  }
  const index = typeof event.content_index === "number" ? event.content_index : 0;
  const { delta, transcript, ...others } = event;
  if (typeof transcript === "string") item.transcripts.set(index, transcript);
  else if (typeof delta === "string") item.transcripts.set(index, (item.transcripts.get(index) ?? "") + delta);
  if (!type.endsWith(".delta")) addFields(item, others);
}

function addFields(item: SessionItem, event: JsonRecord): void {
  for (const [key, value] of Object.entries(restOf(event, EVENT_KEYS) ?? {})) {
    if (!item.fields.has(key)) item.fields.set(key, value);
  }
}

function addToResponse(session: Session, event: JsonRecord): void {
  const id = textOf(event.response_id) ?? textOf(recordOf(event.response)?.id) ?? "";
  let fold = session.responses.get(id);
  if (fold === undefined) {
    fold = startFold();
    session.responses.set(id, fold);
    session.entries.push({ kind: "response", fold });
  }
  addResponseEvent(fold, { data: event });
}

// Speech start and end belong to their item; session commands stay in order.
function addOther(session: Session, type: string, event: JsonRecord): void {
  const item = session.items.get(textOf(event.item_id) ?? "");
  if (type.startsWith("input_audio_buffer.") && typeof event.item_id === "string") {
    addFields(item ?? userItem(session, event.item_id), event);
  } else if (OWN_NAMES.test(type) || type === "response.cancel") {
    session.entries.push({ kind: "note", value: { type, ...restOf(event, CREATE_KEYS) } });
  } else {
    session.strays.push(event);
  }
}

function userItem(session: Session, id: string): SessionItem {
  const item = itemAt(session, id);
  item.fields.set("type", "message").set("role", "user");
  return item;
}

function flushAudio(session: Session, others: JsonRecord = {}): void {
  if (session.appended.length === 0) return;
  const audio = joinBase64(session.appended);
  session.appended = [];
  const item = itemAt(session, undefined);
  item.isSent = true;
  item.fields
    .set("type", "message")
    .set("role", "user")
    .set("content", [{ type: "input_audio", audio, ...others }]);
}

/** Returns an item in the Responses API's form, with transcripts next to their speech. */
export function wholeSessionItem({ fields, transcripts }: SessionItem): JsonRecord {
  const content = new Map<number, unknown>(listOf(fields.get("content")).entries());
  for (const [index, transcript] of transcripts) {
    const part = recordOf(content.get(index));
    content.set(index, { type: "input_audio", ...part, transcript: textOf(part?.transcript) ?? transcript });
  }
  const parts = [...content].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  return Object.fromEntries(parts.length === 0 ? fields : new Map(fields).set("content", parts));
}
