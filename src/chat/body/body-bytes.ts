import { isUtf8 } from "node:buffer";
import { codingOf, decompress, mostBytes, unmarkedCodings } from "./compression.ts";
import { mediaKindOf, mimeTypeOf } from "../media.ts";
import { textOf } from "./utf8.ts";

// Control characters that text never holds. Tab, line breaks and escape (terminal colors) are text.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0E-\x1A\x1C-\x1F]/;

/** Above this share of invalid UTF-8, the bytes aren't damaged text but something else. */
export const SPOILED = 1 / 20;

/** Returns the text of a stored body, decompressed, with U+FFFD for invalid UTF-8; undefined if it isn't text. */
export function bodyTextOf(body: string | Uint8Array): string | undefined {
  if (typeof body === "string") return body;
  const coding = codingOf(body);
  const bytes = coding === undefined ? body : decompress(body, coding);
  return bytes && (textOf(bytes) ?? recoveredText(bytes, "")?.text);
}

/**
 * Recovers text from bytes that aren't valid text: compressed without a magic number, or UTF-8 with some invalid bytes.
 */
export function recoveredText(bytes: Uint8Array, contentType: string): { text: string; replaced: boolean } | undefined {
  if (mediaKindOf(contentType) !== "file" || isMediumHead(bytes)) return undefined;
  for (const coding of unmarkedCodings(bytes)) {
    const decoded = decompress(bytes, coding);
    // Other bytes may decompress to a few letters by chance.
    const text = decoded && decoded.length >= bytes.length / 2 ? decode(decoded, contentType) : undefined;
    if (text !== undefined) return { text, replaced: false };
  }
  const text = new TextDecoder().decode(bytes, { stream: true });
  if (text === "" || CONTROL.test(text)) return undefined;
  // A body framed like JSON or events is text, even if its content is in an unknown encoding.
  const isFramed = /^\s*(?:[[{"]|(?:data|event|id|retry)?:)/.test(text);
  return isFramed || text.split("\uFFFD").length - 1 <= text.length * SPOILED ? { text, replaced: true } : undefined;
}

/** Decodes bytes that are entirely text, as UTF-8 or the content type's charset. */
export function decode(bytes: Uint8Array, contentType: string): string | undefined {
  const isNamedText = /^\s*(?:text\/|[^;]*(?:json|xml|event-stream))/i.test(contentType);
  const charset = isNamedText ? /charset="?([\w-]+)/i.exec(contentType)?.[1] : undefined;
  // Streaming last: a character cut in two at the end shouldn't reject the rest.
  for (const [label, stream] of [["utf-8"], [charset], ["utf-8", true]] as const) {
    try {
      const text = label === undefined ? "" : decodedAs(label, bytes, stream === true);
      if (text !== "" && (isNamedText ? !text.includes("\0") : !CONTROL.test(text))) return text;
    } catch {
      // Wrong or unknown encoding.
    }
  }
  return undefined;
}

/** @throws TypeError if the bytes are not in this encoding, RangeError if the encoding is unknown */
function decodedAs(label: string, bytes: Uint8Array, stream: boolean): string {
  // TextDecoder allocates large strings from the system, at milliseconds per MB; Buffer reuses the process's memory.
  const isWhole = label === "utf-8" && !stream && isUtf8(bytes);
  if (!isWhole) return new TextDecoder(label, { fatal: true }).decode(bytes, { stream });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** Returns compressed bytes that were stored as text, one character per byte; undefined for any other text. */
export function compressedText(text: string): Uint8Array | undefined {
  if (codingOf(Buffer.from(text.slice(0, 4), "latin1")) === undefined) return undefined;
  const bytes = Buffer.from(text, "latin1");
  return bytes.toString("latin1") === text ? bytes : undefined;
}

/**
 * Returns how many bytes or characters parsing a stored body may take; a compressed body doesn't say how many it
 * decompresses to.
 */
export function readSize(body: string | Uint8Array): number {
  // Frames of AWS begin with a length below 16 MB.
  const isPlain = typeof body === "string" || body[0] === 0 || isMediumHead(body) || textOf(body) !== undefined;
  return isPlain ? body.length : mostBytes(body.length);
}

const isMediumHead = (bytes: Uint8Array): boolean =>
  mimeTypeOf(String.fromCharCode(...bytes.subarray(0, 16))) !== undefined;
