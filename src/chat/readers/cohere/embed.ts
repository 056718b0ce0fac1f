import type { Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { locate } from "../../media.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { usageOf } from "./usage.ts";
import { contentParts } from "../openai/chat-parts.ts";
import { embeddingParts } from "../shared/vectors.ts";

const REQUEST_KEYS = new Set(["texts", "images", "inputs", "model"]);
const RESPONSE_KEYS = new Set(["embeddings"]);
const TYPES = new Set(["float", "int8", "uint8", "binary", "ubinary", "base64"]);
const FLOAT_LENGTH = 4;

/** Cohere's embeddings, version 1 and 2, also on Bedrock. */
export const cohereEmbed: Reader = {
  format: "cohere-embed",

  serves(_provider, path) {
    return /(?:^|\/)v[12]\/embed\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const isAsked = [body.texts, body.images, body.inputs].some(Array.isArray);
    return isAsked && (expected || typeof body.input_type === "string");
  },

  readRequest(body) {
    const parts = [
      ...listOf(body.texts).map(textPart),
      ...listOf(body.images).map(imagePart),
      ...listOf(body.inputs).flatMap(inputParts),
    ];
    return {
      messages: [{ role: "user", parts }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    if (!isRecord(value)) return false;
    const { embeddings } = value;
    if (Array.isArray(embeddings)) return Array.isArray(embeddings[0]) && (expected || "response_type" in value);
    return isRecord(embeddings) && Object.keys(embeddings).some((key) => TYPES.has(key));
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: partsOf(body.embeddings) }],
      complete: true,
      ...present({ usage: usageOf(body.meta), envelope: restOf(body, RESPONSE_KEYS) }),
    };
  },
};

function textPart(value: unknown): Part {
  return typeof value === "string" ? { type: "text", text: value } : { type: "unknown", value };
}

function imagePart(value: unknown): Part {
  return typeof value === "string" ? { type: "media", media: "image", ...locate(value) } : { type: "unknown", value };
}

function inputParts(value: unknown): Part[] {
  const { content, ...others } = recordOf(value) ?? { content: [value] };
  return [...contentParts(content), ...(isEmpty(others) ? [] : [{ type: "unknown" as const, value: others }])];
}

function partsOf(embeddings: unknown): Part[] {
  if (!isRecord(embeddings)) return embeddingParts(embeddings) ?? [{ type: "unknown", value: { embeddings } }];
  return Object.entries(embeddings).flatMap(([type, value]): Part[] => {
    if (isEmpty(value)) return [];
    const parts = type === "base64" ? decodedParts(value) : embeddingParts(value);
    for (const part of parts ?? []) part.details = { type };
    return parts ?? [unknownPart(type, value)];
  });
}

function unknownPart(type: string, value: unknown): Part {
  return { type: "unknown", value: { embeddings: Object.fromEntries([[type, value]]) } satisfies JsonRecord };
}

// Decodes consecutive little-endian floats.
function decodedParts(value: unknown): Part[] | undefined {
  const vectors: number[][] = [];
  for (const encoded of listOf(value)) {
    if (typeof encoded !== "string") return undefined;
    const bytes = Buffer.from(encoded, "base64");
    const count = Math.floor(bytes.length / FLOAT_LENGTH);
    vectors.push(Array.from({ length: count }, (_, at) => bytes.readFloatLE(FLOAT_LENGTH * at)));
  }
  return embeddingParts(vectors);
}
