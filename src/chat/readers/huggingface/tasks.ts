import type { MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, isVector, present, restOf, textOf } from "../../json/json.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { embeddingParts } from "../shared/vectors.ts";

/** Fields that hold the text of a task's answer. */
const TEXT_KEYS = ["answer", "summary_text", "translation_text", "text", "generated_text"];
/** Of these no other interface has any. */
const OWN_KEYS = ["summary_text", "translation_text"];
/** Of answers in the shape of another interface, and of errors. */
const FOREIGN_KEYS = ["choices", "object", "streamed_data", "error", "request_id", "success"];
const FILE_KEYS: readonly [string, MediaKind][] = [
  ["blob", "audio"],
  ["image", "image"],
  ["depth", "image"],
  ["audio", "audio"],
  ["video", "video"],
];

/** True for what a task answers with, whatever it is; without `expected` only for what could be nothing else. */
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
 * The answer of a task. Lists of numbers are embeddings; with `compared` the one list tells how alike sentences are.
 * Classes, entities, masks and rankings are data as they came.
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
  // A ranking may repeat the text that it ranks.
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
