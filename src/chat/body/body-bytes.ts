import { isUtf8 } from "node:buffer";
import { codingOf, decompress, mostBytes, unmarkedCodings } from "./compression.ts";
import { mediaKindOf, mimeTypeOf } from "../media.ts";
import { textOf } from "./utf8.ts";

// Control characters no text holds; tab, line breaks and escape (colours of a terminal) are text.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0E-\x1A\x1C-\x1F]/;

/** Bytes above this share that are no UTF-8 show that it is not text that they spoil. */
export const SPOILED = 1 / 20;

/** The text of a stored body: decompressed, and with U+FFFD for what is no UTF-8; undefined where it is none. */
export function bodyTextOf(body: string | Uint8Array): string | undefined {
  if (typeof body === "string") return body;
  const coding = codingOf(body);
  const bytes = coding === undefined ? body : decompress(body, coding);
  return bytes && (textOf(bytes) ?? recoveredText(bytes, "")?.text);
}

/** Text in bytes that are no valid text: compressed without a mark, or UTF-8 with some bytes that are none. */
export function recoveredText(bytes: Uint8Array, contentType: string): { text: string; replaced: boolean } | undefined {
  if (mediaKindOf(contentType) !== "file" || isMediumHead(bytes)) return undefined;
  for (const coding of unmarkedCodings(bytes)) {
    const decoded = decompress(bytes, coding);
    // What is no compressed text may come to a few letters by chance.
    const text = decoded && decoded.length >= bytes.length / 2 ? decode(decoded, contentType) : undefined;
    if (text !== undefined) return { text, replaced: false };
  }
  const text = new TextDecoder().decode(bytes, { stream: true });
  if (text === "" || CONTROL.test(text)) return undefined;
  // What is framed like JSON or events is text, though all that is said in it may be in an encoding of its own.
  const isFramed = /^\s*(?:[[{"]|(?:data|event|id|retry)?:)/.test(text);
  return isFramed || text.split("\uFFFD").length - 1 <= text.length * SPOILED ? { text, replaced: true } : undefined;
}

/** Bytes as text, where all of them are: in UTF-8, or in the encoding that the content type names. */
export function decode(bytes: Uint8Array, contentType: string): string | undefined {
  const isNamedText = /^\s*(?:text\/|[^;]*(?:json|xml|event-stream))/i.test(contentType);
  const charset = isNamedText ? /charset="?([\w-]+)/i.exec(contentType)?.[1] : undefined;
  // At last as a stream: a character cut in two at the end of a head is no reason to refuse the rest.
  for (const [label, stream] of [["utf-8"], [charset], ["utf-8", true]] as const) {
    try {
      const text = label === undefined ? "" : decodedAs(label, bytes, stream === true);
      if (text !== "" && (isNamedText ? !text.includes("\0") : !CONTROL.test(text))) return text;
    } catch {
      // Not in this encoding, or an encoding nobody knows.
    }
  }
  return undefined;
}

/** @throws TypeError if the bytes are not in this encoding, RangeError if the encoding is unknown */
function decodedAs(label: string, bytes: Uint8Array, stream: boolean): string {
  // A decoder makes large texts in memory that the engine asks the system for each time, which takes milliseconds per MB; a buffer reuses the memory of the process.
  const isWhole = label === "utf-8" && !stream && isUtf8(bytes);
  if (!isWhole) return new TextDecoder(label, { fatal: true }).decode(bytes, { stream });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The compressed bytes that somebody stored as text, a character each; undefined for any other text. */
export function compressedText(text: string): Uint8Array | undefined {
  if (codingOf(Buffer.from(text.slice(0, 4), "latin1")) === undefined) return undefined;
  const bytes = Buffer.from(text, "latin1");
  return bytes.toString("latin1") === text ? bytes : undefined;
}

/** Bytes or characters that reading a stored body may take: those of its text, of which a compressed body does not tell how many. */
export function readSize(body: string | Uint8Array): number {
  // Frames of AWS begin with a length below 16 MB.
  const isPlain = typeof body === "string" || body[0] === 0 || isMediumHead(body) || textOf(body) !== undefined;
  return isPlain ? body.length : mostBytes(body.length);
}

const isMediumHead = (bytes: Uint8Array): boolean =>
  mimeTypeOf(String.fromCharCode(...bytes.subarray(0, 16))) !== undefined;
