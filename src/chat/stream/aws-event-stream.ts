import { type JsonRecord, isRecord, parseJson, present } from "../json/json.ts";
import type { Stream, StreamEvent } from "./events.ts";

type Headers = Map<string, string>;

const PRELUDE_LENGTH = 12;
const CHECKSUM_LENGTH = 4;
const STRING_HEADER = 7;
/** Header value lengths by type; bytes (6) and strings (7) have a length prefix. */
const VALUE_LENGTHS = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

const UTF8 = new TextDecoder();

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * Parses AWS's event stream encoding (`application/vnd.amazon.eventstream`) into events named by `:event-type`; a
 * Bedrock `chunk` becomes the event it holds, an exception or error becomes `{type: "error", error}`. Returns undefined
 * if the first message's lengths and checksum don't match.
 */
export function parseAwsEventStream(bytes: Uint8Array): Stream | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (messageLength(view, 0) === undefined) return undefined;
  const stream: Stream = { events: [], done: false, cut: false };
  for (let start = 0; start < bytes.length;) {
    const length = messageLength(view, start);
    if (length === undefined || start + length > bytes.length) {
      stream.cut = true;
      break;
    }
    const payloadStart = start + PRELUDE_LENGTH + view.getUint32(start + 4);
    const headers = headersOf(view, start + PRELUDE_LENGTH, payloadStart);
    const payload = UTF8.decode(bytes.subarray(payloadStart, start + length - CHECKSUM_LENGTH));
    stream.events.push(eventOf(headers, payload));
    start += length;
  }
  return stream;
}

/**
 * Parses the same events from bytes stored as text: base64, one character per byte, or decoded as UTF-8. The latter
 * destroys lengths and checksums, but leaves event names and JSON readable. Returns undefined if the text is something
 * else.
 */
export function parseAwsEventStreamText(text: string): Stream | undefined {
  for (const encoding of ["base64", "latin1"] as const) {
    const head = Buffer.from(text.slice(0, 16), encoding);
    const length = messageLength(new DataView(head.buffer, head.byteOffset, head.length), 0);
    if (length !== undefined && isOf(text, encoding)) return parseAwsEventStream(Buffer.from(text, encoding));
  }
  const isGarbled = text.includes("\0") || text.includes("\uFFFD");
  return isGarbled && /:(?:event|exception)-type/.test(text) ? salvage(text) : undefined;
}

function isOf(text: string, encoding: "base64" | "latin1"): boolean {
  return encoding === "base64" ? /^[\w+/=\s-]+$/.test(text) : !/[^\0-\xFF]/.test(text);
}

/** Returns the length of the message at `start`, headers and checksums included. */
function messageLength(view: DataView, start: number): number | undefined {
  if (start + PRELUDE_LENGTH > view.byteLength) return undefined;
  const total = view.getUint32(start);
  const headers = view.getUint32(start + 4);
  const isPlausible = total >= PRELUDE_LENGTH + headers + CHECKSUM_LENGTH;
  return isPlausible && checksum(view, start, start + 8) === view.getUint32(start + 8) ? total : undefined;
}

function checksum(view: DataView, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let at = start; at < end; at++) crc = (CRC_TABLE[(crc ^ view.getUint8(at)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function headersOf(view: DataView, start: number, end: number): Headers {
  const headers: Headers = new Map();
  const text = (from: number, length: number): string =>
    UTF8.decode(new Uint8Array(view.buffer, view.byteOffset + from, Math.max(0, Math.min(length, end - from))));
  for (let at = start; at < end;) {
    const name = text(at + 1, view.getUint8(at));
    at += 1 + view.getUint8(at);
    if (at + 3 > end) break;
    const type = view.getUint8(at);
    const fixed = VALUE_LENGTHS[type];
    if (fixed === undefined) break;
    const length = fixed === -1 ? view.getUint16(at + 1) : fixed;
    at += fixed === -1 ? 3 : 1;
    if (type === STRING_HEADER) headers.set(name, text(at, length));
    at += length;
  }
  return headers;
}

function eventOf(headers: Headers, payload: string): StreamEvent {
  const data = payload === "" ? {} : (parseJson(payload) ?? payload);
  const failure = headers.get(":exception-type") ?? headers.get(":error-code");
  if (failure !== undefined) return errorEvent(failure, data, headers.get(":error-message"));
  const name = headers.get(":event-type");
  if (name === "chunk" && isRecord(data) && typeof data.bytes === "string") return chunkEvent(data.bytes);
  return name === undefined ? { data } : { name, data };
}

// A chunk holds an event in the model's own format, with its type inside.
function chunkEvent(bytes: string): StreamEvent {
  const text = Buffer.from(bytes, "base64").toString();
  return { data: parseJson(text) ?? text };
}

function errorEvent(type: string, data: unknown, message: string | undefined): StreamEvent {
  const said: JsonRecord = isRecord(data) ? data : { message: data };
  return { data: { type: "error", error: { message: type, ...said, ...present({ message }), type } } };
}

/** The header that names an event: name, type and length (possibly lost), value. */
const MARK = /:(event-type|exception-type)[^A-Za-z:]{0,4}([A-Za-z]+)/g;

function salvage(text: string): Stream {
  const stream: Stream = { events: [], done: false, cut: false };
  const mark = new RegExp(MARK);
  let end = 0;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    const start = text.indexOf("{", mark.lastIndex);
    end = start === -1 ? -1 : endOfRecord(text, start);
    if (end === -1) break;
    stream.events.push(eventOf(new Map([[`:${found[1]}`, found[2] ?? ""]]), text.slice(start, end)));
    mark.lastIndex = end;
  }
  // Only a checksum follows the last message.
  stream.cut = end === -1 || text.length - end > CHECKSUM_LENGTH;
  return stream;
}

/** Returns the end of a JSON object, or -1. */
function endOfRecord(text: string, start: number): number {
  const sign = /["{}]/g;
  sign.lastIndex = start;
  let depth = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '"') {
      sign.lastIndex = endOfString(text, sign.lastIndex);
    } else {
      depth += found[0] === "{" ? 1 : -1;
      if (depth === 0) return sign.lastIndex;
    }
  }
  return -1;
}

/** Returns the index after the quote that ends a string; the end of the text if it's missing. */
function endOfString(text: string, start: number): number {
  const sign = /["\\]/g;
  sign.lastIndex = start;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '"') return sign.lastIndex;
    sign.lastIndex++;
  }
  return text.length;
}
