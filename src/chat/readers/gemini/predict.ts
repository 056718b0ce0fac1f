import type { MediaKind, Message, Part, Usage } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { mediaKindOf } from "../../media.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { bothSpellings, field, joined } from "./fields.ts";
import { modelIn } from "./model.ts";
import { usageOf } from "./usage.ts";
import { vectorParts } from "./vectors.ts";

const REQUEST_KEYS = new Set(["instances"]);
const RESPONSE_KEYS = new Set(["predictions", "response"]);
const PLACE_KEYS = bothSpellings(
  "bytesBase64Encoded",
  "encodedVideo",
  "videoBytes",
  "gcsUri",
  "uri",
  "mimeType",
  "encoding",
);
/** Text fields of an instance. */
const TEXT_FIELDS = ["prompt", "content", "text"];
/** Media fields of an instance. A field that isn't simply the image or video is named with the part. */
const MEDIA_FIELDS: readonly [name: string, media: MediaKind][] = [
  ["image", "image"],
  ["video", "video"],
  ["lastFrame", "image"],
  ["mask", "image"],
  ["referenceImage", "image"],
];
const ANSWER_FIELDS: readonly [name: string, media: MediaKind][] = [
  ["image", "image"],
  ["video", "video"],
];
const MADE_KEYS = bothSpellings("generateVideoResponse", "videos", "generatedSamples", "predictions");
const VECTOR_FIELDS = new Set(["textEmbedding", "imageEmbedding", "embedding"]);

/**
 * Vertex AI's and AI Studio's predict and predictLongRunning: text and multimodal embeddings, Imagen's images, Veo's
 * videos, Lyria's music. A prediction of another model is kept whole.
 */
export const geminiPredict: Reader = {
  format: "gemini-predict",

  serves(_provider, path) {
    return /(?:(?::|%3a)(?:predict(?:longrunning)?|fetchpredictoperation)|\/operations\/[^/]+)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return Array.isArray(body.instances) || (expected && "operationName" in body);
  },

  readRequest(body, { path }) {
    return {
      messages: listOf(body.instances).map((instance): Message => ({ role: "user", parts: instanceParts(instance) })),
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: modelIn(path) }),
    };
  },

  fitsResponse({ value }, expected) {
    if (!isRecord(value)) return false;
    return Array.isArray(value.predictions)
      ? expected || value.predictions.some(isKnown)
      : expected && isOperation(value);
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    const parts = listOf(body.predictions).flatMap(predictionParts);
    const answer = isOperation(body) ? [...parts, ...operationParts(body)] : parts;
    return {
      answers: [{ role: "assistant", parts: answer }],
      complete: true,
      ...present({ usage: readUsage(body), envelope: restOf(body, RESPONSE_KEYS) }),
    };
  },
};

function isKnown(prediction: unknown): boolean {
  if (!isRecord(prediction)) return false;
  const isEmbedding = Array.isArray(recordOf(prediction.embeddings)?.values);
  return isEmbedding || typeof prediction.bytesBase64Encoded === "string";
}

function isOperation(body: JsonRecord): boolean {
  return textOf(body.name) !== undefined && (String(body.name).includes("operations/") || "done" in body);
}

function instanceParts(value: unknown): Part[] {
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (!isRecord(value)) return [{ type: "unknown", value }];
  const used = new Set<string>();
  const texts = TEXT_FIELDS.flatMap((name): Part[] => {
    const text = textOf(value[name]);
    if (text !== undefined) used.add(name);
    return text === undefined ? [] : [{ type: "text", text }];
  });
  const media = mediaIn(value, MEDIA_FIELDS, used);
  const references = listOf(field(value, "referenceImages"));
  for (const reference of references) media.push(...referenceParts(reference));
  if (references.length > 0) for (const name of bothSpellings("referenceImages")) used.add(name);
  return withRest([...texts, ...media], value, used);
}

function mediaIn(record: JsonRecord, fields: typeof MEDIA_FIELDS, used: Set<string>): Part[] {
  return fields.flatMap(([name, media]) => {
    const medium = recordOf(field(record, name));
    if (medium === undefined) return [];
    for (const spelling of bothSpellings(name)) used.add(spelling);
    return [mediaPart(medium, media, name === media ? undefined : name)];
  });
}

function referenceParts(value: unknown): Part[] {
  if (!isRecord(value)) return [{ type: "unknown", value }];
  const used = new Set<string>();
  return withRest(
    mediaIn(
      value,
      [
        ["referenceImage", "image"],
        ["image", "image"],
      ],
      used,
    ),
    value,
    used,
  );
}

/** `{bytesBase64Encoded | gcsUri | uri, mimeType}` as a medium. */
function mediaPart(medium: JsonRecord, kind: MediaKind, named?: string): Part {
  const mimeType = textOf(field(medium, "mimeType")) ?? textOf(medium.encoding);
  const data = ["bytesBase64Encoded", "encodedVideo", "videoBytes"].map((name) => textOf(field(medium, name)));
  const url = textOf(field(medium, "gcsUri")) ?? textOf(medium.uri);
  const details = joined(restOf(medium, PLACE_KEYS), named === undefined ? undefined : { field: named });
  return { type: "media", media: kind, ...present({ mimeType, data: data.find(Boolean), url, details }) };
}

/** Adds a record's other fields to the first of its parts; a record without known parts is unknown. */
function withRest(parts: Part[], record: JsonRecord, used: ReadonlySet<string>): Part[] {
  const others = restOf(record, used);
  const first = parts[0];
  if (first === undefined) return isEmpty(record) ? [] : [{ type: "unknown", value: record }];
  const details = joined(first.details, others);
  if (details !== undefined) first.details = details;
  return parts;
}

function predictionParts(value: unknown): Part[] {
  if (!isRecord(value)) return [typeof value === "string" ? { type: "text", text: value } : { type: "data", value }];
  if (typeof value.bytesBase64Encoded === "string" || typeof value.gcsUri === "string") {
    return [mediaPart(value, mediaKindOf(textOf(value.mimeType) ?? "image/png"))];
  }
  if (typeof value.audioContent === "string") {
    const { audioContent: data, ...others } = value;
    return [mediaPart({ ...others, bytesBase64Encoded: data }, "audio")];
  }
  const filtered = textOf(value.raiFilteredReason);
  if (filtered !== undefined) {
    const details = restOf(value, new Set(["raiFilteredReason"]));
    return [{ type: "refusal", text: filtered, ...present({ details }) }];
  }
  return embeddedParts(value) ?? [{ type: "data", value }];
}

/** Returns the embeddings of a prediction: of a text, or of text, image and video segments. */
function embeddedParts(prediction: JsonRecord): Part[] | undefined {
  const { embeddings, ...others } = prediction;
  if (embeddings !== undefined) return vectorParts(embeddings, "values", others);
  const found: Part[] = [];
  for (const [key, value] of Object.entries(prediction)) {
    const pieces = key === "videoEmbeddings" ? listOf(value) : VECTOR_FIELDS.has(key) ? [{ embedding: value }] : [];
    if (pieces.length === 0) return undefined;
    for (const piece of pieces) {
      found.push(...(vectorParts(piece, "embedding", { field: key }) ?? [{ type: "unknown" as const, value: piece }]));
    }
  }
  return found.length === 0 ? undefined : found;
}

/** A long-running operation: its name until it's done, then its result. */
function operationParts(operation: JsonRecord): Part[] {
  const response = recordOf(operation.response);
  if (response === undefined) return [{ type: "data", value: operation }];
  const made = recordOf(field(response, "generateVideoResponse")) ?? response;
  const samples = [...listOf(made.videos), ...listOf(made.generatedSamples), ...listOf(response.predictions)];
  const media = samples.flatMap((sample): Part[] => {
    if (!isRecord(sample)) return [{ type: "unknown", value: sample }];
    const used = new Set<string>();
    const inner = mediaIn(sample, ANSWER_FIELDS, used);
    return inner.length === 0 ? [mediaPart(sample, "video")] : withRest(inner, sample, used);
  });
  const others = joined(restOf(response, MADE_KEYS), restOf(made, MADE_KEYS));
  return others === undefined ? media : [...media, { type: "data", value: others }];
}

// Each text's embedding has its token count.
function readUsage(body: JsonRecord): Usage | undefined {
  const counts = listOf(body.predictions).map((prediction) => {
    const statistics = recordOf(recordOf(recordOf(prediction)?.embeddings)?.statistics);
    return statistics && field(statistics, "tokenCount");
  });
  return usageOf({ sent: counts, made: [], total: undefined });
}
