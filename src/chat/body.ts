import { parseForm } from "./form.ts";
import { parseAwsEventStream, parseAwsEventStreamText } from "./aws-event-stream.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, parseJson, restOf } from "./json.ts";
import { parsePartialJson } from "./partial-json.ts";
import { type Stream, looksLikeServerSentEvents, parseJsonLines, parseServerSentEvents } from "./stream.ts";

/** A stored body by what is in it; the content type is only asked where the bytes do not say. */
export type Body =
  | { kind: "none" }
  /** `cut`: what is there of a document whose end is missing. `around`: what stood beside the result in a wrapping. */
  | { kind: "json"; value: unknown; cut: boolean; around?: JsonRecord }
  /** `text`: as stored, where it was text. */
  | { kind: "stream"; stream: Stream; text?: string; around?: JsonRecord }
  | { kind: "text"; text: string }
  | { kind: "binary"; bytes: Uint8Array }
  /** Bytes somebody read as text before us; they cannot be had back. */
  | { kind: "garbled"; characters: number };

const WRAPPING_KEYS = new Set(["success", "result"]);

// Control characters no text holds; tab, line breaks and escape (colours of a terminal) are text.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0E-\x1A\x1C-\x1F]/;

/** What a stored body is: never throws, and takes time in proportion to its size. */
export function parseBody(body: string | Uint8Array | null, contentType = ""): Body {
  const form = parseForm(body, contentType);
  if (form !== undefined) return { kind: "json", ...form };
  if (typeof body === "string") return parseText(body.startsWith("\uFEFF") ? body.slice(1) : body);
  if (!(body instanceof Uint8Array) || body.length === 0) return { kind: "none" };
  const text = decode(body, contentType);
  if (text !== undefined) return parseText(text);
  const stream = parseAwsEventStream(body);
  return stream === undefined ? { kind: "binary", bytes: body } : { kind: "stream", stream };
}

function parseText(text: string): Body {
  if (text.trim() === "") return { kind: "none" };
  const value = parseJson(text);
  if (value === null) return { kind: "none" };
  if (value !== undefined) return { kind: "json", value, cut: false };
  if (looksLikeServerSentEvents(text)) return { kind: "stream", stream: parseServerSentEvents(text), text };
  if (/^\s*[[{]/.test(text)) {
    const lines = parseJsonLines(text);
    if (lines !== undefined) return { kind: "stream", stream: lines, text };
    const partial = parsePartialJson(text);
    if (partial !== undefined) return { kind: "json", value: partial, cut: true };
  }
  // The beginning of JSON, or of events, within a string.
  if (/^\s*"(?:\s|\\[rnt])*(?:[[{]|(?:data|event|id|retry)?:)/.test(text.slice(0, 400))) {
    const [inner] = listOf(parsePartialJson(`[${text}`));
    if (typeof inner === "string") return { kind: "json", value: inner, cut: true };
  }
  const events = parseAwsEventStreamText(text);
  if (events !== undefined) return { kind: "stream", stream: events };
  return isGarbled(text) ? { kind: "garbled", characters: text.length } : { kind: "text", text };
}

/**
 * A response without the gateway's wrappings: `{success, result}` and JSON within a string are taken off
 * (facts 3.5, evidence D), once each.
 */
export function unwrap(body: Body): Body {
  return body.kind === "json" && typeof body.value === "string"
    ? withoutResult(parseText(body.value))
    : withoutResult(body);
}

function withoutResult(body: Body): Body {
  if (body.kind !== "json") return body;
  const { value } = body;
  // The API writes `success` after the result, where a head may end before it.
  const isWrapped = isRecord(value) && (value.success === true || (body.cut && !("success" in value)));
  if (!isWrapped || isEmpty(value.result)) return body;
  const inner: Body =
    typeof value.result === "string" ? parseText(value.result) : { kind: "json", value: value.result, cut: false };
  if (inner.kind === "stream" && body.cut) return { ...inner, stream: { ...inner.stream, cut: true } };
  // The beginning of a text in a cut wrapping may be the beginning of anything.
  if (inner.kind !== "json") return body.cut ? body : inner;
  const around = { ...body.around, ...(isWrapped ? restOf(value, WRAPPING_KEYS) : undefined) };
  return { ...inner, cut: inner.cut || body.cut, ...(isEmpty(around) ? {} : { around }) };
}

function decode(bytes: Uint8Array, contentType: string): string | undefined {
  const isNamedText = /^\s*(?:text\/|[^;]*(?:json|xml|event-stream))/i.test(contentType);
  const charset = isNamedText ? /charset="?([\w-]+)/i.exec(contentType)?.[1] : undefined;
  // At last as a stream: a character cut in two at the end of a head is no reason to refuse the rest.
  for (const [label, stream] of [["utf-8"], [charset], ["utf-8", true]] as const) {
    try {
      const text =
        label === undefined ? "" : new TextDecoder(label, { fatal: true }).decode(bytes, { stream: stream === true });
      if (text !== "" && (isNamedText ? !text.includes("\0") : !CONTROL.test(text))) return text;
    } catch {
      // Not in this encoding, or an encoding nobody knows.
    }
  }
  return undefined;
}

function isGarbled(text: string): boolean {
  const head = text.slice(0, 2000);
  const replaced = head.split("\uFFFD").length - 1;
  return head.includes("\0") || replaced > head.length / 20;
}
