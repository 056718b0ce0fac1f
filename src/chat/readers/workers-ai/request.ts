import type { MediaKind, Message, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, recordOf } from "../../json/json.ts";
import type { Context, RequestReading } from "../../reader.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { openaiChat } from "../openai/chat.ts";
import { wrappedCall } from "./tool-calls.ts";

/** A task's inputs: a text, or a list of texts or `{text}`. */
const TEXT_KEYS = ["prompt", "text", "input_text", "query", "queries", "contexts", "documents", "source", "sentences"];
const MEDIA_KEYS: readonly [string, MediaKind][] = [
  ["image", "image"],
  ["image_b64", "image"],
  ["mask", "image"],
  ["mask_b64", "image"],
  ["audio", "audio"],
];
const OWN_KEYS = new Set([...TEXT_KEYS, ...MEDIA_KEYS.map(([key]) => key), "messages", "requests", "request_id"]);

/** Reads any task's request: messages like OpenAI's, else the inputs as one user message. */
export function readAsked(body: JsonRecord, context: Context): RequestReading {
  const chat = openaiChat.readRequest({ ...body, messages: listOf(body.messages).map(withWrappedCalls) }, context);
  const texts = TEXT_KEYS.flatMap((key) => textParts(key, body[key]));
  const media = MEDIA_KEYS.flatMap(([key, kind]) => mediaParts(key, body[key], kind));
  const messages = [...chat.messages];
  if (texts.length > 0 || messages.length === 0) messages.push({ role: "user", parts: [...texts, ...media] });
  else appendTo(messages, media);
  if (!isEmpty(body.messages) && !Array.isArray(body.messages)) {
    messages.push({ role: "user", parts: [{ type: "unknown", value: { messages: body.messages } }] });
  }
  for (const request of listOf(body.requests)) for (const one of batched(request, context)) messages.push(one);
  if (!isEmpty(body.request_id)) {
    messages.push({ role: "user", parts: [{ type: "data", value: { request_id: body.request_id } }] });
  }
  const settings = Object.entries(chat.settings).filter(([key]) => !OWN_KEYS.has(key));
  return {
    ...chat,
    messages: messages.filter(({ parts }, index) => parts.length > 0 || index < chat.messages.length),
    settings: Object.fromEntries(settings),
  };
}

/** Returns the messages of one call in a batch; its settings go with the first. */
function batched(request: unknown, context: Context): Message[] {
  if (!isRecord(request)) return [{ role: "user", parts: [{ type: "unknown", value: request }] }];
  const { requests, ...one } = request;
  const { messages, settings, tools } = readAsked(one, context);
  const [first = { role: "user" as const, parts: [] }, ...others] = messages;
  const details = {
    ...settings,
    ...(tools.length > 0 ? { tools: request.tools ?? request.functions } : {}),
    ...(requests === undefined ? {} : { requests }),
  };
  return [isEmpty(details) ? first : { ...first, details: { ...first.details, ...details } }, ...others];
}

function withWrappedCalls(message: unknown): unknown {
  const calls = recordOf(message)?.tool_calls;
  return isRecord(message) && Array.isArray(calls) ? { ...message, tool_calls: calls.map(wrappedCall) } : message;
}

function appendTo(messages: Message[], parts: Part[]): void {
  if (parts.length === 0) return;
  const at = messages.findLastIndex(({ role }) => role === "user");
  const user = messages[at];
  if (user === undefined) messages.push({ role: "user", parts });
  else messages[at] = { ...user, parts: [...user.parts, ...parts] };
}

function textParts(key: string, value: unknown): Part[] {
  if (isEmpty(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item): Part => {
    const text = isRecord(item) && Object.keys(item).length === 1 ? item.text : item;
    return typeof text === "string" ? { type: "text", text } : { type: "unknown", value: { [key]: item } };
  });
}

function mediaParts(key: string, value: unknown, kind: MediaKind): Part[] {
  if (isEmpty(value)) return [];
  const medium = mediumOf(value, kind);
  const name = key.startsWith("mask") ? { name: "mask" } : {};
  return [medium === undefined ? { type: "unknown", value: { [key]: value } } : { ...medium, ...name }];
}
