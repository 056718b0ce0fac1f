import type { Part } from "../../conversation.ts";
import { formFilePart, isFormFile } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, textOf } from "../../json/json.ts";
import { sniffMimeType } from "../../media.ts";
import { mediumOf } from "./media-inputs.ts";

/** The lists of a transcript that say when what was said; they are data, beside the text. */
export const TIMED_KEYS = ["segments", "words", "utterances", "paragraphs", "entities"];

/** What is told of a recording: its text, and as data when and by whom what was said. */
export function transcriptParts(value: JsonRecord, details?: JsonRecord): Part[] {
  const timed = TIMED_KEYS.filter((key) => !isEmpty(value[key])).map((key) => [key, value[key]]);
  const segments = listOf(value.segments).map((segment) => (isRecord(segment) ? textOf(segment.text) : undefined));
  const text = typeof value.text === "string" ? value.text : segments.join("").trimStart();
  return [
    ...(text === "" ? [] : [{ type: "text" as const, text, ...(details === undefined ? {} : { details }) }]),
    ...(timed.length === 0 ? [] : [{ type: "data" as const, value: Object.fromEntries(timed) as JsonRecord }]),
  ];
}

/** A recording in a request: a form's file, a URL, or base64. Empty where there is none. */
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

/** Speech in base64, its MIME type by its first bytes, else by the format it was asked for in. */
export function speechPart(data: string, format: unknown): Part {
  const mimeType =
    sniffMimeType(data) ?? (typeof format === "string" ? `audio/${format === "mp3" ? "mpeg" : format}` : undefined);
  return { type: "media", media: "audio", ...(mimeType === undefined ? {} : { mimeType }), data };
}

/** Pieces of base64, each of which may be padded, as one. */
export function joinBase64(pieces: string[]): string {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  return only ?? Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64");
}
