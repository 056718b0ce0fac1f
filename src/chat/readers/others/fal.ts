import type { MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, present, restOf, textOf } from "../../json/json.ts";
import type { Reader, Reply } from "../../reader.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { readInputs } from "../replicate/inputs.ts";

const MEDIA_KEYS = new Map<string, MediaKind>([
  ["images", "image"],
  ["image", "image"],
  ["video", "video"],
  ["videos", "video"],
  ["audio", "audio"],
  ["audio_file", "audio"],
  ["audio_url", "audio"],
  ["file", "file"],
  ["model_mesh", "file"],
]);
const TEXT_KEYS = ["output", "text", "results"];
const OWN_KEYS = new Set([...MEDIA_KEYS.keys(), ...TEXT_KEYS, "chunks", "partial"]);
/** Queue states before there is a result. */
const PENDING = new Set<unknown>(["IN_QUEUE", "IN_PROGRESS"]);

/** fal's models: inputs at the top level of the request, files by URL in the answer. */
export const fal: Reader = {
  format: "fal",

  serves(provider, path) {
    return provider === "fal" || /(?:^|\/)fal-ai(?:\/|$)/.test(path);
  },

  modelIn(path) {
    return /(?:^|\/)(fal-ai\/(?!fal-ai\/)[^?#]+)/.exec(path)?.[1];
  },

  fitsRequest(_, expected) {
    return expected;
  },

  readRequest(body, { callNames }) {
    const { messages, settings } = readInputs(body, callNames);
    return { messages, settings, tools: [] };
  },

  fitsResponse(reply, expected) {
    const body = bodyOf(reply);
    if (body === undefined) return false;
    if (!expected) return fileKeys(body).length > 0;
    return "request_id" in body || Object.keys(body).some((key) => OWN_KEYS.has(key));
  },

  readResponse(reply) {
    const body = bodyOf(reply) ?? {};
    const parts: Part[] = [
      ...TEXT_KEYS.flatMap((key) => outputParts(body[key])),
      ...[...MEDIA_KEYS].flatMap(([key, kind]) => mediaParts(key, body[key], kind)),
      ...(isEmpty(body.chunks) ? [] : [{ type: "data" as const, value: { chunks: body.chunks } }]),
    ];
    const complete = !reply.cut && body.partial !== true && !PENDING.has(body.status);
    if (parts.length === 0)
      return { answers: [{ role: "assistant", parts: [{ type: "data", value: body }] }], complete };
    return { answers: [{ role: "assistant", parts }], complete, ...present({ envelope: restOf(body, OWN_KEYS) }) };
  },
};

// Each event of a stream includes everything so far.
function bodyOf({ value, events }: Reply): JsonRecord | undefined {
  if (isRecord(value) && !Array.isArray(value.streamed_data)) return value;
  const last = events.findLast(({ data }) => isRecord(data))?.data;
  return isRecord(last) ? last : undefined;
}

function fileKeys(body: JsonRecord): string[] {
  return [...MEDIA_KEYS.keys()].filter((key) => {
    const value = body[key];
    const file: unknown = Array.isArray(value) ? value[0] : value;
    return isRecord(file) && typeof file.url === "string" && typeof file.content_type === "string";
  });
}

function outputParts(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  const text = textOf(value);
  return [text === undefined ? { type: "data", value } : { type: "text", text }];
}

function mediaParts(key: string, value: unknown, kind: MediaKind): Part[] {
  if (isEmpty(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => mediumOf(item, kind) ?? { type: "unknown", value: { [key]: item } });
}
