// Secrets that are split over the events of a stream: each event alone does not show them.

import { isDeepStrictEqual } from "node:util";
import type { Conversation, Message, Part } from "../conversation.ts";
import { isRecord, parseJson } from "../json/json.ts";
import { readConversation } from "../read.ts";
import { looksLikeServerSentEvents } from "../stream/events.ts";

/** What redacts: a text as the text that it is, a conversation by its fields. */
type Redactors = { text: (text: string) => string; conversation: (conversation: Conversation) => Conversation };

/** Fields that tell which of several texts an event goes on with. */
const WHICH = new Set([
  "index",
  "output_index",
  "content_index",
  "summary_index",
  "item_id",
  "contentBlockIndex",
  "type",
]);

/** Splits a line of a stream: what stands before its data. */
const LINE = /^(?:data:[ \t]?)?/;

/** The data of each line of server-sent events or JSON lines, mapped; undefined for a text that is no stream. Line ends and other fields stay. */
export function mapStreamLines(body: string, map: (data: string) => string): string | undefined {
  const isStream = looksLikeServerSentEvents(body) || /^\s*\{[^\n]*\}[ \t\r]*\n\s*\{/.test(body);
  if (!isStream) return undefined;
  return body.replace(/[^\r\n]+/g, (line) => {
    const before = LINE.exec(line)?.[0] ?? "";
    return before + map(line.slice(before.length));
  });
}

/** What hides the length of an event, and is made by chance. */
const PADDING = new Set(["obfuscation", "p", "nonce"]);

/** The events of a recorded body, a text where one is no JSON; undefined for what is no stream. */
function eventsOf(body: string, value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (isRecord(value)) {
    const inner = isRecord(value.result) ? value.result : value;
    return Array.isArray(inner.streamed_data) ? inner.streamed_data : undefined;
  }
  const events: unknown[] = [];
  const isStream = mapStreamLines(body, (data) => {
    const event = parseJson(data);
    // A number alone is a piece of text.
    events.push(typeof event === "object" ? event : data);
    return data;
  });
  return isStream === undefined ? undefined : events;
}

/** The texts that the events spell together, each once with all that is said in its place. */
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

/** Without what the provider's events said besides: it may spell the same once more. */
const withoutDetails = (part: Part): Part => {
  const { details: _details, ...others } = part;
  return others;
};
const answerOf = ({ role, parts }: Message): Message => ({ role, parts: parts.map(withoutDetails) });

/**
 * A stream in which something to be redacted is split over events, assembled and redacted: the answers as the contract has them (conversation.ts),
 * or, of a stream that no reader knows, the texts that it spells. Undefined where it is enough to redact each event by itself, as in `alone`.
 * `value`: what the body is as JSON.
 */
export function assembledBody(body: string, value: unknown, alone: string, redactors: Redactors): string | undefined {
  const events = eventsOf(body, value);
  if (!events || events.length < 2) return undefined;
  const conversation = readResponse(body);
  const isRead = conversation.format !== "unknown" && conversation.answers.length > 0;
  // A list may be one of requests.
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
  // The id of the answer, its model and the like.
  if (pieces.every((piece) => piece === pieces[0])) return false;
  const whole = pieces.join("");
  const redacted = text(whole);
  return redacted !== whole && redacted !== pieces.map(text).join("");
}
