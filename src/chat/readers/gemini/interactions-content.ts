import type { Citation, MediaKind, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  idOf,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  present,
  restOf,
  textOf,
} from "../../json/json.ts";
import type { CallNames } from "../../reader.ts";
import { citation } from "./citation.ts";
import { placeOf, textBytes } from "./text-bytes.ts";

const MEDIA = new Map<unknown, MediaKind>([
  ["image", "image"],
  ["audio", "audio"],
  ["video", "video"],
  ["document", "file"],
]);
const TEXT_KEYS = new Set(["type", "text", "annotations"]);
const MEDIA_KEYS = new Set(["type", "data", "uri", "mime_type", "name"]);
const THOUGHT_KEYS = new Set(["type", "summary"]);
const CALL_KEYS = new Set(["type", "id", "name", "arguments"]);
const RESULT_KEYS = new Set(["type", "call_id", "name", "result", "is_error"]);
const CITATION_KEYS = new Set(["type", "url", "document_uri", "title", "file_name", "start_index", "end_index"]);

/** Whether a value is a content or a step by its type: text, medium, thought, tool call or result. */
export function isContent(value: unknown): value is JsonRecord {
  if (!isRecord(value) || typeof value.type !== "string") return false;
  return (
    value.type === "text" || value.type === "thought" || MEDIA.has(value.type) || /_(?:call|result)$/.test(value.type)
  );
}

/** Returns the parts of a step's content: a text, one content, or a list. */
export function contentParts(value: unknown, callNames: CallNames): Part[] {
  if (isEmpty(value)) return [];
  if (Array.isArray(value)) return value.flatMap((content) => contentPart(content, callNames));
  return contentPart(value, callNames);
}

function contentPart(value: unknown, callNames: CallNames): Part[] {
  if (typeof value === "string") return value === "" ? [] : [{ type: "text", text: value }];
  if (!isContent(value)) return [{ type: "unknown", value }];
  const type = textOf(value.type) ?? "";
  const media = MEDIA.get(type);
  if (media !== undefined) return [mediaPart(value, media)];
  if (type === "text") return textParts(value);
  if (type === "thought") return thoughtParts(value, callNames);
  return type.endsWith("_call") ? [callPart(value, type, callNames)] : [resultPart(value, type, callNames)];
}

function mediaPart(content: JsonRecord, media: MediaKind): Part {
  const mimeType = textOf(content.mime_type);
  const place = present({ mimeType, url: textOf(content.uri), data: textOf(content.data), name: textOf(content.name) });
  return { type: "media", media, ...place, ...present({ details: restOf(content, MEDIA_KEYS) }) };
}

function textParts(content: JsonRecord): Part[] {
  const details = restOf(content, TEXT_KEYS);
  const annotations = listOf(content.annotations);
  if (typeof content.text !== "string") return isEmpty(content.text) ? [] : [{ type: "unknown", value: content }];
  if (content.text === "" && details === undefined && annotations.length === 0) return [];
  const part: Extract<Part, { type: "text" }> = { type: "text", text: content.text, ...present({ details }) };
  if (annotations.length === 0) return [part];
  const bytes = textBytes([[part]]);
  part.citations = annotations.map((annotation) => citationOf(annotation, bytes));
  return [part];
}

function citationOf(value: unknown, bytes: ReturnType<typeof textBytes>): Citation {
  if (!isRecord(value)) return { source: value };
  const start = numberOf(value.start_index) ?? 0;
  const end = numberOf(value.end_index);
  const place = end === undefined ? undefined : placeOf(bytes, start, end, undefined, undefined);
  const known = present({
    type: value.type,
    url: textOf(value.url) ?? textOf(value.document_uri),
    title: textOf(value.title) ?? textOf(value.file_name),
    segments: place === undefined ? undefined : [{ start: place.start, end: place.end }],
  });
  return citation(restOf(value, CITATION_KEYS), known);
}

/** A thought shows only its summary; the rest is encrypted in its signature. */
function thoughtParts(thought: JsonRecord, callNames: CallNames): Part[] {
  const shown = contentParts(thought.summary, callNames);
  const text = shown.map((part) => (part.type === "text" ? part.text : "")).join("");
  const others = shown.filter((part) => part.type !== "text");
  const details = restOf(thought, THOUGHT_KEYS);
  if (text === "" && details === undefined) return others;
  const redacted = text === "" ? true : undefined;
  return [{ type: "reasoning", text, ...present({ redacted, details }) }, ...others];
}

// A function has a name; Google's own tools are named by their step's type.
function callPart(call: JsonRecord, type: string, callNames: CallNames): Part {
  const id = idOf(call.id);
  const name = textOf(call.name) ?? type.slice(0, -"_call".length);
  if (id !== undefined) callNames.set(id, name);
  const details = restOf(call, CALL_KEYS);
  return { type: "toolCall", name, arguments: call.arguments ?? {}, ...present({ id, details }) };
}

function resultPart(result: JsonRecord, type: string, callNames: CallNames): Part {
  const id = idOf(result.call_id);
  const name =
    textOf(result.name) ?? (id === undefined ? undefined : callNames.get(id)) ?? type.slice(0, -"_result".length);
  const given = listOf(result.result);
  const isSpoken = given.length > 0 ? given.every(isContent) : typeof result.result === "string";
  const parts: Part[] = isSpoken
    ? contentParts(result.result, callNames)
    : isEmpty(result.result)
      ? []
      : [{ type: "data", value: result.result }];
  const isError = typeof result.is_error === "boolean" ? result.is_error : undefined;
  return { type: "toolResult", parts, name, ...present({ id, isError, details: restOf(result, RESULT_KEYS) }) };
}
