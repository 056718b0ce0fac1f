import type { MediaKind, Message, Part, Usage } from "../../conversation.ts";
import { ExactNumber } from "../../json/exact-number.ts";
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
import type { CallNames, ResponseReading } from "../../reader.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { reasoningParts, toolCallParts } from "../openai/chat-parts.ts";
import { embeddingParts } from "../shared/vectors.ts";
import { wrappedCall } from "./tool-calls.ts";

/** Fields with a text or a list of texts, for all tasks. */
const TEXT_KEYS = ["text", "description", "translated_text", "translations", "summary"];
/** Media fields; `images` is a list. */
const MEDIA_KEYS: readonly [string, MediaKind][] = [
  ["image", "image"],
  ["images", "image"],
  ["audio", "audio"],
  ["video", "video"],
];
/** Data with or without a text: word times, a verdict, a pending answer. */
const DATA_KEYS = new Set([
  "vtt",
  "words",
  "word_count",
  "segments",
  "transcription_info",
  "results",
  "is_complete",
  "probability",
  "status",
  "request_id",
]);
const KNOWN_KEYS = new Set([
  ...TEXT_KEYS,
  ...MEDIA_KEYS.map(([key]) => key),
  ...DATA_KEYS,
  "response",
  "reasoning",
  "reasoning_content",
  "tool_calls",
  "finish_reason",
  "data",
  "strays",
  "streamed_data",
  "p",
]);

type Answer = Pick<ResponseReading, "usage" | "model" | "envelope"> & { answer: Message };

/** Reads any task's answer. `responses`: its `response`; a stream may have several. */
export function readAnswer(body: JsonRecord, responses: unknown[], callNames: CallNames): Answer {
  const { tool_calls: calls } = body;
  const spoken = Array.isArray(calls) ? { ...body, tool_calls: calls.map(wrappedCall) } : body;
  const data = Object.fromEntries(Object.entries(body).filter(([key, value]) => DATA_KEYS.has(key) && !isEmpty(value)));
  const parts: Part[] = [
    ...reasoningParts({ reasoning: body.reasoning, reasoning_content: body.reasoning_content }),
    ...responses.flatMap(responseParts),
    ...TEXT_KEYS.flatMap((key) => textParts(key, body[key])),
    ...transcripts(body.results),
    ...MEDIA_KEYS.flatMap(([key, kind]) => mediaParts(key, body[key], kind)),
    ...vectorParts(body.data),
    ...(isEmpty(data) ? [] : [{ type: "data" as const, value: data }]),
    ...toolCallParts({ tool_calls: spoken.tool_calls }, callNames),
    ...listOf(body.strays).map((value) => ({ type: "unknown" as const, value })),
  ];
  const finishReason = textOf(body.finish_reason);
  return {
    answer: { role: "assistant", parts, ...present({ finishReason }) },
    ...present({ usage: usageOf(body.usage), model: textOf(body.model), envelope: restOf(body, KNOWN_KEYS) }),
  };
}

// A text, an object (JSON mode), a ranking, or the vectors of a reranker without a query.
function responseParts(value: unknown): Part[] {
  if (value === "" || value === undefined || value === null) return [];
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (typeof value !== "object" || value instanceof ExactNumber) return [{ type: "text", text: JSON.stringify(value) }];
  return embeddingParts(value) ?? [{ type: "data", value }];
}

function textParts(key: string, value: unknown): Part[] {
  if (isEmpty(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) =>
    typeof item === "string" ? { type: "text", text: item } : { type: "unknown", value: { [key]: item } },
  );
}

// Deepgram's models: the rest of the results (words and their times) is data.
function transcripts(results: unknown): Part[] {
  return listOf(recordOf(results)?.channels).flatMap((channel) => {
    const [best] = listOf(recordOf(channel)?.alternatives);
    const text = textOf(recordOf(best)?.transcript);
    return text === undefined ? [] : [{ type: "text" as const, text }];
  });
}

function mediaParts(key: string, value: unknown, kind: MediaKind): Part[] {
  if (isEmpty(value)) return [];
  const medium = mediumOf(value, kind);
  if (medium !== undefined) return [medium];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => mediumOf(item, kind) ?? { type: "unknown", value: { [key]: item } });
}

function vectorParts(value: unknown): Part[] {
  return isEmpty(value) ? [] : (embeddingParts(value) ?? [{ type: "data", value }]);
}

function usageOf(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const read = present({
    tokensIn: numberOf(value.prompt_tokens),
    tokensOut: numberOf(value.completion_tokens),
    tokensTotal: numberOf(value.total_tokens),
    tokensCached: numberOf(recordOf(value.prompt_tokens_details)?.cached_tokens),
    tokensReasoning: numberOf(recordOf(value.completion_tokens_details)?.reasoning_tokens),
  });
  return isEmpty(read) ? undefined : read;
}
