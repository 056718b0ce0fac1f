import { arbitrate } from "../../arbitration.ts";
import type { Message } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf } from "../../json/json.ts";
import { type CallNames, type Reader, type Reply, type ResponseReading } from "../../reader.ts";
import { isChunk } from "../openai/chat-stream.ts";
import { openaiResponses } from "../openai/responses.ts";
import { readAnswer } from "./answer.ts";
import { readAsked } from "./request.ts";
import { foldNative } from "./stream.ts";
import { embeddingParts } from "../shared/vectors.ts";

/** Answer fields of Workers AI's own interface, which vary by model. */
const ANSWER_KEYS = new Set([
  "response",
  "tool_calls",
  "data",
  "image",
  "images",
  "audio",
  "video",
  "description",
  "translated_text",
  "translations",
  "text",
  "vtt",
  "summary",
  "responses",
  "results",
  "request_id",
  "is_complete",
]);
const CHUNK_KEYS = new Set(["response", "tool_calls", "usage", "finish_reason", "p"]);
/** Answers in other interfaces' shapes, which Workers AI also uses. */
const FOREIGN_KEYS = ["choices", "candidates", "output", "content", "done", "streamed_data"];
const PENDING = new Set<unknown>(["queued", "running"]);

/**
 * Workers AI's own interface, `run/{model}`: a shape of request and answer for each task (cloudflare/workerd,
 * types/defines/ai.d.ts). OpenAI-like answers at this address go to OpenAI's readers.
 */
export const workersAi: Reader = {
  format: "workers-ai",

  serves(provider, path) {
    return (
      (provider === "workers-ai" && !/(?:^|\/)v1\//.test(path)) ||
      /(?:^|\/)ai\/run\/?$/.test(path) ||
      /(?:^|\/)@(?:cf|hf)\/[^/]+\/[^/]+$/.test(path)
    );
  },

  modelIn(path) {
    return /(?:^|\/)(@(?:cf|hf)\/[^/]+\/[^/?#]+)/.exec(path)?.[1];
  },

  fitsRequest(body, expected) {
    return expected && !isEmpty(body);
  },

  readRequest(given, context) {
    // The Run API names the model next to the input, instead of in the address.
    const { input, ...others } = given;
    const body = typeof given.model === "string" && isRecord(input) ? { ...others, ...input } : given;
    // gpt-oss takes Responses API requests.
    const isInput = "input" in body && !("prompt" in body) && !("messages" in body);
    return isInput ? openaiResponses.readRequest(body, context) : readAsked(body, context);
  },

  fitsResponse(reply, expected) {
    const { value } = reply;
    if (isAnswer(value, expected) || isStream(reply, expected)) return true;
    return expected && Array.isArray(value) && (isScored(value[0]) || embeddingParts(value) !== undefined);
  },

  readResponse(reply, { callNames }) {
    const { value } = reply;
    const isStreamed = isStream(reply, true);
    const isListed = Array.isArray(value) && !isStreamed;
    const assembled = isListed || isAnswer(value, true) ? read(value, callNames) : undefined;
    if (!isStreamed) return assembled ?? { answers: [], complete: false };
    const { value: folded, responses, isEnded } = foldNative(reply.events);
    const streamed = readAnswer(folded, responses, callNames);
    const complete = !reply.cut && (reply.done || isEnded || streamed.answer.finishReason !== undefined);
    const { answer, ...around } = streamed;
    return arbitrate(assembled, { ...around, answers: [answer], complete });
  },
};

function read(value: unknown, callNames: CallNames): ResponseReading {
  const batch = listOf(recordOf(value)?.responses);
  if (isRecord(value) && batch.length > 0) {
    const { responses: _, ...others } = value;
    const { answer: rest, ...around } = readAnswer(others, [], callNames);
    const answers = batch.map((item) => batchAnswer(item, callNames));
    return { ...around, answers: rest.parts.length === 0 ? answers : [...answers, rest], complete: true };
  }
  const body = recordOf(value);
  const { answer, ...around } = readAnswer(body ?? {}, [body === undefined ? value : body.response], callNames);
  return { ...around, answers: [answer], complete: !PENDING.has(body?.status) };
}

/** One answer of a batch: `{id, result, success, external_reference}`. */
function batchAnswer(item: unknown, callNames: CallNames): Message {
  const wrapped = recordOf(item);
  if (wrapped === undefined) return readAnswer({}, [item], callNames).answer;
  const { result, ...around } = wrapped;
  const body = recordOf(result);
  const { answer, envelope } = readAnswer(body ?? {}, [body === undefined ? result : body.response], callNames);
  return { ...answer, details: { ...around, ...present({ result: envelope }) } };
}

function isAnswer(value: unknown, expected: boolean): value is JsonRecord {
  if (!isRecord(value) || typeof value.object === "string") return false;
  if (FOREIGN_KEYS.some((key) => key in value && !(key === "streamed_data" && expected))) return false;
  if ("internalCode" in value) return false;
  const keys = Object.keys(value);
  if (expected) return keys.some((key) => ANSWER_KEYS.has(key));
  if (typeof value.translated_text === "string" && keys.every((key) => key === "translated_text" || key === "usage")) {
    return true;
  }
  if (Array.isArray(value.shape) && Array.isArray(value.data)) return embeddingParts(value.data) !== undefined;
  return "response" in value && isNative(value, false);
}

function isStream({ value, events }: Reply, expected: boolean): boolean {
  if (value !== undefined && !Array.isArray(value) && !Array.isArray(recordOf(value)?.streamed_data)) return false;
  // Newer models stream OpenAI's chunks, and end with one of this interface's events.
  const spoken = events.find(({ data }) => isRecord(data) && (isChunk(data) || isNative(data, expected)));
  return spoken !== undefined && !isChunk(spoken.data);
}

// Other interfaces also have a field of this name with an object.
function isNative(value: JsonRecord, expected: boolean): boolean {
  const speaks = expected || !isRecord(value.response) ? "response" in value : false;
  if (!speaks && !Array.isArray(value.tool_calls)) return false;
  return Object.keys(value).every((key) => CHUNK_KEYS.has(key));
}

function isScored(value: unknown): boolean {
  return isRecord(value) && typeof value.score === "number" && !isEmpty(value.label ?? value.id);
}
