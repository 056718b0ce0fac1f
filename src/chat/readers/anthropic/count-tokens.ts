import { isRecord, numberOf, present, recordOf } from "../../json/json.ts";
import type { Reader } from "../../reader.ts";
import { anthropicMessages } from "./messages.ts";

/** Anthropic's token count of a message before it's sent: the same request, answered with a number. */
export const anthropicCountTokens: Reader = {
  format: "anthropic-count-tokens",

  serves(_provider, path) {
    return /(?:^|\/)messages\/count_tokens\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && anthropicMessages.fitsRequest(body, true);
  },

  readRequest(body, context) {
    return anthropicMessages.readRequest(body, context);
  },

  fitsResponse({ value }, expected) {
    return expected && isRecord(value) && "input_tokens" in value;
  },

  readResponse({ value }) {
    const tokensIn = numberOf(recordOf(value)?.input_tokens);
    return {
      answers: [{ role: "assistant", parts: [{ type: "data", value }] }],
      complete: true,
      ...present({ usage: tokensIn === undefined ? undefined : { tokensIn } }),
    };
  },
};
