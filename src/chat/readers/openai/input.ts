import type { Message, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, present, restOf, textOf } from "../../json/json.ts";
import { locate } from "../../media.ts";
import { type CallNames, type Context, type RequestReading, settingsOf } from "../../reader.ts";
import { readMessage } from "./chat-message.ts";
import { contentParts } from "./chat-parts.ts";

const REQUEST_KEYS = new Set(["input", "model"]);
const TEXT_KEYS = new Set(["text"]);
const IMAGE_KEYS = new Set(["image"]);

/** Reads a request with an `input`, a model and settings (embeddings, moderations). */
export function readInput(body: JsonRecord, { callNames }: Context): RequestReading {
  return {
    messages: inputMessages(body.input, callNames),
    tools: [],
    settings: settingsOf(body, REQUEST_KEYS),
    ...present({ model: textOf(body.model) }),
  };
}

/** Whether a value is a prompt of token numbers. */
export function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number");
}

/**
 * Returns the messages of an `input` (embeddings, moderations): a text, tokens, a typed part, or a list of these as the
 * parts of one user message; or chat messages (Mistral's chat moderation, also in conversations) as they are.
 */
function inputMessages(input: unknown, callNames: CallNames): Message[] {
  const messages: Message[] = [];
  const parts: Part[] = [];
  const items = Array.isArray(input) && !isTokens(input) ? input : [input];
  for (const item of items) {
    const conversation = Array.isArray(item) ? item : [item];
    if (conversation.length > 0 && conversation.every(isChatMessage)) {
      messages.push(...conversation.map((message) => readMessage(message, callNames)));
    } else {
      parts.push(...inputParts(item));
    }
  }
  return parts.length === 0 ? messages : [...messages, { role: "user", parts }];
}

function isChatMessage(value: unknown): boolean {
  return isRecord(value) && typeof value.role === "string" && "content" in value;
}

function inputParts(item: unknown): Part[] {
  if (isTokens(item)) return [{ type: "data", value: item }];
  if (Array.isArray(item)) return item.flatMap(inputParts);
  if (!isRecord(item) || typeof item.type === "string") return isEmpty(item) ? [] : contentParts([item]);
  return [barePart(item)];
}

// Jina's `{text}` and `{image}`, with the image as URL or base64.
function barePart(item: JsonRecord): Part {
  const { text, image } = item;
  if (typeof text === "string" && restOf(item, TEXT_KEYS) === undefined) return { type: "text", text };
  if (typeof image === "string" && restOf(item, IMAGE_KEYS) === undefined) {
    return { type: "media", media: "image", ...(/^(?:https?|data):/.test(image) ? locate(image) : { data: image }) };
  }
  return { type: "unknown", value: item };
}
