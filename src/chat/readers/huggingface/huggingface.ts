import type { Message } from "../../conversation.ts";
import { type JsonRecord, isRecord, present, recordOf, textOf } from "../../json/json.ts";
import type { Reader, ResponseReading } from "../../reader.ts";
import { flatSettings } from "../shared/flat-settings.ts";
import { readGenerated } from "./generation.ts";
import { readInputs } from "./inputs.ts";
import { foldTokens, isToken } from "./stream.ts";
import { isTaskResult, taskParts } from "./tasks.ts";

/** Text generation inference and the inference API's tasks: `inputs` and `parameters`, answers by task. */
export const huggingface: Reader = {
  format: "huggingface",

  serves(provider, path) {
    if (/(?:^|\/)v1\//.test(path)) return false;
    if (provider === "huggingface") return true;
    return /(?:^|\/)(?:hf-inference\/models\/|pipeline\/[a-z-]+\/|generate_stream\/?$)/.test(path);
  },

  modelIn(path) {
    const named = /(?:^|\/)(?:models|pipeline\/[a-z-]+)\/([^/?#]+\/[^/?#]+)/.exec(path)?.[1];
    return named ?? /^\/?([^/?#]+\/[^/?#]+)\/?$/.exec(path)?.[1];
  },

  fitsRequest(body, expected) {
    if (expected && isRanking(body)) return true;
    if (Array.isArray(body.messages)) return false;
    return expected ? "inputs" in body || "parameters" in body : "inputs" in body && isRecord(body.parameters);
  },

  readRequest(body) {
    const { inputs, model, ...others } = isRanking(body) ? ranking(body) : body;
    const name = textOf(model);
    const settings = { ...others, ...(name === undefined && model !== undefined ? { model } : {}) };
    return {
      messages: readInputs(inputs),
      tools: [],
      settings: flatSettings(settings, "parameters"),
      ...present({ model: name }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (generatedOf(value) !== undefined) return true;
    if (events.some(({ data }) => isToken(data))) return true;
    return isTaskResult(value, expected);
  },

  readResponse({ value, events, cut }, { request }): ResponseReading {
    const generated = generatedOf(value);
    if (generated !== undefined) return { ...readGenerated(generated), complete: true };
    if (events.some(({ data }) => isToken(data))) {
      const { body, strays, isEnded } = foldTokens(events);
      const { answers, ...around } = readGenerated([body]);
      const [answer = { role: "assistant", parts: [] }] = answers;
      const parts = [...answer.parts, ...strays.map((stray) => ({ type: "unknown" as const, value: stray }))];
      return { ...around, answers: [{ ...answer, parts }], complete: !cut && isEnded };
    }
    const compared = recordOf(request?.inputs)?.source_sentence !== undefined;
    const answer: Message = { role: "assistant", parts: taskParts(value, compared) };
    return { answers: [answer], complete: true };
  },
};

// Text embeddings inference ranks `texts` by a `query`, in place of other tasks' `inputs`.
function isRanking(body: JsonRecord): boolean {
  return !("inputs" in body) && "query" in body && Array.isArray(body.texts);
}

function ranking({ query, texts, ...others }: JsonRecord): JsonRecord {
  return { ...others, inputs: { query, texts } };
}

/** Returns the generated texts of a body: `{generated_text}`, a list, or (several inputs) lists in a list. */
function generatedOf(value: unknown): unknown[] | undefined {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const first = Array.isArray(items[0]) ? (items[0] as unknown[])[0] : items[0];
  if (!isRecord(first) || typeof first.generated_text !== "string" || "token" in first) return undefined;
  return items.flat();
}
