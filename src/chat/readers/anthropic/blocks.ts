import type { Citation, Part } from "../../conversation.ts";
import { type JsonRecord, idOf, isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { mediaKindOf } from "../../media.ts";
import type { CallNames } from "../../reader.ts";

const TYPE_KEY = new Set(["type"]);
const TEXT_KEYS = new Set(["type", "text", "citations"]);
const THINKING_KEYS = new Set(["type", "thinking"]);
const CALL_KEYS = new Set(["type", "id", "name", "input"]);
const RESULT_KEYS = new Set(["type", "tool_use_id", "content", "is_error"]);
const SOURCE_KEYS = new Set(["type", "media_type", "data", "url", "content"]);
const MEDIA_KEYS = new Set(["type", "source", "title"]);
const CITATION_KEYS = new Set(["cited_text", "url", "title", "document_title", "source"]);
const FOUND_KEYS = new Set(["type", "title", "url"]);
const SEARCH_KEYS = new Set(["type", "title", "source", "content"]);
/** Blocks about changes to the conversation itself, without content. */
const EVENT_TYPES = new Set([
  "tool_addition",
  "tool_removal",
  "tool_reference",
  "mcp_tool_listing",
  "fallback",
  "code_execution_output",
  "bash_code_execution_output",
  "browser_state",
]);
const CONTENT_KEYS = new Set(["content"]);
const COMPACTION_KEYS = new Set(["type", "content"]);
const UPLOAD_KEYS = new Set(["type"]);
const OUTPUT_KEYS = new Set(["type", "stdout", "stderr", "text", "content"]);

/** Returns the parts of a message's or a tool result's `content`: a text, or a list of blocks. */
export function blockParts(content: unknown, callNames: CallNames): Part[] {
  if (isEmpty(content)) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content)
    ? content.flatMap((block) => blockPart(block, callNames))
    : blockPart(content, callNames);
}

function blockPart(block: unknown, callNames: CallNames): Part[] {
  if (isEmpty(block)) return [];
  if (!isRecord(block))
    return [typeof block === "string" ? { type: "text", text: block } : { type: "unknown", value: block }];
  // A recording may end before a cited block's type.
  const type = textOf(block.type) ?? (Array.isArray(block.citations) ? "text" : "");
  return knownParts(type, block, callNames) ?? [{ type: "unknown", value: block }];
}

/** Returns undefined for unknown blocks, and for blocks without their usual fields. */
function knownParts(type: string, block: JsonRecord, callNames: CallNames): Part[] | undefined {
  switch (type) {
    case "text":
      if (block.text === undefined && restOf(block, TYPE_KEY) === undefined) return [];
      if (block.text === undefined && Array.isArray(block.citations)) return [textPart("", block)];
      return typeof block.text === "string" ? [textPart(block.text, block)] : undefined;
    case "thinking":
      if (typeof block.thinking !== "string") return undefined;
      return [{ type: "reasoning", text: block.thinking, ...present({ details: restOf(block, THINKING_KEYS) }) }];
    case "redacted_thinking":
      return [
        { type: "reasoning", text: "", redacted: true, ...present({ details: restOf(block, new Set(["type"])) }) },
      ];
    case "image":
    case "document":
      return sourceParts(type, block, callNames);
    case "compaction":
      return compactionParts(block, callNames);
    case "container_upload":
      return [{ type: "media", media: "file", ...present({ details: restOf(block, UPLOAD_KEYS) }) }];
    case "search_result":
      return searchResultParts(block, callNames);
    case "web_search_result":
      return foundParts(block);
    default:
      if (type.endsWith("tool_use")) return callParts(type, block, callNames);
      if (type.endsWith("tool_result")) return resultParts(type, block, callNames);
      if (type.endsWith("_result")) return outputParts(block, callNames) ?? [{ type: "data", value: block }];
      return type.endsWith("_error") || EVENT_TYPES.has(type) ? [{ type: "data", value: block }] : undefined;
  }
}

function textPart(text: string, block: JsonRecord): Part {
  const part: Part = { type: "text", text };
  // A search result and a document declare {citations: {enabled}} instead of holding any.
  if (Array.isArray(block.citations) && block.citations.length > 0) part.citations = block.citations.map(citationOf);
  const { citations } = block;
  const odd = isEmpty(citations) || Array.isArray(citations) ? undefined : { citations };
  const details = restOf(block, TEXT_KEYS);
  if (details !== undefined || odd !== undefined) part.details = { ...details, ...odd };
  return part;
}

/** Returns the cited text, its source, and the rest (location, indexes, encrypted_index) as received. */
function citationOf(value: unknown): Citation {
  const citation = recordOf(value);
  if (citation === undefined) return { citation: value };
  const source = textOf(citation.source);
  const isAddress = source !== undefined && /^https?:\/\//i.test(source);
  return {
    ...restOf(citation, CITATION_KEYS),
    ...(source === undefined || isAddress ? undefined : { source }),
    ...present({
      text: textOf(citation.cited_text),
      url: textOf(citation.url) ?? (isAddress ? source : undefined),
      title: textOf(citation.title) ?? textOf(citation.document_title),
    }),
  };
}

function callParts(type: string, block: JsonRecord, callNames: CallNames): Part[] | undefined {
  // A recording that ends within a call may lack the name.
  const name = block.name ?? "";
  if (typeof name !== "string") return undefined;
  const id = idOf(block.id);
  if (id !== undefined) callNames.set(id, name);
  const details = { ...restOf(block, CALL_KEYS), ...(type === "tool_use" ? undefined : { type }) };
  return [
    {
      type: "toolCall",
      name,
      arguments: block.input,
      ...present({ id, details: isEmpty(details) ? undefined : details }),
    },
  ];
}

function resultParts(type: string, block: JsonRecord, callNames: CallNames): Part[] {
  const id = idOf(block.tool_use_id);
  const failure = textOf(recordOf(block.content)?.type)?.endsWith("_error") === true;
  const isError = typeof block.is_error === "boolean" ? block.is_error : failure ? true : undefined;
  const details = { ...restOf(block, RESULT_KEYS), ...(type === "tool_result" ? undefined : { type }) };
  return [
    {
      type: "toolResult",
      parts: blockParts(block.content, callNames),
      ...present({
        id,
        name: id === undefined ? undefined : callNames.get(id),
        isError,
        details: isEmpty(details) ? undefined : details,
      }),
    },
  ];
}

function sourceParts(type: "image" | "document", block: JsonRecord, callNames: CallNames): Part[] | undefined {
  const source = recordOf(block.source);
  if (source === undefined) return undefined;
  const name = textOf(block.title);
  const others = { ...restOf(block, MEDIA_KEYS), ...restOf(source, SOURCE_KEYS) };
  const details = isEmpty(others) ? undefined : others;
  if (source.type === "text" && typeof source.data === "string") {
    const described = { ...others, ...present({ title: name, media_type: textOf(source.media_type) }) };
    return [{ type: "text", text: source.data, ...present({ details: isEmpty(described) ? undefined : described }) }];
  }
  if (source.type === "content") {
    const about = { ...others, ...present({ title: name }) };
    const parts = blockParts(source.content, callNames);
    const first = parts[0];
    if (isEmpty(about)) return parts;
    if (first === undefined) return [{ type: "data", value: { document: about } }];
    first.details = { ...first.details, document: about };
    return parts;
  }
  const mimeType = textOf(source.media_type);
  const kind = type === "image" ? "image" : mediaKindOf(mimeType ?? "");
  const place = present({ mimeType, url: textOf(source.url), data: textOf(source.data), name, details });
  return [{ type: "media", media: kind, ...place }];
}

function searchResultParts(block: JsonRecord, callNames: CallNames): Part[] {
  const source = textOf(block.source);
  const about = { ...restOf(block, SEARCH_KEYS), ...present({ url: source, title: textOf(block.title) }) };
  const parts = blockParts(block.content, callNames);
  const first = parts.find((part) => part.type === "text");
  if (first === undefined) return [...parts, { type: "data", value: restOf(block, CONTENT_KEYS) }];
  first.citations = [about];
  return parts;
}

// A summary that replaces earlier messages, not an answer; encrypted if it has no text.
function compactionParts(block: JsonRecord, callNames: CallNames): Part[] {
  const details = { ...restOf(block, COMPACTION_KEYS), type: "compaction" };
  const parts = blockParts(block.content, callNames);
  const texts = parts.map((part): Part =>
    part.type === "text" ? { type: "reasoning", text: part.text, details } : part,
  );
  return texts.length > 0 ? texts : [{ type: "reasoning", text: "", redacted: true, details }];
}

function foundParts(block: JsonRecord): Part[] | undefined {
  const title = textOf(block.title);
  const url = textOf(block.url);
  if (title === undefined || url === undefined) return undefined;
  return [{ type: "text", text: title, citations: [{ ...restOf(block, FOUND_KEYS), url, title }] }];
}

// Output of a server tool: {stdout, stderr, return_code}, {text}, or a page's {content, url}. Other fields
// (return_code, url) go to its first part.
function outputParts(block: JsonRecord, callNames: CallNames): Part[] | undefined {
  const outputs = [block.stdout, block.stderr, block.text, block.content];
  const parts = outputs.flatMap((output) => blockParts(output, callNames));
  const first = parts[0];
  const others = restOf(block, OUTPUT_KEYS);
  if (first !== undefined && others !== undefined) first.details = { ...others, ...first.details };
  return first === undefined ? undefined : parts;
}
