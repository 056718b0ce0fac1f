import type { Coding } from "./compression.ts";
import type { Part } from "../conversation.ts";
import { present } from "../json/json.ts";
import { mediaKindOf, mimeTypeOf } from "../media.ts";

/** A whole binary body as a part: a medium where the bytes or the content type name one, else its size and how it is compressed. */
export function binaryPart(bytes: Uint8Array, contentType = "", coding?: Coding): Part {
  const told = mimeTypeOf(String.fromCharCode(...bytes.subarray(0, 16)));
  const named = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  // Only the parameters of samples without a container tell their rate.
  const mimeType = told ?? (mediaKindOf(named) === "audio" ? contentType.trim().toLowerCase() : named);
  const media = mediaKindOf(mimeType);
  if (coding !== undefined || (told === undefined && media === "file")) {
    const value = { bytes: bytes.length, ...present({ contentType: contentType || undefined, compressed: coding }) };
    return { type: "unknown", value };
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { type: "media", media, mimeType, data };
}
