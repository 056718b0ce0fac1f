import { arbitrate } from "../../arbitration.ts";
import type { Message, Part, ToolDefinition, Usage } from "../../conversation.ts";
import { readError } from "../../errors.ts";
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
import { type CallNames, type Reader, type Reply, type ResponseReading, settingsOf } from "../../reader.ts";
import { contentParts } from "./responses-content.ts";
import { isItem, outputItemParts, readItems } from "./responses-items.ts";
import { type Fold, addResponseEvent, startFold, wholeResponse } from "./responses-stream.ts";

const REQUEST_KEYS = new Set(["input", "instructions", "prompt", "tools", "model"]);
const PROMPT_KEYS = new Set(["variables"]);
/** Settings that, with an `input`, only this API has. */
const OWN_SETTINGS = ["max_output_tokens", "previous_response_id", "text", "reasoning", "include", "truncation"];
const ENVELOPE_KEYS = new Set(["output", "output_text", "error", "streamed_data"]);
const TOOL_KEYS = new Set(["name", "description", "parameters"]);
/** Events about lookups (Perplexity) or questions in between, which no item repeats. */
const TOLD = /^response\.(?:reasoning|steer)\.\w+$/;
const RUNNING = new Set<unknown>(["in_progress", "queued"]);

/** OpenAI's Responses API, and all compatible APIs. */
export const openaiResponses: Reader = {
  format: "openai-responses",

  serves(_provider, path) {
    return /(?:^|\/)responses(?:\/[^/]+(?:\/[^/]+)?)?\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const { input } = body;
    if (Array.isArray(input) && input.length > 0 && input.every(isItem)) return true;
    const isSpoken = typeof input === "string" || Array.isArray(input) || "prompt" in body || "instructions" in body;
    if (expected) return isSpoken || typeof body.previous_response_id === "string";
    return typeof input === "string" && OWN_SETTINGS.some((key) => !isEmpty(body[key]));
  },

  readRequest(body, { callNames }) {
    return {
      messages: [
        ...instructionsOf(body.instructions, callNames),
        ...promptOf(body.prompt),
        ...inputOf(body.input, callNames),
      ],
      tools: listOf(body.tools).map(toolOf),
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    return isResponse(value) || events.some(({ name, data }) => isOwnEvent(data, name, expected));
  },

  readResponse(reply, { callNames }) {
    const { value } = reply;
    const assembled = isResponse(value) ? readResponse(value, callNames) : undefined;
    if (assembled !== undefined && reply.events.length === 0) {
      return { ...assembled, ...silence(assembled, !RUNNING.has(recordOf(value)?.status)) };
    }
    return arbitrate(assembled, readEvents(reply, callNames));
  },
};

/** Reads a request's or a realtime session's `instructions`, system first. */
export function instructionsOf(value: unknown, callNames: CallNames): Message[] {
  if (isEmpty(value)) return [];
  if (Array.isArray(value)) return readItems(value, callNames);
  return [{ role: "system", parts: contentParts(value) }];
}

// A prompt stored at the provider: its ID and variables.
function promptOf(value: unknown): Message[] {
  const prompt = recordOf(value);
  if (prompt === undefined) return inputOf(value, new Map());
  const named = restOf(prompt, PROMPT_KEYS);
  const parts = Object.entries(recordOf(prompt.variables) ?? {}).flatMap(([variable, content]) =>
    contentParts(content).map((part): Part => Object.assign(part, { details: { ...part.details, variable } })),
  );
  return [{ role: "user", parts: [...(named === undefined ? [] : [dataPart({ prompt: named })]), ...parts] }];
}

function dataPart(value: unknown): Part {
  return { type: "data", value };
}

function inputOf(value: unknown, callNames: CallNames): Message[] {
  if (isEmpty(value)) return [];
  if (Array.isArray(value)) return readItems(value, callNames);
  return [{ role: "user", parts: contentParts(value) }];
}

function isResponse(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const { object, output } = value;
  if (typeof object === "string" && /^response(?:\.|$)/.test(object)) return true;
  return Array.isArray(output) && output.length > 0 && output.every(isItem);
}

// Realtime's events have the same names, but each has an ID.
function isOwnEvent(data: unknown, name: string | undefined, expected: boolean): boolean {
  if (!isRecord(data) || ("event_id" in data && !expected)) return false;
  return (textOf(data.type) ?? name)?.startsWith("response.") === true;
}

function readEvents(reply: Reply, callNames: CallNames): ResponseReading {
  const fold = startFold();
  let failure: unknown;
  for (const event of reply.events) {
    const data = recordOf(event.data);
    if (data !== undefined && (data.type ?? event.name) === "error") failure ??= data;
    else addResponseEvent(fold, event);
  }
  const reading = readFold(fold, callNames);
  return {
    ...reading,
    ...(failure === undefined ? {} : present({ error: readError(failure, true) })),
    ...silence(reading, (fold.isFinished || reply.done) && !reply.cut),
  };
}

/** Reads a response from its last event, completed from the earlier ones. */
export function readFold(fold: Fold, callNames: CallNames): ResponseReading {
  const { value, items, strays } = wholeResponse(fold);
  const final = readResponse(value, callNames);
  const reading = items.length === 0 ? final : arbitrate(final, readResponse({ ...value, output: items }, callNames));
  for (const stray of strays) {
    const isTold = isRecord(stray) && TOLD.test(textOf(stray.type) ?? "");
    reading.answers[0]?.parts.push({ type: isTold ? "data" : "unknown", value: stray });
  }
  return reading;
}

// Tokens were generated but none are stored: kept without its content (API notes: Stored responses).
function silence(
  { answers, usage, error }: ResponseReading,
  complete: boolean,
): Pick<ResponseReading, "complete" | "unstored"> {
  const isSilent = answers.every(({ parts }) => parts.length === 0) && (usage?.tokensOut ?? 0) > 0;
  return isSilent && complete && error === undefined ? { complete: false, unstored: true } : { complete };
}

function readResponse(value: JsonRecord, callNames: CallNames): ResponseReading {
  const { output, status, incomplete_details: incomplete } = value;
  const said = isEmpty(output) ? value.output_text : output;
  const parts = Array.isArray(said) ? outputItemParts(said, callNames) : contentParts(said);
  const counted = value.object === "response.input_tokens" ? present({ input_tokens: value.input_tokens }) : {};
  if (!isEmpty(counted)) parts.push(dataPart(counted));
  const finishReason = textOf(recordOf(incomplete)?.reason) ?? (RUNNING.has(status) ? undefined : textOf(status));
  return {
    answers: [{ role: "assistant", parts, ...present({ finishReason }) }],
    complete: true,
    ...present({
      usage: usageOf(value.usage ?? counted),
      error: isEmpty(value.error) ? undefined : readError({ error: value.error }, false),
      model: textOf(value.model),
      envelope: restOf(value, ENVELOPE_KEYS),
    }),
  };
}

/** Returns a response's token counts, in the form of the Responses API or (`…_token_details`) the Realtime API. */
function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  const input = recordOf(usage?.input_tokens_details) ?? recordOf(usage?.input_token_details);
  const output = recordOf(usage?.output_tokens_details) ?? recordOf(usage?.output_token_details);
  const read = present({
    tokensIn: numberOf(usage?.input_tokens),
    tokensOut: numberOf(usage?.output_tokens),
    tokensTotal: numberOf(usage?.total_tokens),
    tokensCached: numberOf(input?.cached_tokens) ?? numberOf(input?.cache_read_input_tokens),
    tokensReasoning: numberOf(output?.reasoning_tokens),
  });
  return isEmpty(read) ? undefined : read;
}

/** Returns a declared tool: a function or custom tool by its name, a built-in one by its type. */
export function toolOf(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined) return { name: "", parameters: value };
  const { type, ...others } = tool;
  const details = { ...restOf(others, TOOL_KEYS), ...(type === "function" || isEmpty(type) ? undefined : { type }) };
  return {
    name: textOf(tool.name) ?? textOf(type) ?? "",
    ...present({
      description: textOf(tool.description),
      parameters: tool.parameters ?? undefined,
      details: isEmpty(details) ? undefined : details,
    }),
  };
}
