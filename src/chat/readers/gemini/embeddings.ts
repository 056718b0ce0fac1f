import type { Message, Part } from "../../conversation.ts";
import { isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, settingsOf } from "../../reader.ts";
import { field, joined } from "./fields.ts";
import { modelIn, withoutCollection } from "./model.ts";
import { readContent } from "./parts.ts";
import { usageOf } from "./usage.ts";
import { vectorParts } from "./vectors.ts";
import { embeddingParts } from "../shared/vectors.ts";

const REQUEST_KEYS = new Set(["content", "requests", "model"]);
const ASKED_KEYS = new Set(["content", "model"]);
const RESPONSE_KEYS = new Set(["embedding", "embeddings"]);

/** Gemini's embedContent and batchEmbedContents, on AI Studio and on Vertex AI. */
export const geminiEmbeddings: Reader = {
  format: "gemini-embeddings",

  serves(_provider, path) {
    return /(?::|%3a)(?:batch)?embedcontents?\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const asked = [body, ...listOf(body.requests)];
    return expected || asked.some((one) => isRecord(one) && isRecord(one.content) && "parts" in one.content);
  },

  readRequest(body, { callNames, path }) {
    const model = textOf(body.model);
    return {
      messages: [body, ...listOf(body.requests)].flatMap((asked) => messagesOf(asked, asked !== body, callNames)),
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: model === undefined ? modelIn(path) : withoutCollection(model) }),
    };
  },

  fitsResponse({ value }, expected) {
    if (!isRecord(value)) return false;
    const first: unknown = Array.isArray(value.embeddings) ? value.embeddings[0] : value.embedding;
    return isRecord(first) ? Array.isArray(first.values) : expected && !isEmpty(first);
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    const usage = recordOf(field(body, "usageMetadata"));
    const counted = usageOf({ sent: [usage?.promptTokenCount], made: [], total: usage?.totalTokenCount });
    const parts = [body.embedding, ...listOf(body.embeddings)].flatMap(partsOf);
    return {
      answers: [{ role: "assistant", parts }],
      complete: true,
      ...present({ usage: counted, envelope: restOf(body, RESPONSE_KEYS) }),
    };
  },
};

/** Returns the embedded content; in a batch, each with its own settings (`taskType`, `title`). */
function messagesOf(value: unknown, isOneOfBatch: boolean, callNames: CallNames): Message[] {
  const asked = recordOf(value);
  if (asked === undefined) return [{ role: "user", parts: [{ type: "unknown", value }] }];
  if (isEmpty(asked.content) && !isOneOfBatch) return [];
  const message = readContent(asked.content, callNames);
  const details = joined(message.details, isOneOfBatch ? restOf(asked, ASKED_KEYS) : undefined);
  return [{ ...message, ...present({ details }) }];
}

function partsOf(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  return vectorParts(value, "values") ?? embeddingParts(value) ?? [{ type: "unknown", value }];
}
