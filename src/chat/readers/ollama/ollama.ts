import type { Message, Part, Usage } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type CallNames, type Context, type Reader, type RequestReading, type ResponseReading } from "../../reader.ts";
import { flatSettings } from "../shared/flat-settings.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { foldLines } from "./stream.ts";
import { openaiChat } from "../openai/chat.ts";
import { readMessage } from "../openai/chat-message.ts";
import { embeddingParts } from "../shared/vectors.ts";

/** Content fields; everything else is a setting. */
const SAID_KEYS = new Set(["messages", "prompt", "system", "images", "input"]);
const ANSWER_KEYS = new Set([
  "message",
  "response",
  "thinking",
  "tool_calls",
  "image",
  "embeddings",
  "embedding",
  "done",
  "done_reason",
  "logprobs",
  "strays",
  "error",
]);
const MESSAGE_KEYS = new Set(["thinking", "tool_name", "images", "tool_calls"]);

/** Ollama's own interface: `/api/chat`, `/api/generate` and `/api/embed`, answered in JSON lines by default. */
export const ollama: Reader = {
  format: "ollama",

  serves(_, path) {
    return /(?:^|\/)api\/(?:chat|generate|embed|embeddings)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && ["messages", "prompt", "input", "model"].some((key) => key in body);
  },

  readRequest,

  fitsResponse({ value, events }, expected) {
    const first = isRecord(value) && !Array.isArray(value.streamed_data) ? value : events[0]?.data;
    if (!isRecord(first)) return false;
    if (typeof first.done === "boolean")
      return isRecord(first.message) || typeof first.response === "string" || expected;
    // A truncated answer lacks its end.
    if (expected && (isRecord(first.message) || typeof first.response === "string")) return true;
    if (Array.isArray(first.embeddings)) return expected || typeof first.total_duration === "number";
    return expected && Array.isArray(first.embedding);
  },

  readResponse({ value, events, cut }, { callNames }) {
    const isPlain = isRecord(value) && !Array.isArray(value.streamed_data);
    const body = isPlain ? value : foldLines(events);
    const reading = read(body, callNames);
    return { ...reading, complete: !cut && (isPlain ? body.done !== false : body.done === true) };
  },
};

function readRequest(body: JsonRecord, context: Context): RequestReading {
  const { messages: _, ...declared } = openaiChat.readRequest({ ...body, messages: [] }, context);
  const messages: Message[] = [];
  const system = textOf(body.system);
  if (system !== undefined) messages.push({ role: "system", parts: [{ type: "text", text: system }] });
  for (const message of listOf(body.messages)) messages.push(messageOf(message, context.callNames));
  const asked = [...textParts(body.prompt), ...textParts(body.input), ...imageParts(body.images)];
  if (!isEmpty(body.messages) && !Array.isArray(body.messages)) {
    asked.push({ type: "unknown", value: { messages: body.messages } });
  }
  if (!isEmpty(body.system) && system === undefined) asked.push({ type: "unknown", value: { system: body.system } });
  if (asked.length > 0) messages.push({ role: "user", parts: asked });
  const settings = Object.fromEntries(Object.entries(declared.settings).filter(([key]) => !SAID_KEYS.has(key)));
  return { ...declared, messages, settings: flatSettings(settings, "options") };
}

/** A message like OpenAI's, except for `thinking`, separate images, and results named by their tool. */
function messageOf(value: unknown, callNames: CallNames): Message {
  if (!isRecord(value)) return readMessage(value, callNames);
  const calls = value.tool_calls;
  const others = Object.fromEntries(Object.entries(value).filter(([key]) => !MESSAGE_KEYS.has(key)));
  const message = readMessage(
    {
      ...others,
      name: textOf(value.tool_name) ?? value.name,
      reasoning: value.thinking,
      tool_calls: Array.isArray(calls) ? calls.map(withoutIndex) : calls,
    },
    callNames,
  );
  const images = imageParts(value.images);
  return images.length === 0 ? message : { ...message, parts: [...message.parts, ...images] };
}

function withoutIndex(call: unknown): unknown {
  if (!isRecord(call) || !isRecord(call.function)) return call;
  const { index: _, ...named } = call.function;
  return { ...call, function: named };
}

function textParts(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) =>
    typeof item === "string" ? { type: "text", text: item } : { type: "unknown", value: item },
  );
}

function imageParts(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => mediumOf(item, "image") ?? { type: "unknown", value: { images: [item] } });
}

function read(body: JsonRecord, callNames: CallNames): Omit<ResponseReading, "complete"> {
  const given = recordOf(body.message) ?? {
    content: body.response,
    thinking: body.thinking,
    tool_calls: body.tool_calls,
  };
  const message = messageOf({ role: "assistant", ...given }, callNames);
  const odd = isEmpty(body.message) || isRecord(body.message) ? [] : [{ message: body.message }];
  const vectors = [body.embeddings, body.embedding].filter((value) => !isEmpty(value));
  const parts: Part[] = [
    ...message.parts,
    ...vectors.flatMap((value): Part[] => embeddingParts(value) ?? [{ type: "unknown", value }]),
    ...imageParts(body.image),
    ...[...odd, ...listOf(body.strays)].map((value) => ({ type: "unknown" as const, value })),
  ];
  const details = { ...message.details, ...(isEmpty(body.logprobs) ? {} : { logprobs: body.logprobs }) };
  const answer: Message = {
    ...message,
    parts,
    ...present({ finishReason: textOf(body.done_reason), details: isEmpty(details) ? undefined : details }),
  };
  return {
    answers: [answer],
    ...present({ usage: usageOf(body), model: textOf(body.model), envelope: restOf(body, ANSWER_KEYS) }),
  };
}

function usageOf(body: JsonRecord): Usage | undefined {
  const usage = present({ tokensIn: numberOf(body.prompt_eval_count), tokensOut: numberOf(body.eval_count) });
  return isEmpty(usage) ? undefined : usage;
}
