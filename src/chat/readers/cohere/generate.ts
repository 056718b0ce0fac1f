import type { Message } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { usageOf } from "./usage.ts";
import { eventsOf, foldEvents, isEvent } from "./v1-stream.ts";

const RESPONSE_KEYS = new Set([
  "generations",
  "summary",
  "text",
  "tool_calls",
  "finish_reason",
  "err",
  "streamed_data",
]);
const GENERATION_KEYS = new Set(["text", "finish_reason", "index"]);

/** Cohere's generate and summarize; generate also on Bedrock (Command). */
export const cohereGenerate: Reader = {
  format: "cohere-generate",

  serves(provider, path) {
    return provider === "cohere" && /(?:^|\/)(?:generate|summarize)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && (typeof body.prompt === "string" || typeof body.text === "string");
  },

  readRequest(body) {
    const key = typeof body.prompt === "string" ? "prompt" : "text";
    return {
      messages: [{ role: "user", parts: [{ type: "text", text: textOf(body[key]) ?? "" }] }],
      tools: [],
      settings: settingsOf(body, new Set([key, "model"])),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (isGenerated(value)) return true;
    return [{ data: value }, ...events].some((event) => isEvent(event) && (expected || isGeneration(event.data)));
  },

  readResponse(reply) {
    if (isGenerated(reply.value)) return read(reply.value);
    const { value, strays, stopped } = foldEvents(eventsOf(reply));
    const { answers, ...others } = read(value);
    const [first = { role: "assistant" as const, parts: [] }, ...rest] = answers;
    const parts = [...first.parts, ...strays.map((value) => ({ type: "unknown" as const, value }))];
    return { ...others, answers: [{ ...first, parts }, ...rest], complete: stopped && !reply.cut };
  },
};

function isGenerated(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const [first] = listOf(value.generations);
  return (
    (isRecord(first) && typeof first.text === "string") || (typeof value.summary === "string" && isRecord(value.meta))
  );
}

// Only the last event, or on Bedrock the missing type, distinguishes a stream from chat's.
function isGeneration(data: unknown): boolean {
  return isRecord(data) && (!("event_type" in data) || Array.isArray(recordOf(data.response)?.generations));
}

function read(value: JsonRecord): ResponseReading {
  const { summary } = value;
  const generations = typeof summary === "string" ? [{ text: summary }] : listOf(value.generations);
  const error = textOf(value.err);
  return {
    answers: generations.map((generation) => answerOf(generation, textOf(value.finish_reason))),
    complete: true,
    ...present({
      usage: usageOf(value.meta),
      error: error === undefined ? undefined : readError({ error }, true),
      envelope: restOf(value, RESPONSE_KEYS),
    }),
  };
}

function answerOf(value: unknown, ended: string | undefined): Message {
  const generation = recordOf(value);
  if (typeof generation?.text !== "string") return { role: "assistant", parts: [{ type: "unknown", value }] };
  const { text } = generation;
  const details = restOf(generation, GENERATION_KEYS);
  const finishReason = textOf(generation.finish_reason) ?? ended;
  const parts = isEmpty(text) ? [] : [{ type: "text" as const, text }];
  return { role: "assistant", parts, ...present({ finishReason, details }) };
}
