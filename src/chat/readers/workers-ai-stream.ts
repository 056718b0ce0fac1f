import { type JsonRecord, isRecord, textOf } from "../json.ts";
import type { StreamEvent } from "../stream.ts";
import { isChunk } from "./openai-chat-stream.ts";
import { foldToolCalls, startToolCalls, wholeToolCalls } from "./openai-chat-tool-calls.ts";
import { wrappedCall } from "./workers-ai-tool-calls.ts";

/** A folded stream: the body without its `response`, and what that came to, adjacent texts joined. */
export type FoldedNative = { value: JsonRecord; responses: unknown[]; isEnded: boolean };

const SPELLED = new Set(["reasoning", "reasoning_content"]);

/**
 * Folds the events of a native stream, `{response, p}` each. `response` is a piece of text, which may look like a
 * number, or in JSON mode the object; `usage` comes last or, counted up, with every event. `isEnded`: the last event
 * says nothing but the usage.
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
      } else if (SPELLED.has(key) && typeof value === "string") fields.set(key, textBefore(fields.get(key)) + value);
      else fields.set(key, value);
    }
  }
  if (calls.calls.length > 0) fields.set("tool_calls", wholeToolCalls(calls));
  if (strays.length > 0) fields.set("strays", strays);
  return { value: Object.fromEntries(fields), responses, isEnded: isUsageAlone(events) };
}

function addResponse(responses: unknown[], value: unknown): void {
  const isPiece = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const last = responses.at(-1);
  if (isPiece && typeof last === "string") responses[responses.length - 1] = last + String(value);
  else responses.push(isPiece ? String(value) : value);
}

function textBefore(value: unknown): string {
  return typeof value === "string" ? value : "";
}

// The last event of a streamed call may be one with nothing in it.
function saysSomething(value: unknown): boolean {
  if (!isRecord(value)) return true;
  const named = isRecord(value.function) ? value.function : value;
  return [value.id, named.name, named.arguments].some((field) => field !== undefined && field !== null && field !== "");
}

function isUsageAlone(events: StreamEvent[]): boolean {
  const last = events.at(-1)?.data;
  return events.length > 1 && isRecord(last) && isRecord(last.usage) && textOf(last.response) === undefined;
}
