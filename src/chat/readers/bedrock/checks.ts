import type { Message, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  parseJson,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type Reader, type RequestReading, settingsOf } from "../../reader.ts";
import { blockParts } from "./blocks.ts";
import { readConverseRequest } from "./converse.ts";
import { modelIn } from "./invocation.ts";

const CONTENT_KEYS = new Set(["content"]);
const OUTPUT_KEYS = new Set(["outputs"]);

/** Bedrock's CountTokens: a Converse request, or a model's own in base64, and its token count. */
export const bedrockCountTokens: Reader = {
  format: "bedrock-count-tokens",

  serves(_provider, path) {
    return /(?:^|\/)model\/[^/]+\/count-tokens\/?$/.test(path);
  },

  modelIn,

  fitsRequest(body, expected) {
    const input = recordOf(body.input);
    return expected && (isRecord(input?.converse) || isRecord(input?.invokeModel));
  },

  readRequest(body, { callNames }): RequestReading {
    const { converse, invokeModel, ...others } = recordOf(body.input) ?? {};
    const counted = isRecord(converse) ? readConverseRequest(converse, callNames) : undefined;
    const { messages, tools, settings } = counted ?? { messages: [], tools: [], settings: {} };
    return {
      messages: isEmpty(invokeModel) ? messages : [...messages, { role: "user", parts: [encodedPart(invokeModel)] }],
      tools,
      settings: { ...settings, ...settingsOf(body, new Set(["input"])), ...others },
    };
  },

  fitsResponse({ value }, expected) {
    return expected && isRecord(value) && typeof value.inputTokens === "number";
  },

  // Counting consumes no tokens, so the count is the answer, not usage.
  readResponse({ value }) {
    return { answers: [{ role: "assistant", parts: [{ type: "data", value }] }], complete: true };
  },
};

/** Bedrock's ApplyGuardrail: content to check, the verdict, and its replacement. */
export const bedrockGuardrail: Reader = {
  format: "bedrock-guardrail",

  serves(_provider, path) {
    return /(?:^|\/)guardrail\/[^/]+\/version\/[^/]+\/apply\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && Array.isArray(body.content);
  },

  readRequest(body, { callNames }) {
    const parts = listOf(body.content).flatMap((block) => blockParts([{ guardContent: block }], callNames));
    return { messages: [{ role: "user", parts }], tools: [], settings: settingsOf(body, CONTENT_KEYS) };
  },

  fitsResponse({ value }) {
    return isRecord(value) && typeof value.action === "string" && Array.isArray(value.outputs);
  },

  readResponse({ value }, { callNames }) {
    const body = recordOf(value) ?? {};
    const verdict = restOf(body, OUTPUT_KEYS);
    const parts: Part[] = [
      ...blockParts(body.outputs, callNames),
      ...(verdict === undefined ? [] : [{ type: "data" as const, value: verdict }]),
    ];
    const answer: Message = { role: "assistant", parts, ...present({ finishReason: textOf(body.action) }) };
    return { answers: [answer], complete: true };
  },
};

function encodedPart(invokeModel: unknown): Part {
  const { body, ...others } = recordOf(invokeModel) ?? { body: invokeModel };
  const encoded = textOf(body);
  const value = encoded === undefined ? undefined : parseJson(Buffer.from(encoded, "base64").toString());
  const details: JsonRecord | undefined = isEmpty(others) ? undefined : others;
  return value === undefined
    ? { type: "unknown", value: { invokeModel } }
    : { type: "data", value, ...present({ details }) };
}
