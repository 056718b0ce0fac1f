import { isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader } from "../../reader.ts";
import { readInput } from "./input.ts";
import { usageOf } from "./usage.ts";

const ENVELOPE_KEYS = new Set(["results", "error"]);

/** OpenAI's moderations, and Mistral's moderations and classifications, of texts and of chats. */
export const openaiModerations: Reader = {
  format: "openai-moderations",

  serves(_provider, path) {
    return /(?:^|\/)(?:moderations|classifications)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return !isEmpty(body.input) && (expected || /moderation/i.test(textOf(body.model) ?? ""));
  },

  readRequest: readInput,

  fitsResponse({ value }, expected) {
    if (!isRecord(value) || !Array.isArray(value.results)) return false;
    const first: unknown = value.results[0];
    return expected || (isRecord(first) && isRecord(first.categories) && isRecord(first.category_scores));
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: listOf(body.results).map((result) => ({ type: "data", value: result })) }],
      complete: true,
      ...present({
        usage: usageOf(body.usage),
        model: textOf(body.model),
        envelope: restOf(body, ENVELOPE_KEYS),
      }),
    };
  },
};
