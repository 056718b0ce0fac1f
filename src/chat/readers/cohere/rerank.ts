import type { Part, Usage } from "../../conversation.ts";
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
import { type Reader, settingsOf } from "../../reader.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set(["query", "documents", "model"]);
const AGENT_KEYS = new Set(["queries", "sources"]);
const RESPONSE_KEYS = new Set(["results", "data", "object"]);
const TEXT_KEYS = new Set(["text"]);

/** Rerank in the format of Cohere (version 1 and 2, also on Bedrock), Jina, Voyage and others, and Bedrock's own. */
export const rerank: Reader = {
  format: "rerank",

  serves(_provider, path) {
    return /(?:^|\/)rerank\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    if (expected && isAgents(body)) return true;
    return !isEmpty(body.query) && Array.isArray(body.documents);
  },

  readRequest(body) {
    const asked = isAgents(body)
      ? [...body.queries, ...body.sources].map(sourcePart)
      : [documentPart(body.query), ...listOf(body.documents).map(documentPart)];
    return {
      messages: [{ role: "user", parts: asked }],
      tools: [],
      settings: settingsOf(body, isAgents(body) ? AGENT_KEYS : REQUEST_KEYS),
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

// Bedrock's agents take several queries at once.
function isAgents(body: JsonRecord): body is JsonRecord & { queries: unknown[]; sources: unknown[] } {
  return Array.isArray(body.queries) && Array.isArray(body.sources);
}

/** `{type: "TEXT", textQuery: {text}}`, `{type: "INLINE", inlineDocumentSource: {textDocument | jsonDocument}}`. */
function sourcePart(value: unknown): Part {
  const { inlineDocumentSource, textQuery, type, ...others } = recordOf(value) ?? { value };
  const { textDocument, type: _, ...source } = recordOf(inlineDocumentSource) ?? {};
  const text = recordOf(textQuery ?? textDocument)?.text;
  const isPlain = typeof text === "string" && isEmpty(others) && isEmpty(source);
  return isPlain && !isEmpty(type) ? { type: "text", text } : { type: "data", value };
}

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

// Jina and Voyage give only a total.
function countedOf(value: unknown): Usage | undefined {
  const tokensTotal = numberOf(recordOf(value)?.total_tokens);
  const tokensIn = numberOf(recordOf(value)?.prompt_tokens) ?? tokensTotal;
  return tokensIn === undefined ? undefined : present({ tokensIn, tokensTotal });
}
