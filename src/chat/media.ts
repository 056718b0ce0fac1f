import type { MediaKind } from "./conversation.ts";
import { present } from "./json/json.ts";

const SIGNATURES: [at: number, bytes: string, mimeType: string][] = [
  [0, "\x89PNG", "image/png"],
  [0, "\xFF\xD8\xFF", "image/jpeg"],
  [0, "GIF8", "image/gif"],
  [8, "WEBP", "image/webp"],
  [8, "WAVE", "audio/wav"],
  [0, "ID3", "audio/mpeg"],
  [0, "\xFF\xFB", "audio/mpeg"],
  [0, "\xFF\xF3", "audio/mpeg"],
  [0, "\xFF\xF2", "audio/mpeg"],
  [0, "\xFF\xF1", "audio/aac"],
  [0, "\xFF\xF9", "audio/aac"],
  [0, "OggS", "audio/ogg"],
  [0, "fLaC", "audio/flac"],
  [4, "ftypM4A", "audio/mp4"],
  [4, "ftypavif", "image/avif"],
  [4, "ftyphei", "image/heic"],
  [4, "ftypmif1", "image/heif"],
  [4, "ftyp", "video/mp4"],
  [0, "\x1A\x45\xDF\xA3", "video/webm"],
  [0, "%PDF", "application/pdf"],
];

/** Returns the MIME type by a medium's magic number. `head`: at least its first 12 bytes, one character per byte. */
export function mimeTypeOf(head: string): string | undefined {
  return SIGNATURES.find(([at, mark]) => head.startsWith(mark, at))?.[2];
}

/** Returns the MIME type by the magic number of base64 data. The page has no Buffer, so this does without. */
export function sniffMimeType(base64: string): string | undefined {
  const standard = base64.slice(0, 24).replaceAll("-", "+").replaceAll("_", "/");
  try {
    return mimeTypeOf(atob(standard));
  } catch {
    return undefined;
  }
}

/** "image", "audio" or "video" by the MIME type, else "file". */
export function mediaKindOf(mimeType: string): MediaKind {
  const kind = mimeType.split("/", 1)[0]?.toLowerCase();
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

/** Locates a medium: MIME type and base64 data of a `data:` URL, or the URL. */
export function locate(url: string): { mimeType?: string; data?: string; url?: string } {
  const comma = url.startsWith("data:") ? url.indexOf(",") : -1;
  const header = comma === -1 ? "" : url.slice(5, comma);
  if (!header.endsWith(";base64")) return { url };
  return { ...present({ mimeType: header.split(";", 1)[0] || undefined }), data: url.slice(comma + 1) };
}
