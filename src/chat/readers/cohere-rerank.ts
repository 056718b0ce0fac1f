import type { Part, Usage } from "../conversation.ts";
import { isEmpty, isRecord, listOf, numberOf, present, recordOf, restOf, textOf } from "../json.ts";
import { type Reader, settingsOf } from "../reader.ts";
import { usageOf } from "./cohere-usage.ts";

const REQUEST_KEYS = new Set(["query", "documents", "model"]);
const RESPONSE_KEYS = new Set(["results", "data", "object"]);
const TEXT_KEYS = new Set(["text"]);

/** Rerank as Cohere (version 1 and 2, also on Bedrock), Jina, Voyage and others have it. */
export const rerank: Reader = {
  format: "rerank",

  serves(_provider, path) {
    return /(?:^|\/)rerank\/?$/.test(path);
  },

  fitsRequest(body) {
    return !isEmpty(body.query) && Array.isArray(body.documents);
  },

  readRequest(body) {
    return {
      messages: [{ role: "user", parts: [documentPart(body.query), ...listOf(body.documents).map(documentPart)] }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    const ranking = rankingOf(value);
    return ranking !== undefined && (expected || (ranking.length > 0 && ranking.every(isRanked)));
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: [{ type: "data", value: rankingOf(body) }] }],
      complete: true,
      ...present({
        usage: usageOf(body.meta) ?? countedOf(body.usage),
        model: textOf(body.model),
        envelope: restOf(body, RESPONSE_KEYS),
      }),
    };
  },
};

function rankingOf(value: unknown): unknown[] | undefined {
  const { results, data } = recordOf(value) ?? {};
  return [results, data].find(Array.isArray);
}

function isRanked(item: unknown): boolean {
  return isRecord(item) && "index" in item && typeof item.relevance_score === "number";
}

function documentPart(value: unknown): Part {
  if (typeof value === "string") return { type: "text", text: value };
  const text = recordOf(value)?.text;
  if (!isRecord(value) || typeof text !== "string") return { type: "data", value };
  return { type: "text", text, ...present({ details: restOf(value, TEXT_KEYS) }) };
}

// Jina and Voyage count all tokens as one.
function countedOf(value: unknown): Usage | undefined {
  const tokensTotal = numberOf(recordOf(value)?.total_tokens);
  const tokensIn = numberOf(recordOf(value)?.prompt_tokens) ?? tokensTotal;
  return tokensIn === undefined ? undefined : present({ tokensIn, tokensTotal });
}
