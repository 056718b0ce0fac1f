import { type JsonRecord, isRecord, listOf, recordOf } from "../../json/json.ts";
import type { Reply } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { field } from "./fields.ts";

/**
 * The chunks of a reply. Of a list that is cut within its last chunk, the part that is still open there is left out, as
 * an open event of a stream is: its name may be half, and whether its text is a thought stands behind the text.
 * `request` may say that there are no thoughts, and then text is text.
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
 * A response that is cut within its first text. That is a thought where the request asks for them: they come first, and
 * say so behind their text. Where the request is not known, what it is remains open.
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

/** The parts at whose end a cut response ends; undefined where more of it follows them. */
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

/** undefined: the request is not known. */
function asksForThoughts(request: JsonRecord | undefined): boolean | undefined {
  if (request === undefined) return undefined;
  const config = recordOf(field(request, "generationConfig")) ?? {};
  const thinking = recordOf(field(config, "thinkingConfig")) ?? {};
  return field(thinking, "includeThoughts") === true;
}
