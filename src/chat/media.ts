import type { MediaKind, Part } from "./conversation.ts";
import { present } from "./json.ts";

const SIGNATURES: [at: number, bytes: string, mimeType: string][] = [
  [0, "\x89PNG", "image/png"],
  [0, "\xFF\xD8\xFF", "image/jpeg"],
  [0, "GIF8", "image/gif"],
  [8, "WEBP", "image/webp"],
  [8, "WAVE", "audio/wav"],
  [0, "ID3", "audio/mpeg"],
  [0, "\xFF\xFB", "audio/mpeg"],
  [0, "\xFF\xF3", "audio/mpeg"],
  [0, "OggS", "audio/ogg"],
  [0, "fLaC", "audio/flac"],
  [4, "ftyp", "video/mp4"],
  [0, "%PDF", "application/pdf"],
];

/** A whole binary body as a part: a medium where the bytes or the content type name one, else its size. */
export function binaryPart(bytes: Uint8Array, contentType = ""): Part {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const signature = SIGNATURES.find(([at, mark]) => head.startsWith(mark, at));
  const mimeType = signature?.[2] ?? contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const media = mediaKindOf(mimeType);
  if (signature === undefined && media === "file") {
    return { type: "unknown", value: { bytes: bytes.length, ...present({ contentType: contentType || undefined }) } };
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { type: "media", media, mimeType, data };
}

/** "image", "audio" or "video" by the MIME type, else "file". */
export function mediaKindOf(mimeType: string): MediaKind {
  const kind = mimeType.split("/", 1)[0]?.toLowerCase();
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

/** Where a medium is: the MIME type and base64 data of a `data:` URL, or the URL. */
export function locate(url: string): { mimeType?: string; data?: string; url?: string } {
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  const header = comma === -1 ? "" : url.slice(5, comma);
  if (!header.endsWith(";base64")) return { url };
  return { ...present({ mimeType: header.split(";", 1)[0] || undefined }), data: url.slice(comma + 1) };
}
