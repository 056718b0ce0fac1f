import type { Message, Part } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import { isFormFile, formFilePart } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import type { Context, Reader, Reply, RequestReading } from "../../reader.ts";
import { anthropicMessages } from "../anthropic/messages.ts";
import { openaiChat } from "../openai/chat.ts";
import { openaiCompletions } from "../openai/completions.ts";
import { openaiEmbeddings } from "../openai/embeddings.ts";
import { openaiResponses } from "../openai/responses.ts";

/** Formats of a call in a batch. */
const CALLS: readonly Reader[] = [anthropicMessages, openaiChat, openaiResponses, openaiEmbeddings, openaiCompletions];
/** OpenAI objects about calls and files instead of content. */
const OBJECTS = /^(?:batch|vector_store(?:\..+)?|file|upload|fine_tuning\.job|container)$/;
const LINE_KEYS = new Set(["params", "body"]);
const RESULT_KEYS = new Set(["result", "response", "error"]);

/**
 * Batches of calls (Anthropic's `requests` and results, OpenAI's lines of a file), and OpenAI's stored objects: vector
 * stores, files. Each call of a batch is read as if made separately, under its `custom_id`.
 */
export const batches: Reader = {
  format: "batches",

  serves(_provider, path) {
    return !/\/search\/?$/.test(path) && /(?:^|\/)(?:batches|vector_stores|files|uploads)(?:\/|$)/.test(path);
  },

  fitsRequest(body, expected) {
    return linesOf(body).length > 0 || (expected && !isEmpty(body));
  },

  readRequest(body, context) {
    const lines = linesOf(body);
    if (lines.length === 0) return { messages: [{ role: "user", parts: [dataPart(body)] }], tools: [], settings: {} };
    const readings = lines.map((line) => readLine(line, context));
    return {
      messages: readings.flatMap(({ messages }) => messages),
      tools: readings.flatMap(({ tools }) => tools),
      settings: { requests: readings.map(({ settings }) => settings) },
      ...present({ model: readings.map(({ model }) => model).find((model) => model !== undefined) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    const body = recordOf(value);
    const isNamed = body?.type === "message_batch" || OBJECTS.test(textOf(body?.object) ?? "");
    return (
      isNamed || (expected && body !== undefined) || (events.length > 0 && events.every(({ data }) => isResult(data)))
    );
  },

  readResponse({ value, events, cut }, context) {
    const results = isResult(value) ? [value] : events.map(({ data }) => data);
    const answers = results.flatMap((result) => readResult(result, context));
    if (answers.length > 0) return { answers, complete: !cut };
    return { answers: [{ role: "assistant", parts: [{ type: "data", value: value ?? results }] }], complete: !cut };
  },
};

// A form's field may be a file, shown as one.
function dataPart(body: JsonRecord): Part {
  return isFormFile(body.file)
    ? { ...formFilePart(body.file), details: restOf(body, new Set(["file"])) ?? {} }
    : { type: "data", value: body };
}

function linesOf(body: JsonRecord): JsonRecord[] {
  const lines = [body.requests, body.streamed_data, [body]]
    .map(listOf)
    .find((list) => list.length > 0 && list.every(isLine));
  return lines?.filter(isLine) ?? [];
}

function isLine(value: unknown): value is JsonRecord {
  return isRecord(value) && typeof value.custom_id === "string" && (isRecord(value.params) || isRecord(value.body));
}

function readLine(line: JsonRecord, context: Context): RequestReading {
  const params = recordOf(line.params) ?? recordOf(line.body) ?? {};
  const path = textOf(line.url) ?? "";
  const reader =
    CALLS.find((one) => one.serves("", path) && one.fitsRequest(params, true)) ??
    CALLS.find((one) => one.fitsRequest(params, isRecord(line.params)));
  const about = restOf(line, LINE_KEYS) ?? {};
  if (reader === undefined) {
    return {
      messages: [{ role: "user", parts: [{ type: "data", value: params }], details: about }],
      tools: [],
      settings: {},
    };
  }
  const reading = reader.readRequest(params, context);
  return {
    ...reading,
    messages: reading.messages.map((message) => ({
      ...message,
      details: { ...message.details, custom_id: line.custom_id },
    })),
    settings: { ...about, ...present({ model: reading.model }), ...reading.settings },
  };
}

function isResult(value: unknown): value is JsonRecord {
  return (
    isRecord(value) &&
    typeof value.custom_id === "string" &&
    ("result" in value || "response" in value || "error" in value)
  );
}

/** `{custom_id, result: {type, message | error}}` (Anthropic), `{custom_id, response: {status_code, body}, error}` (OpenAI). */
function readResult(value: unknown, context: Context): Message[] {
  if (!isResult(value)) return [];
  const result = recordOf(value.result);
  const response = recordOf(value.response);
  const body = result?.message ?? response?.body;
  const reply: Reply = { value: body, events: [], done: true, cut: false };
  const reader = CALLS.find((one) => one.fitsResponse(reply, false));
  const details = {
    ...restOf(value, RESULT_KEYS),
    ...present({ result: textOf(result?.type), status: response?.status_code }),
  };
  if (reader === undefined) {
    const error = readError(result?.error ?? body ?? value.error ?? value, true);
    const data = restOf(value, new Set(["custom_id"])) ?? {};
    const parts: Part[] = [
      { type: "data", value: data },
      ...(error === undefined ? [] : [{ type: "text" as const, text: error.message }]),
    ];
    return [{ role: "assistant", parts, details }];
  }
  const { answers, envelope, usage } = reader.readResponse(reply, { ...context, callNames: new Map() });
  const told = { ...details, ...present({ response: envelope, usage }) };
  return answers.map((answer) => Object.assign(answer, { details: { ...answer.details, ...told } }));
}
