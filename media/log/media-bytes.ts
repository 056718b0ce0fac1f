import type { Part } from "../../src/chat/conversation.ts";
import { mediaKindOf, sniffMimeType } from "../../src/chat/media.ts";

/** Limit on the size of a medium that the page shows, in bytes. */
export const MAX_BYTES = 5 * 1024 * 1024;

/** Image types that a browser shows without running anything in them. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

/** Default rate of 16-bit samples: that of OpenAI's and Gemini's speech models, in Hz. */
const USUAL_RATE = 24_000;

/** Default rate of telephone codecs, in Hz. */
const TELEPHONE_RATE = 8_000;

const WAV_HEADER = 44;

/** Samples without a container; `code` and `bits` in WAV's terms: 1 PCM, 6 A-law, 7 µ-law. */
export type Samples = { code: 1 | 6 | 7; bits: 8 | 16; rate: number; channels: number };

/** How to show a medium's bytes; for a file, with the reason if its kind would normally be shown. */
export type Showing =
  | { as: "picture" | "video" | "pdf"; mimeType: string }
  | { as: "audio"; mimeType: string; samples?: Samples }
  | { as: "file"; mimeType: string; because?: "large" | "svg" | "picture" };

/** Returns the number of bytes in a base64 text. */
export function sizeOf(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.floor((base64.length * 3) / 4) - padding;
}

/** Decodes base64, also with the URL alphabet, skipping invalid characters. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = decoded(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

// Not Uint8Array.fromBase64: the oldest supported VS Code's Chromium lacks it.
function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    const clean = base64
      .replaceAll("-", "+")
      .replaceAll("_", "/")
      .replace(/[^A-Za-z\d+/]+/g, "");
    return atob(clean.length % 4 === 1 ? clean.slice(0, -1) : clean);
  }
}

/** Decides how to show a medium: its magic number takes precedence over its MIME type. */
export function showingOf({ media, mimeType = "" }: Extract<Part, { type: "media" }>, data: string): Showing {
  const given = mimeType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const told = sniffMimeType(data);
  const type = told ?? given;
  const kind = type === "" ? media : mediaKindOf(type);
  if (told === undefined && isSvg(given, data)) return { as: "file", mimeType: "image/svg+xml", because: "svg" };
  if (sizeOf(data) > MAX_BYTES) return { as: "file", mimeType: type, because: "large" };
  const samples = told === "audio/wav" ? undefined : samplesOf(mimeType);
  if (samples) return { as: "audio", mimeType: "audio/wav", samples };
  if (told !== undefined && PICTURES.has(told)) return { as: "picture", mimeType: told };
  if (told === "application/pdf") return { as: "pdf", mimeType: told };
  if (kind === "image" || (told === undefined && media === "image")) {
    return { as: "file", mimeType: type, because: "picture" };
  }
  if (kind === "audio") return { as: "audio", mimeType: type };
  if (kind !== "video") return { as: "file", mimeType: type };
  // Audio and video share the container.
  const heard = media === "audio" || given.startsWith("audio/");
  return heard ? { as: "audio", mimeType: type.replace("video/", "audio/") } : { as: "video", mimeType: type };
}

function isSvg(mimeType: string, data: string): boolean {
  if (mimeType.startsWith("image/svg")) return true;
  return /^(?:\u00ef\u00bb\u00bf)?\s*<(?:\?xml|!doctype\s+svg|!--|svg)/i.test(decoded(data.slice(0, 64)));
}

/**
 * Parses a MIME type of raw samples: `audio/L16;codec=pcm;rate=24000` (Gemini), `audio/pcm` and `audio/pcm16` (OpenAI),
 * `audio/pcm_16000` (ElevenLabs), `audio/g711_ulaw`. All providers send 16-bit samples as little-endian, even as L16,
 * which RFC 2586 defines as big-endian.
 */
export function samplesOf(mimeType: string): Samples | undefined {
  const named =
    /^\s*audio\/(?:x-)?(l16|pcm(?:_?s?16(?:le)?)?|s16le|raw|g711_?ulaw|mulaw|ulaw|pcmu|basic|g711_?alaw|alaw|pcma)(?:_(\d{4,6}))?\s*(?:;|$)/i;
  const match = named.exec(mimeType);
  if (!match) return undefined;
  const name = match[1]?.toLowerCase() ?? "";
  const code = /alaw|pcma/.test(name) ? 6 : /ulaw|pcmu|basic/.test(name) ? 7 : 1;
  const rate = Number(
    match[2] ?? /;\s*rate="?(\d{4,6})\b/i.exec(mimeType)?.[1] ?? (code === 1 ? USUAL_RATE : TELEPHONE_RATE),
  );
  const channels = Number(/;\s*channels="?([1-8])\b/i.exec(mimeType)?.[1] ?? 1);
  return { code, bits: code === 1 ? 16 : 8, rate, channels };
}

/** Returns a WAV header for `length` bytes of samples. */
export function wavHeader({ code, bits, rate, channels }: Samples, length: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(WAV_HEADER);
  const view = new DataView(header.buffer);
  const frame = (channels * bits) / 8;
  const write = (at: number, text: string) => {
    for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index));
  };
  write(0, "RIFF");
  view.setUint32(4, WAV_HEADER - 8 + length, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, bits, true);
  write(36, "data");
  view.setUint32(40, length, true);
  return header;
}

/** Returns the text of a `data:` URL without base64; undefined for another URL. Invalid escapes stay as they are. */
export function textOfDataUrl(url: string): string | undefined {
  const match = /^data:([^,]*),/i.exec(url);
  if (!match || /;\s*base64\s*$/i.test(match[1] ?? "")) return undefined;
  return url.slice(match[0].length).replace(/(?:%[\da-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
}
