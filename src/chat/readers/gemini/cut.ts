import { type JsonRecord, isRecord, listOf, recordOf } from "../../json/json.ts";
import type { Reply } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { field } from "./fields.ts";

/**
 * Returns a reply's chunks. Drops the unfinished part of a truncated list's last chunk, like an open event of a stream:
 * its name may be half, and the thought flag follows the text. If `request` disables thoughts, text is text.
 */
export function chunksOf({ events, value, cut }: Reply, request: JsonRecord | undefined): StreamEvent[] {
  const last = events.at(-1)?.data;
  const parts = cut && value !== undefined ? openParts(last) : undefined;
  const open = parts?.at(-1);
  if (parts === undefined || !isRecord(last) || (isSpoken(open) && asksForThoughts(request) === false)) return events;
  const candidates = listOf(last.candidates);
  const candidate = recordOf(candidates.at(-1));
  const content = { ...recordOf(candidate?.content), parts: parts.slice(0, -1) };
  const data = { ...last, candidates: [...candidates.slice(0, -1), { ...candidate, content }] };
  return [...events.slice(0, -1), { data }];
}

/**
 * Returns a response that ends within its first text. If the request asks for thoughts, the text is one: they come
 * first, with their flag after the text. Without a request its kind is unknown.
 */
export function cutResponse(value: JsonRecord, request: JsonRecord | undefined): JsonRecord {
  const parts = openParts(value);
  const open = parts?.at(-1);
  const asked = asksForThoughts(request);
  if (parts?.length !== 1 || !isSpoken(open) || asked === false) return value;
  const candidates = listOf(value.candidates);
  const candidate = recordOf(candidates.at(-1));
  const part = asked === undefined ? { textOrThought: open.text } : { ...open, thought: true };
  const content = { ...recordOf(candidate?.content), parts: [part] };
  return { ...value, candidates: [...candidates.slice(0, -1), { ...candidate, content }] };
}

/** Returns the parts that a truncated response ends with; undefined if other content follows them. */
function openParts(value: unknown): unknown[] | undefined {
  const candidates = lastOf(value, "candidates");
  const content = Array.isArray(candidates) ? lastOf(candidates.at(-1), "content") : undefined;
  const parts = lastOf(content, "parts");
  return Array.isArray(parts) ? parts : undefined;
}

function lastOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.keys(value).at(-1) === key ? value[key] : undefined;
}

function isSpoken(part: unknown): part is JsonRecord {
  return isRecord(part) && Object.keys(part).join(",") === "text";
}

/** undefined: unknown request. */
function asksForThoughts(request: JsonRecord | undefined): boolean | undefined {
  if (request === undefined) return undefined;
  const config = recordOf(field(request, "generationConfig")) ?? {};
  const thinking = recordOf(field(config, "thinkingConfig")) ?? {};
  return field(thinking, "includeThoughts") === true;
}
