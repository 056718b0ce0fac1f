import type { Part } from "../../conversation.ts";
import { formFilePart, isFormFile } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, textOf } from "../../json/json.ts";
import { sniffMimeType } from "../../media.ts";
import { mediumOf } from "./media-inputs.ts";

/** A transcript's timing lists; they are data next to the text. */
export const TIMED_KEYS = ["segments", "words", "utterances", "paragraphs", "entities"];

/** Returns a transcript: its text, and times and speakers as data. */
export function transcriptParts(value: JsonRecord, details?: JsonRecord): Part[] {
  const timed = TIMED_KEYS.filter((key) => !isEmpty(value[key])).map((key) => [key, value[key]]);
  const segments = listOf(value.segments).map((segment) => (isRecord(segment) ? textOf(segment.text) : undefined));
  const text = typeof value.text === "string" ? value.text : segments.join("").trimStart();
  return [
    ...(text === "" ? [] : [{ type: "text" as const, text, ...(details === undefined ? {} : { details }) }]),
    ...(timed.length === 0 ? [] : [{ type: "data" as const, value: Object.fromEntries(timed) as JsonRecord }]),
  ];
}

/** Returns a request's recording: a form's file, a URL, or base64; empty without one. */
export function recordingParts(body: JsonRecord, fields: readonly string[]): Part[] {
  return fields.flatMap((field) => {
    const value = body[field];
    return (Array.isArray(value) ? value : [value]).filter((one) => !isEmpty(one)).map((one) => recording(one, field));
  });
}

function recording(value: unknown, field: string): Part {
  if (isFormFile(value)) return formFilePart(value, "audio");
  return mediumOf(value, "audio") ?? { type: "unknown", value: { [field]: value } };
}

/** Returns base64 speech, its MIME type by the magic number, else by the requested format. */
export function speechPart(data: string, format: unknown): Part {
  const mimeType =
    sniffMimeType(data) ?? (typeof format === "string" ? `audio/${format === "mp3" ? "mpeg" : format}` : undefined);
  return { type: "media", media: "audio", ...(mimeType === undefined ? {} : { mimeType }), data };
}

/** Joins pieces of base64, each possibly padded. */
export function joinBase64(pieces: string[]): string {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  return only ?? Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64");
}
