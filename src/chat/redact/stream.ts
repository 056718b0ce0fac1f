// Redacts secrets that are split over a stream's events, invisible in any single one.

import { isDeepStrictEqual } from "node:util";
import type { Conversation, Message, Part } from "../conversation.ts";
import { isRecord, parseJson } from "../json/json.ts";
import { readConversation } from "../read.ts";
import { looksLikeServerSentEvents } from "../stream/events.ts";

/** Redacts a text as text, and a conversation by field. */
type Redactors = { text: (text: string) => string; conversation: (conversation: Conversation) => Conversation };

/** Fields that identify which of several texts an event continues. */
const WHICH = new Set([
  "index",
  "output_index",
  "content_index",
  "summary_index",
  "item_id",
  "contentBlockIndex",
  "type",
]);

/** The part of a stream's line before its data. */
const LINE = /^(?:data:[ \t]?)?/;

/**
 * Maps the data of every line of server-sent events or JSON lines; undefined if the text isn't a stream. Line ends and
 * other fields stay.
 */
export function mapStreamLines(body: string, map: (data: string) => string): string | undefined {
  const isStream = looksLikeServerSentEvents(body) || /^\s*\{[^\n]*\}[ \t\r]*\n\s*\{/.test(body);
  if (!isStream) return undefined;
  return body.replace(/[^\r\n]+/g, (line) => {
    const before = LINE.exec(line)?.[0] ?? "";
    return before + map(line.slice(before.length));
  });
}

/** Random padding that hides an event's length. */
const PADDING = new Set(["obfuscation", "p", "nonce"]);

/** Returns a recorded body's events, as text if one isn't JSON; undefined if it isn't a stream. */
function eventsOf(body: string, value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (isRecord(value)) {
    const inner = isRecord(value.result) ? value.result : value;
    return Array.isArray(inner.streamed_data) ? inner.streamed_data : undefined;
  }
  const events: unknown[] = [];
  const isStream = mapStreamLines(body, (data) => {
    const event = parseJson(data);
    // A lone number is a piece of text.
    events.push(typeof event === "object" ? event : data);
    return data;
  });
  return isStream === undefined ? undefined : events;
}

/** Returns the texts that the events spell together, each with its pieces. */
function spelledBy(events: readonly unknown[]): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  const visit = (value: unknown, place: string): void => {
    if (typeof value === "string") {
      const pieces = texts.get(place);
      if (pieces) pieces.push(value);
      else texts.set(place, [value]);
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item, `${place}[]`);
    } else if (isRecord(value)) {
      const which = Object.entries(value)
        .filter(([key, item]) => WHICH.has(key) && typeof item !== "object")
        .map(([, item]) => String(item));
      for (const [key, item] of Object.entries(value))
        if (!WHICH.has(key) && !PADDING.has(key)) visit(item, `${place} ${which.join(" ")}.${key}`);
    }
  };
  for (const event of events) visit(event, "");
  return texts;
}

/** Omits the provider's other event data, which may spell the same again. */
const withoutDetails = (part: Part): Part => {
  const { details: _details, ...others } = part;
  return others;
};
const answerOf = ({ role, parts }: Message): Message => ({ role, parts: parts.map(withoutDetails) });

/**
 * Returns an assembled, redacted stream if a secret is split over events: the answers as contract objects
 * (conversation.ts), or the texts that an unknown stream spells. Returns undefined if redacting each event separately
 * suffices, as in `alone`. `value`: the body as JSON.
 */
export function assembledBody(body: string, value: unknown, alone: string, redactors: Redactors): string | undefined {
  const events = eventsOf(body, value);
  if (!events || events.length < 2) return undefined;
  const conversation = readResponse(body);
  const isRead = conversation.format !== "unknown" && conversation.answers.length > 0;
  // The list may be of requests.
  if (!isRead && Array.isArray(value)) return undefined;
  const redacted = redactors.conversation(conversation);
  const spelled = [...spelledBy(events).values()];
  const isSplit = spelled.some((pieces) => isSplitOver(pieces, redactors));
  if (!isRead)
    return isSplit ? JSON.stringify({ texts: spelled.map((pieces) => redactors.text(pieces.join(""))) }) : undefined;
  const { format, answers, usage, error, complete } = redacted;
  const said = answers.map(answerOf);
  const isSaidAlone = isDeepStrictEqual(
    said,
    (alone === body ? conversation : readResponse(alone)).answers.map(answerOf),
  );
  return isSplit || !isSaidAlone ? JSON.stringify({ format, answers: said, usage, error, complete }) : undefined;
}

const readResponse = (response: string): Conversation =>
  readConversation({ provider: "", path: "", request: null, response });

function isSplitOver(pieces: readonly string[], { text }: Redactors): boolean {
  // Constant values: the answer's ID, its model and the like.
  if (pieces.every((piece) => piece === pieces[0])) return false;
  const whole = pieces.join("");
  const redacted = text(whole);
  return redacted !== whole && redacted !== pieces.map(text).join("");
}
