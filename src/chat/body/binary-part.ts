import type { Coding } from "./compression.ts";
import type { Part } from "../conversation.ts";
import { present } from "../json/json.ts";
import { mediaKindOf, mimeTypeOf } from "../media.ts";

/**
 * Returns a binary body as one part: a medium if the bytes or the content type name one, else its size and compression.
 */
export function binaryPart(bytes: Uint8Array, contentType = "", coding?: Coding): Part {
  const told = mimeTypeOf(String.fromCharCode(...bytes.subarray(0, 16)));
  const named = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  // For raw samples, only the content type's parameters give the sample rate.
  const mimeType = told ?? (mediaKindOf(named) === "audio" ? contentType.trim().toLowerCase() : named);
  const media = mediaKindOf(mimeType);
  if (coding !== undefined || (told === undefined && media === "file")) {
    const value = { bytes: bytes.length, ...present({ contentType: contentType || undefined, compressed: coding }) };
    return { type: "unknown", value };
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { type: "media", media, mimeType, data };
}
