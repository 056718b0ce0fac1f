import type { MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, isVector, present, restOf, textOf } from "../../json/json.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { embeddingParts } from "../shared/vectors.ts";

/** Fields with the text of a task's answer. */
const TEXT_KEYS = ["answer", "summary_text", "translation_text", "text", "generated_text"];
/** Fields that no other interface has. */
const OWN_KEYS = ["summary_text", "translation_text"];
/** Fields of other interfaces' answers, and of errors. */
const FOREIGN_KEYS = ["choices", "object", "streamed_data", "error", "request_id", "success"];
const FILE_KEYS: readonly [string, MediaKind][] = [
  ["blob", "audio"],
  ["image", "image"],
  ["depth", "image"],
  ["audio", "audio"],
  ["video", "video"],
];

/** Whether a value is a task's result; without `expected`, only if it can't be anything else. */
export function isTaskResult(value: unknown, expected: boolean): boolean {
  if (Array.isArray(value)) {
    const first: unknown = value.length > 0 && Array.isArray(value[0]) ? value[0][0] : value[0];
    return isRecord(first) ? isTaskResult(first, expected) : expected && value.length > 0;
  }
  if (!isRecord(value)) return false;
  if (expected) return !isEmpty(value) && !FOREIGN_KEYS.some((key) => key in value);
  return OWN_KEYS.some((key) => !isEmpty(value[key]));
}

/**
 * Returns a task's answer. Lists of numbers are embeddings; with `compared` a single list is sentence similarities.
 * Classes, entities, masks and rankings are data as received.
 */
export function taskParts(value: unknown, compared: boolean): Part[] {
  if (isVector(value) && compared) return [{ type: "data", value }];
  const vectors = embeddingParts(value);
  if (vectors !== undefined) return vectors;
  if (!Array.isArray(value)) return [resultPart(value) ?? { type: "data", value }];
  const items: unknown[] = value;
  const parts = items.map(resultPart);
  return parts.every((part) => part !== undefined) ? parts : [{ type: "data", value }];
}

function resultPart(value: unknown): Part | undefined {
  if (!isRecord(value)) return undefined;
  const key = TEXT_KEYS.find((name) => textOf(value[name]) !== undefined);
  // A ranking may repeat its texts.
  if (key !== undefined && !(key === "text" && "score" in value)) {
    const details = restOf(value, new Set([key]));
    return { type: "text", text: textOf(value[key]) ?? "", ...present({ details }) };
  }
  return filePart(value);
}

function filePart(value: JsonRecord): Part | undefined {
  for (const [key, kind] of FILE_KEYS) {
    const medium = mediumOf(value[key], kind);
    if (medium === undefined) continue;
    const mimeType = textOf(value["content-type"]) ?? medium.mimeType;
    return { ...medium, ...present({ mimeType, details: restOf(value, new Set([key, "content-type"])) }) };
  }
  return undefined;
}
