import type { Citation, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  idOf,
  isEmpty,
  isRecord,
  listOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import type { CallNames } from "../../reader.ts";
import { contentParts, toolCallParts } from "../openai/chat-parts.ts";

const MESSAGE_KEYS = new Set(["role", "content", "tool_plan", "tool_calls", "tool_call_id", "citations"]);
const DOCUMENT_KEYS = new Set(["data", "text"]);

/** Returns the parts of a v2 message: plan, content, calls. */
export function messageParts(raw: JsonRecord, callNames: CallNames): Part[] {
  const plan: Part[] = textOf(raw.tool_plan) === undefined ? [] : [{ type: "reasoning", text: String(raw.tool_plan) }];
  const oddPlan = typeof raw.tool_plan === "string" || isEmpty(raw.tool_plan) ? {} : { tool_plan: raw.tool_plan };
  const content = Array.isArray(raw.content) ? (raw.content as unknown[]).map(itemParts) : [contentParts(raw.content)];
  const uncited = cite(raw.citations, plan, content);
  const isOddly = !isEmpty(raw.citations) && !Array.isArray(raw.citations);
  const oddCitations = isOddly ? { citations: raw.citations } : uncited.length > 0 && { citations: uncited };
  const others = { ...restOf(raw, MESSAGE_KEYS), ...oddPlan, ...oddCitations };
  return [
    ...plan,
    ...content.flat().filter(isSaid),
    ...toolCallParts(raw, callNames),
    ...(isEmpty(others) ? [] : [{ type: "unknown" as const, value: others }]),
  ];
}

/** A tool's result in v2: its text, or the documents it found. */
export function resultPart(raw: JsonRecord, callNames: CallNames): Part {
  const id = idOf(raw.tool_call_id);
  const { tool_call_id: _id, ...message } = raw;
  const name = id === undefined ? undefined : callNames.get(id);
  return { type: "toolResult", parts: messageParts(message, callNames), ...present({ id, name }) };
}

/** A citation with the title and URL of its first source that has them. */
export function citationOf(value: unknown, sources: JsonRecord[]): Citation {
  const citation = recordOf(value);
  if (citation === undefined) return { citation: value };
  const url = sources.map((source) => textOf(source.url)).find((found) => found !== undefined);
  const title = sources.map((source) => textOf(source.title)).find((found) => found !== undefined);
  const { text, ...others } = citation;
  return { ...present({ text: textOf(text), url, title }), ...others };
}

// A text that was opened but never filled has no content.
function isSaid(part: Part): boolean {
  return part.type !== "text" || part.text !== "" || part.details !== undefined || part.citations !== undefined;
}

function itemParts(item: unknown): Part[] {
  const isDocument = isRecord(item) && item.type === "document" && !isEmpty(item.document);
  return isDocument ? [documentPart(item.document)] : contentParts([item]);
}

// {id, data: {…}} or {id, data: "…"}; data is free-form, but Cohere suggests `text`.
function documentPart(document: unknown): Part {
  if (typeof document === "string") return { type: "text", text: document };
  if (!isRecord(document)) return { type: "unknown", value: document };
  const data = recordOf(document.data);
  const text = textOf(data?.text) ?? textOf(document.data) ?? textOf(document.text);
  if (text === undefined && isEmpty(document.data)) return { type: "data", value: document };
  const about = { ...restOf(document, DOCUMENT_KEYS), ...(text !== undefined && data && restOf(data, DOCUMENT_KEYS)) };
  const details = isEmpty(about) ? undefined : { document: about };
  if (text === undefined) return { type: "data", value: document.data, ...present({ details }) };
  return { type: "text", text, ...present({ details }) };
}

/** Adds citations to the texts they belong to, or (for a plan or a thought) to details. Returns the rest. */
function cite(citations: unknown, plan: Part[], content: Part[][]): unknown[] {
  const others: unknown[] = [];
  const cited = new Map<Part, Citation[]>();
  const places = { plan: lastOf(plan), anywhere: lastOf(content.flat()) };
  for (const value of listOf(citations)) {
    const { type, content_index: index } = recordOf(value) ?? {};
    const named = typeof index === "number" ? content[index] : undefined;
    const last = type === "PLAN" ? places.plan : named === undefined ? places.anywhere : lastOf(named);
    const place = type === "PLAN" || type === "THINKING_CONTENT" ? last.reasoning : last.text;
    const citation = citationOf(value, sourcesOf(value));
    const found = place && cited.get(place);
    if (place === undefined) others.push(value);
    else if (found === undefined) cited.set(place, [citation]);
    else found.push(citation);
  }
  for (const [part, found] of cited) {
    if (part.type === "text") part.citations = found;
    else part.details = { ...part.details, citations: found };
  }
  return others;
}

function lastOf(parts: Part[]): { text: Part | undefined; reasoning: Part | undefined } {
  return {
    text: parts.findLast((part) => part.type === "text"),
    reasoning: parts.findLast((part) => part.type === "reasoning"),
  };
}

function sourcesOf(citation: unknown): JsonRecord[] {
  return listOf(recordOf(citation)?.sources).map((source) => {
    const { document, tool_output: output } = recordOf(source) ?? {};
    return recordOf(document) ?? recordOf(output) ?? {};
  });
}
