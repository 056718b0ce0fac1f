import type { MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isRecord, present, restOf, textOf } from "../../json/json.ts";
import { locate, mediaKindOf, sniffMimeType } from "../../media.ts";

type Media = Extract<Part, { type: "media" }>;

const FILE_KEYS = new Set(["url", "content_type", "file_name"]);
const BODY_KEYS = new Set(["body", "contentType"]);
const KINDS: readonly [MediaKind, RegExp][] = [
  ["image", /\.(?:png|jpe?g|webp|gif|avif|bmp|svg|tiff?)$/i],
  ["audio", /\.(?:mp3|wav|ogg|opus|flac|m4a|aac)$/i],
  ["video", /\.(?:mp4|webm|mov|mkv|avi)$/i],
];

/**
 * Returns the kind of medium that a field's name indicates ("image", "input_image", "image_url", "audio_file", "mask"
 * …).
 */
export function kindNamedBy(key: string): MediaKind | undefined {
  const word = /(?:^|_)(image|img|mask|audio|speech|song|video|file)s?(?:_|$)/i.exec(key)?.[1]?.toLowerCase();
  if (word === "audio" || word === "speech" || word === "song") return "audio";
  if (word === "video" || word === "file") return word;
  return word === undefined ? undefined : "image";
}

/**
 * Returns the medium behind an `http(s):` or `data:` URL, its kind by MIME type or extension; undefined for other
 * texts.
 */
export function linkedMedium(text: string, fallback: MediaKind = "file"): Media | undefined {
  if (!/^(?:https?:\/\/\S|data:[^\s,]*[;,])/i.test(text.slice(0, 200)) || /\s/.test(text)) return undefined;
  const place = locate(text);
  const path = text.split(/[?#]/, 1)[0] ?? "";
  const named = text.startsWith("data:") ? undefined : KINDS.find(([, extension]) => extension.test(path))?.[0];
  return {
    type: "media",
    media: kindOf(place.mimeType, named ?? fallback),
    ...place,
  };
}

/**
 * Returns a medium in any form that inference services use: a URL, base64 (`kind` applies if its magic number is
 * unknown), a list of byte values, `{url, content_type, file_name}` or `{body, contentType}`. Returns undefined for
 * anything else.
 */
export function mediumOf(value: unknown, kind: MediaKind): Media | undefined {
  if (typeof value === "string") return linkedMedium(value, kind) ?? encodedMedium(value, kind);
  if (isRecord(value)) return fileMedium(value, kind);
  const bytes = Array.isArray(value) && isBytes(value) ? Buffer.from(value).toString("base64") : undefined;
  if (bytes === undefined) return undefined;
  const mimeType = sniffMimeType(bytes);
  return { type: "media", media: kindOf(mimeType, kind), ...present({ mimeType }), data: bytes };
}

/** Returns base64 with a known medium's magic number as that medium. */
export function recognisedMedium(text: string): Media | undefined {
  const medium = encodedMedium(text, "file");
  return medium?.mimeType === undefined ? undefined : medium;
}

function encodedMedium(text: string, kind: MediaKind): Media | undefined {
  if (!isBase64(text)) return undefined;
  const mimeType = sniffMimeType(text);
  return { type: "media", media: kindOf(mimeType, kind), ...present({ mimeType }), data: text };
}

function kindOf(mimeType: string | undefined, fallback: MediaKind): MediaKind {
  return mimeType === undefined ? fallback : mediaKindOf(mimeType);
}

function fileMedium(file: JsonRecord, kind: MediaKind): Media | undefined {
  const url = textOf(file.url);
  if (url !== undefined) {
    const medium = linkedMedium(url, kind) ?? { type: "media", media: kind, url };
    const mimeType = textOf(file.content_type) ?? medium.mimeType;
    return {
      ...medium,
      ...(mimeType === undefined ? {} : { mimeType, media: mediaKindOf(mimeType) }),
      ...present({ name: textOf(file.file_name), details: restOf(file, FILE_KEYS) }),
    };
  }
  const medium = typeof file.body === "string" ? encodedMedium(file.body, kind) : undefined;
  if (medium === undefined) return undefined;
  const mimeType = textOf(file.contentType) ?? medium.mimeType;
  return { ...medium, ...present({ mimeType, details: restOf(file, BODY_KEYS) }) };
}

function isBase64(text: string): boolean {
  return text.length >= 16 && /^[A-Za-z\d+/_-]+={0,2}$/.test(text.slice(0, 200)) && !/\s/.test(text);
}

function isBytes(values: unknown[]): values is number[] {
  return values.length > 0 && values.every(isByte);
}

function isByte(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
