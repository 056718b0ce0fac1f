import type { Part } from "../../conversation.ts";
import { isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set(["inputs", "model"]);
const RESPONSE_KEYS = new Set(["classifications"]);

/** Cohere's classify: a label for each text. */
export const cohereClassify: Reader = {
  format: "cohere-classify",

  serves(provider, path) {
    return provider === "cohere" && /(?:^|\/)classify\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && Array.isArray(body.inputs);
  },

  readRequest(body) {
    const parts = listOf(body.inputs).map((input): Part =>
      typeof input === "string" ? { type: "text", text: input } : { type: "unknown", value: input },
    );
    return {
      messages: [{ role: "user", parts }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    const [first] = listOf(recordOf(value)?.classifications);
    return isRecord(first) && (expected || "prediction" in first);
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: [{ type: "data", value: body.classifications }] }],
      complete: true,
      ...present({ usage: usageOf(body.meta), envelope: restOf(body, RESPONSE_KEYS) }),
    };
  },
};
