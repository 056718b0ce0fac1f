import { isEmpty, isRecord, parseJson } from "./json.ts";
import { type Stream, looksLikeServerSentEvents, parseJsonLines, parseServerSentEvents } from "./stream.ts";

/** A stored body by what is in it; the content type is only asked where the bytes do not say. */
export type Body =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "stream"; stream: Stream; text: string }
  /** `cut`: the beginning of a JSON document whose end is missing. */
  | { kind: "text"; text: string; cut: boolean }
  | { kind: "binary"; bytes: Uint8Array }
  /** Bytes somebody read as text before us; they cannot be had back. */
  | { kind: "garbled"; characters: number };

// Control characters no text holds; tab, line breaks and escape (colours of a terminal) are text.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0E-\x1A\x1C-\x1F]/;

/** What a stored body is: never throws, and takes time in proportion to its size. */
export function parseBody(body: string | Uint8Array | null, contentType = ""): Body {
  if (typeof body === "string") return parseText(body.startsWith("\uFEFF") ? body.slice(1) : body);
  if (!(body instanceof Uint8Array) || body.length === 0) return { kind: "none" };
  const text = decode(body, contentType);
  return text === undefined ? { kind: "binary", bytes: body } : parseText(text);
}

function parseText(text: string): Body {
  if (text.trim() === "") return { kind: "none" };
  const value = parseJson(text);
  if (value === null) return { kind: "none" };
  if (value !== undefined) return { kind: "json", value };
  if (looksLikeServerSentEvents(text)) return { kind: "stream", stream: parseServerSentEvents(text), text };
  const looksLikeJson = /^\s*[[{]/.test(text);
  const lines = looksLikeJson ? parseJsonLines(text) : undefined;
  if (lines !== undefined) return { kind: "stream", stream: lines, text };
  if (isGarbled(text)) return { kind: "garbled", characters: text.length };
  return { kind: "text", text, cut: looksLikeJson };
}

/**
 * A response without the gateway's wrappings: `{success, result}` and JSON within a string are taken off
 * (facts 3.5, evidence D), once each.
 */
export function unwrap(body: Body): Body {
  if (body.kind !== "json") return body;
  const { value } = body;
  const isWrapped = isRecord(value) && value.success === true && !isEmpty(value.result);
  const inner = isWrapped ? value.result : value;
  if (typeof inner === "string") return parseText(inner);
  return isWrapped ? { kind: "json", value: inner } : body;
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
