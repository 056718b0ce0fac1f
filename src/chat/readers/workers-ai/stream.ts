import { ExactNumber } from "../../json/exact-number.ts";
import { type JsonRecord, isRecord, textOf } from "../../json/json.ts";
import { SpelledText } from "../../spelled-text.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { isChunk } from "../openai/chat-stream.ts";
import { foldToolCalls, startToolCalls, wholeToolCalls } from "../openai/chat-tool-calls.ts";
import { wrappedCall } from "./tool-calls.ts";

/** A folded stream: the body without `response`, and the responses with adjacent texts joined. */
export type FoldedNative = { value: JsonRecord; responses: unknown[]; isEnded: boolean };

const SPELLED = new Set(["reasoning", "reasoning_content"]);

/**
 * Folds a native stream's events, `{response, p}` each. `response` is a piece of text, possibly number-like, or an
 * object in JSON mode; `usage` comes last or, cumulatively, with every event. `isEnded`: the last event has only usage.
 */
export function foldNative(events: StreamEvent[]): FoldedNative {
  const fields = new Map<string, unknown>();
  const responses: unknown[] = [];
  const strays: unknown[] = [];
  const calls = startToolCalls();
  for (const { data } of events) {
    if (!isRecord(data) || isChunk(data)) {
      strays.push(data);
      continue;
    }
    for (const key of Object.keys(data)) {
      const value = data[key];
      if (value === null || value === "" || key === "p") continue;
      if (key === "response") addResponse(responses, value);
      else if (key === "tool_calls" && Array.isArray(value)) {
        for (const stray of foldToolCalls(calls, value.filter(saysSomething).map(wrappedCall))) strays.push(stray);
      } else if (SPELLED.has(key) && typeof value === "string") addText(fields, key, value);
      else fields.set(key, value);
    }
  }
  if (calls.calls.length > 0) fields.set("tool_calls", wholeToolCalls(calls));
  if (strays.length > 0) fields.set("strays", strays);
  const value = Object.fromEntries([...fields].map(([key, field]) => [key, textOr(field)]));
  return { value, responses: responses.map(textOr), isEnded: isUsageAlone(events) };
}

function addResponse(responses: unknown[], value: unknown): void {
  const isPiece = ["string", "number", "boolean"].includes(typeof value) || value instanceof ExactNumber;
  const last = responses.at(-1);
  if (!isPiece) {
    responses.push(value);
    return;
  }
  const text = last instanceof SpelledText ? last : new SpelledText();
  text.add(String(value));
  if (text !== last) responses.push(text);
}

function addText(fields: Map<string, unknown>, key: string, piece: string): void {
  const before = fields.get(key);
  const text = before instanceof SpelledText ? before : new SpelledText();
  text.add(piece);
  fields.set(key, text);
}

function textOr(value: unknown): unknown {
  return value instanceof SpelledText ? value.text : value;
}

// A streamed call's last event may be empty.
function saysSomething(value: unknown): boolean {
  if (!isRecord(value)) return true;
  const named = isRecord(value.function) ? value.function : value;
  return [value.id, named.name, named.arguments].some((field) => field !== undefined && field !== null && field !== "");
}

function isUsageAlone(events: StreamEvent[]): boolean {
  const last = events.at(-1)?.data;
  return events.length > 1 && isRecord(last) && isRecord(last.usage) && textOf(last.response) === undefined;
}
