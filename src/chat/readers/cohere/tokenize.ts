import type { Part } from "../../conversation.ts";
import { isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";

const REQUEST_KEYS = new Set(["text", "tokens", "model"]);
const RESPONSE_KEYS = new Set(["text", "tokens", "token_strings"]);

/** Cohere's tokenize and detokenize: text to tokens, and tokens to text. */
export const cohereTokenize: Reader = {
  format: "cohere-tokenize",

  serves(provider, path) {
    return provider === "cohere" && /(?:^|\/)(?:de)?tokenize\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && ("text" in body || "tokens" in body);
  },

  readRequest(body) {
    return {
      messages: [{ role: "user", parts: partsOf(body) }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    return expected && isRecord(value) && (typeof value.text === "string" || Array.isArray(value.tokens));
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: partsOf(body) }],
      complete: true,
      ...present({ envelope: restOf(body, RESPONSE_KEYS) }),
    };
  },
};

function partsOf({ text, tokens, token_strings }: Record<string, unknown>): Part[] {
  const odd = typeof text === "string" ? undefined : text;
  const data = restOf({ text: odd, tokens, token_strings }, new Set());
  return [
    ...(typeof text === "string" && text !== "" ? [{ type: "text" as const, text }] : []),
    ...(data === undefined ? [] : [{ type: "data" as const, value: data }]),
  ];
}
