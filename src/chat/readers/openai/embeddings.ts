import type { Part } from "../../conversation.ts";
import { isEmpty, isRecord, listOf, numberOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Context, type Reader } from "../../reader.ts";
import { readInput } from "./input.ts";
import { usageOf } from "./usage.ts";
import { embeddingParts } from "../shared/vectors.ts";

const ENVELOPE_KEYS = new Set(["data", "object", "error"]);
const ITEM_KEYS = new Set(["object", "embedding", "index"]);

type Encoding = "float32" | "int8" | "uint8" | "bits";

/** OpenAI's embeddings, and compatible ones of Mistral, Perplexity, OpenRouter, Workers AI `/v1` and others. */
export const openaiEmbeddings: Reader = {
  format: "openai-embeddings",

  serves(_provider, path) {
    return /(?:^|\/)(?:contextualized)?embeddings\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    if (expected) return body.input !== undefined;
    const isAsked = "encoding_format" in body || "dimensions" in body || /embed/i.test(textOf(body.model) ?? "");
    return isAsked && !isEmpty(body.input);
  },

  readRequest: readInput,

  fitsResponse({ value }, expected) {
    if (!isRecord(value) || !Array.isArray(value.data)) return false;
    const first: unknown = value.data[0];
    return expected || (isRecord(first) && first.object === "embedding" && "embedding" in first);
  },

  readResponse({ value, cut }, context) {
    const body = recordOf(value) ?? {};
    const encoding = encodingOf(context);
    const parts = ordered(listOf(body.data)).flatMap((item) => itemParts(item, encoding, cut));
    return {
      answers: [{ role: "assistant", parts }],
      complete: true,
      ...present({
        usage: usageOf(body.usage),
        model: textOf(body.model),
        envelope: restOf(body, ENVELOPE_KEYS),
      }),
    };
  },
};

/**
 * Returns the encoding of base64 embeddings: as requested (Perplexity `encoding_format`, Mistral `output_dtype`), else
 * the default.
 */
function encodingOf({ provider, request }: Context): Encoding {
  const { encoding_format: format, output_dtype: type, model } = request ?? {};
  if (format === "base64_binary") return "bits";
  if (type === "uint8" || type === "ubinary") return "uint8";
  if (format === "base64_int8" || type === "int8" || type === "binary") return "int8";
  const isPerplexity = provider === "perplexity-ai" || textOf(model)?.startsWith("pplx-") === true;
  return isPerplexity && isEmpty(format) ? "int8" : "float32";
}

function ordered(items: unknown[]): unknown[] {
  const numbered = items.map((item) => ({ item, index: numberOf(recordOf(item)?.index) }));
  if (numbered.some(({ index }) => index === undefined)) return items;
  return numbered.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ item }) => item);
}

function itemParts(item: unknown, encoding: Encoding, cut: boolean): Part[] {
  if (!isRecord(item)) return [{ type: "unknown", value: item }];
  // Perplexity's contextualized embeddings: a list of chunks for each document.
  if (Array.isArray(item.data)) return ordered(item.data).flatMap((chunk) => itemParts(chunk, encoding, cut));
  const { embedding } = item;
  const values = typeof embedding === "string" ? decoded(Buffer.from(embedding, "base64"), encoding, cut) : undefined;
  const parts: Part[] | undefined = values === undefined ? embeddingParts(embedding) : [{ type: "embedding", values }];
  const details = restOf(item, ITEM_KEYS);
  if (parts === undefined) return [{ type: "unknown", value: item }];
  if (details !== undefined) for (const part of parts) part.details = details;
  return parts;
}

function decoded(bytes: Buffer, encoding: Encoding, cut: boolean): number[] | undefined {
  if (encoding === "uint8") return [...bytes];
  if (encoding === "int8") return Array.from(bytes, (byte) => (byte << 24) >> 24);
  if (encoding === "bits") return Array.from({ length: bytes.length * 8 }, (_, at) => bitOf(bytes, at));
  if (bytes.length % 4 !== 0 && !cut) return undefined;
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(4 * at));
}

// Eight per byte, lowest bit first.
function bitOf(bytes: Buffer, at: number): number {
  return ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
}
