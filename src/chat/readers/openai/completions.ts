import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { SpelledText } from "../../spelled-text.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { isTokens } from "./input.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set(["prompt", "suffix", "model"]);
const CHOICE_KEYS = new Set(["text", "index", "finish_reason"]);
const ENVELOPE_KEYS = new Set(["choices", "streamed_data", "error", "nonce", "p", "obfuscation"]);
/** Settings that, with a prompt and a model, mark a completion. */
const OWN_SETTINGS = ["max_tokens", "logprobs", "echo", "best_of", "logit_bias"];

/** OpenAI's legacy completions; also vLLM's, Azure deployments', DeepSeek's and (its request) Mistral's FIM. */
export const openaiCompletions: Reader = {
  format: "openai-completions",

  serves(_provider, path) {
    return /(?:^|\/)(?<!chat\/)completions\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const { prompt } = body;
    if (expected) return prompt !== undefined;
    const isPrompt = typeof prompt === "string" || (Array.isArray(prompt) && prompt.length > 0);
    return isPrompt && typeof body.model === "string" && OWN_SETTINGS.some((key) => key in body);
  },

  readRequest(body) {
    const { prompt, suffix } = body;
    const prompts = Array.isArray(prompt) && !isTokens(prompt) ? prompt : [prompt];
    const after: Part[] = isEmpty(suffix) ? [] : [{ ...promptPart(suffix), details: { field: "suffix" } }];
    return {
      messages: prompts.map((one): Message => ({
        role: "user",
        parts: [...(isEmpty(one) ? [] : [promptPart(one)]), ...after],
      })),
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return isCompletion(value) || events.some(({ data }) => isCompletion(data));
  },

  readResponse(reply) {
    const { value, events } = reply;
    const assembled = isCompletion(value) ? read(value) : undefined;
    const { value: whole, strays } = foldChunks(events);
    const folded = read(whole);
    const complete = !reply.cut && (reply.done || isFinished(folded.answers));
    const reading = arbitrate(assembled, { ...withStrays(folded, strays), complete });
    const isNull = listOf(recordOf(value)?.choices).some((choice) => recordOf(choice)?.text === null);
    const isSilent = isNull && reading.answers.every(({ parts }) => parts.length === 0);
    if (isSilent) return { ...reading, complete: false, unstored: true };
    return assembled !== undefined && events.length === 0 ? { ...reading, complete: true } : reading;
  },
};

function promptPart(prompt: unknown): Part {
  if (typeof prompt === "string") return { type: "text", text: prompt };
  return { type: isTokens(prompt) ? "data" : "unknown", value: prompt };
}

function isCompletion(value: unknown): value is JsonRecord {
  if (!isRecord(value) || !Array.isArray(value.choices)) return false;
  if (value.choices.length === 0) return value.object === "text_completion";
  return value.choices.some((choice) => {
    if (!isRecord(choice) || isRecord(choice.delta) || isRecord(choice.message)) return false;
    return typeof choice.text === "string" || value.object === "text_completion";
  });
}

function isFinished(answers: Message[]): boolean {
  return answers.length > 0 && answers.every(({ finishReason }) => finishReason !== undefined);
}

function read(value: JsonRecord): ResponseReading {
  return {
    answers: listOf(value.choices).map(readChoice),
    complete: true,
    ...present({
      usage: usageOf(value.usage),
      model: textOf(value.model),
      envelope: restOf(value, ENVELOPE_KEYS),
    }),
  };
}

function readChoice(value: unknown): Message {
  const choice = recordOf(value);
  if (choice === undefined) return { role: "assistant", parts: [{ type: "unknown", value }] };
  const { text } = choice;
  // On Bedrock, DeepSeek ends with `stop_reason`.
  const reason = choice.finish_reason ?? choice.stop_reason;
  const isOdd = !isEmpty(text) && typeof text !== "string";
  const details = {
    ...restOf(choice, CHOICE_KEYS),
    ...(isEmpty(reason) || typeof reason === "string" ? undefined : { finish_reason: reason }),
  };
  return {
    role: "assistant",
    parts: isOdd ? [{ type: "unknown", value: { text } }] : isEmpty(text) ? [] : [{ type: "text", text: String(text) }],
    ...present({ finishReason: textOf(reason), details: isEmpty(details) ? undefined : details }),
  };
}

type Choice = { index: number; text: SpelledText; others: Map<string, unknown>; logprobs: Map<string, unknown> };

/** Folds a completion stream's chunks into one response value, in linear time. */
function foldChunks(events: StreamEvent[]): { value: JsonRecord; strays: unknown[] } {
  const fields = new Map<string, unknown>();
  const choices = new Map<number, Choice>();
  const strays: unknown[] = [];
  for (const { data } of events) {
    if (!isRecord(data)) {
      strays.push(data);
      continue;
    }
    for (const [key, value] of Object.entries(data)) {
      if (key !== "choices" && !isEmpty(value)) fields.set(key, value);
    }
    for (const [at, choice] of listOf(data.choices).entries()) {
      if (isRecord(choice)) addChoice(choices, choice, at);
      else strays.push(choice);
    }
  }
  const whole = [...choices.values()].toSorted((a, b) => a.index - b.index).map(wholeChoice);
  return { value: { ...Object.fromEntries(fields), choices: whole }, strays };
}

function addChoice(choices: Map<number, Choice>, piece: JsonRecord, at: number): void {
  const index = typeof piece.index === "number" ? piece.index : at;
  const choice = choices.get(index) ?? { index, text: new SpelledText(), others: new Map(), logprobs: new Map() };
  choices.set(index, choice);
  for (const [key, value] of Object.entries(piece)) {
    if (isEmpty(value)) continue;
    if (key === "text" && typeof value === "string") choice.text.add(value);
    else if (key === "logprobs" && isRecord(value)) addLogprobs(choice.logprobs, value);
    else if (key !== "index") choice.others.set(key, value);
  }
}

// Extends parallel lists with an entry per token: tokens, token_logprobs, top_logprobs, text_offset.
function addLogprobs(lists: Map<string, unknown>, logprobs: JsonRecord): void {
  for (const [key, value] of Object.entries(logprobs)) {
    const list = lists.get(key);
    if (!Array.isArray(list) || !Array.isArray(value)) lists.set(key, Array.isArray(value) ? [...value] : value);
    else for (const item of value) list.push(item);
  }
}

function wholeChoice({ index, text, others, logprobs }: Choice): JsonRecord {
  const odd = others.get("text");
  return {
    ...Object.fromEntries(others),
    ...(logprobs.size === 0 ? {} : { logprobs: Object.fromEntries(logprobs) }),
    index,
    text: text.text === "" ? odd : text.text,
  };
}
