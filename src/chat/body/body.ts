import { parseForm } from "./form.ts";
import { parseAwsEventStream, parseAwsEventStreamText } from "../stream/aws-event-stream.ts";
import { SPOILED, compressedText, decode, recoveredText } from "./body-bytes.ts";
import { type Coding, codingOf, decompress } from "./compression.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, parseJson, restOf } from "../json/json.ts";
import { parsePartialJson } from "../json/partial-json.ts";
import { type Stream, looksLikeServerSentEvents, parseJsonSequence, parseServerSentEvents } from "../stream/events.ts";

/**
 * A stored body, classified by its bytes; the content type counts only if they're ambiguous. `replaced`: invalid UTF-8
 * became U+FFFD.
 */
export type Body = BodyContent & { replaced?: true };

type BodyContent =
  | { kind: "none" }
  /** `cut`: the end of the document is missing. `around`: the wrapper's fields next to the result. */
  | { kind: "json"; value: unknown; cut: boolean; around?: JsonRecord }
  /** `text`: the stored text, if it was text. */
  | { kind: "stream"; stream: Stream; text?: string; around?: JsonRecord }
  | { kind: "text"; text: string }
  /** `coding`: compressed, but can't be decompressed. */
  | { kind: "binary"; bytes: Uint8Array; coding?: Coding }
  /** Bytes that were decoded as text before they were stored; unrecoverable. */
  | { kind: "garbled"; characters: number };

const WRAPPING_KEYS = new Set(["success", "result"]);
/** Workers AI's Run API, which may wrap the result in the API's own envelope. */
const RUN_KEYS = new Set(["state", "result", "gatewayMetadata"]);

/** Classifies a stored body. Never throws; takes time proportional to its decompressed size. */
export function parseBody(body: string | Uint8Array | null, contentType = ""): Body {
  const bytes = typeof body === "string" ? compressedText(body) : body;
  const coding = bytes instanceof Uint8Array ? codingOf(bytes) : undefined;
  if (!(bytes instanceof Uint8Array) || coding === undefined) return parsePlain(body, contentType);
  const decoded = decompress(bytes, coding);
  return decoded === undefined ? { kind: "binary", bytes, coding } : parsePlain(decoded, contentType);
}

function parsePlain(body: string | Uint8Array | null, contentType: string): Body {
  const form = parseForm(body, contentType);
  if (form !== undefined) return { kind: "json", ...form };
  if (typeof body === "string") return parseText(body.startsWith("\uFEFF") ? body.slice(1) : body);
  if (!(body instanceof Uint8Array) || body.length === 0) return { kind: "none" };
  const text = decode(body, contentType);
  if (text !== undefined) return parseText(text);
  const stream = parseAwsEventStream(body);
  if (stream !== undefined) return { kind: "stream", stream };
  const recovered = recoveredText(body, contentType);
  if (recovered === undefined) return { kind: "binary", bytes: body };
  return recovered.replaced
    ? { ...parseText(recovered.text), replaced: true }
    : parsePlain(recovered.text, contentType);
}

function parseText(text: string): Body {
  if (text.trim() === "") return { kind: "none" };
  const value = parseJson(text);
  if (value === null) return { kind: "none" };
  if (value !== undefined) return { kind: "json", value, cut: false };
  if (looksLikeServerSentEvents(text)) return { kind: "stream", stream: parseServerSentEvents(text), text };
  if (/^\s*[[{]/.test(text)) {
    const sequence = parseJsonSequence(text);
    if (sequence !== undefined) return { kind: "stream", stream: sequence, text };
    const partial = parsePartialJson(text);
    if (partial !== undefined) return { kind: "json", value: partial, cut: true };
  }
  // The beginning of JSON or of events inside a JSON string.
  if (/^\s*"(?:\s|\\[rnt])*(?:[[{]|(?:data|event|id|retry)?:)/.test(text.slice(0, 400))) {
    const [inner] = listOf(parsePartialJson(`[${text}`));
    if (typeof inner === "string") return { kind: "json", value: inner, cut: true };
  }
  const events = parseAwsEventStreamText(text);
  if (events !== undefined) return { kind: "stream", stream: events };
  return isGarbled(text) ? { kind: "garbled", characters: text.length } : { kind: "text", text };
}

/**
 * Removes the gateway's wrappers from a response, once each: `{success, result}` and JSON within a string
 * (API notes: Stored responses), and the Run API's `{state, result}`.
 */
export function unwrap(body: Body): Body {
  const inner =
    body.kind === "json" && typeof body.value === "string" ? withoutResult(parseText(body.value)) : withoutResult(body);
  return inner.kind === "json" && isRecord(inner.value) && isRun(inner.value)
    ? withoutState(inner, inner.value)
    : inner;
}

/** `{state, result, gatewayMetadata}`: the Run API's response for third-party models. */
function isRun(value: JsonRecord): boolean {
  return (
    typeof value.state === "string" && !isEmpty(value.result) && Object.keys(value).every((key) => RUN_KEYS.has(key))
  );
}

function withoutState(body: Extract<Body, { kind: "json" }>, { result, ...around }: JsonRecord): Body {
  return { ...body, value: result, around: { ...body.around, ...around } };
}

function withoutResult(body: Body): Body {
  if (body.kind !== "json") return body;
  const { value } = body;
  // The API writes `success` after the result, so a truncated body may lack it.
  const isWrapped = isRecord(value) && (value.success === true || (body.cut && !("success" in value)));
  if (!isWrapped || isEmpty(value.result)) return body;
  const inner: Body =
    typeof value.result === "string" ? parseText(value.result) : { kind: "json", value: value.result, cut: false };
  if (inner.kind === "stream" && body.cut) return { ...inner, stream: { ...inner.stream, cut: true } };
  // The beginning of text in a truncated wrapper could be anything.
  if (inner.kind !== "json") return body.cut ? body : inner;
  const around = { ...body.around, ...(isWrapped ? restOf(value, WRAPPING_KEYS) : undefined) };
  return { ...inner, cut: inner.cut || body.cut, ...(isEmpty(around) ? {} : { around }) };
}

function isGarbled(text: string): boolean {
  const head = text.slice(0, 2000);
  const replaced = head.split("\uFFFD").length - 1;
  return head.includes("\0") || replaced > head.length * SPOILED;
}
