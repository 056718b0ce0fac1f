import type { Citation, MediaKind, Part } from "../../conversation.ts";
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

const CALL_KEYS = new Set(["toolUseId", "name", "input", "type"]);
const RESULT_KEYS = new Set(["toolUseId", "content", "status"]);
const MEDIA_KEYS = new Set(["format", "source", "name"]);
const SOURCE_KEYS = new Set(["bytes", "s3Location", "url"]);
const CITATION_KEYS = new Set(["title", "source"]);
const SEARCH_KEYS = new Set(["source", "title", "content"]);
const TEXT_KEYS = new Set(["text"]);
const MEDIA = new Map<string, MediaKind>([
  ["image", "image"],
  ["document", "file"],
  ["video", "video"],
  ["audio", "audio"],
]);
/** Formats with a MIME type other than kind and format name. */
const MIME_TYPES = new Map([
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["html", "text/html"],
  ["csv", "text/csv"],
  ["doc", "application/msword"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["mov", "video/quicktime"],
  ["mkv", "video/x-matroska"],
  ["three_gp", "video/3gpp"],
  ["mp3", "audio/mpeg"],
]);

/**
 * Returns the parts of a Converse message's or tool result's `content`: blocks, distinguished by their one key. A
 * `cachePoint` becomes a detail of the preceding part.
 */
export function blockParts(content: unknown, callNames: CallNames): Part[] {
  if (isEmpty(content)) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  const parts: Part[] = [];
  for (const block of Array.isArray(content) ? (content as unknown[]) : [content]) {
    if (!isRecord(block)) {
      parts.push(typeof block === "string" ? { type: "text", text: block } : { type: "unknown", value: block });
      continue;
    }
    for (const [key, value] of Object.entries(block)) {
      const last = parts.at(-1);
      if (key === "cachePoint" && last !== undefined) last.details = { ...last.details, cachePoint: value };
      else if (!isEmpty(value)) {
        for (const part of knownParts(key, value, callNames) ?? [unknownPart(key, value)]) parts.push(part);
      } else if (key === "text" && Object.keys(block).length === 1) parts.push({ type: "text", text: "" });
    }
  }
  return parts;
}

/** An image, document, video or audio block; undefined if it has no location. */
export function mediaPart(kind: MediaKind, block: JsonRecord): Part | undefined {
  const source = recordOf(block.source);
  const stored = recordOf(source?.s3Location);
  const url = textOf(stored?.uri) ?? textOf(source?.url);
  const data = textOf(source?.bytes);
  if (source === undefined || (url ?? data) === undefined) return undefined;
  const format = textOf(block.format);
  const details = {
    ...restOf(block, MEDIA_KEYS),
    ...restOf(source, SOURCE_KEYS),
    ...(stored && restOf(stored, new Set(["uri"]))),
  };
  const place = present({
    mimeType: format && mimeTypeOf(kind, format),
    url,
    data,
    name: textOf(block.name),
    details: isEmpty(details) ? undefined : details,
  });
  return { type: "media", media: kind, ...place };
}

function mimeTypeOf(kind: MediaKind, format: string): string {
  const known = MIME_TYPES.get(format) ?? (format.includes("/") ? format : undefined);
  return known ?? (kind === "file" ? `application/${format}` : `${kind}/${format}`);
}

function unknownPart(key: string, value: unknown): Part {
  return { type: "unknown", value: Object.fromEntries([[key, value]]) };
}

/** Returns undefined for unknown blocks, and for blocks without their usual fields. */
function knownParts(key: string, value: unknown, callNames: CallNames): Part[] | undefined {
  if (key === "text") return typeof value === "string" ? [{ type: "text", text: value }] : undefined;
  if (key === "json" || key === "cachePoint")
    return [{ type: "data", value: key === "json" ? value : { [key]: value } }];
  if (!isRecord(value)) return undefined;
  switch (key) {
    case "toolUse":
      return callParts(value, callNames);
    case "toolResult":
      return [resultPart(value, callNames)];
    case "reasoningContent":
      return reasoningParts(value);
    case "citationsContent":
      return [citedPart(value)];
    case "guardContent":
      return guardedParts(value, callNames);
    case "searchResult":
      return searchResultParts(value, callNames);
    case "toolAddition":
    case "toolRemoval":
      return [{ type: "data", value: { [key]: value } }];
    default: {
      const kind = MEDIA.get(key);
      return kind === undefined ? undefined : mediaParts(kind, value, callNames);
    }
  }
}

function callParts(block: JsonRecord, callNames: CallNames): Part[] | undefined {
  if (typeof block.name !== "string") return undefined;
  const id = idOf(block.toolUseId);
  if (id !== undefined) callNames.set(id, block.name);
  const type = block.type === "tool_use" || isEmpty(block.type) ? undefined : { type: block.type };
  const details = { ...restOf(block, CALL_KEYS), ...type };
  const known = present({ id, details: isEmpty(details) ? undefined : details });
  return [{ type: "toolCall", name: block.name, arguments: block.input, ...known }];
}

function resultPart(block: JsonRecord, callNames: CallNames): Part {
  const id = idOf(block.toolUseId);
  const isError = typeof block.status === "string" ? block.status === "error" : undefined;
  const odd = isError === undefined && !isEmpty(block.status) ? { status: block.status } : undefined;
  const details = { ...restOf(block, RESULT_KEYS), ...odd };
  return {
    type: "toolResult",
    parts: blockParts(block.content, callNames),
    ...present({
      id,
      name: id === undefined ? undefined : callNames.get(id),
      isError,
      details: isEmpty(details) ? undefined : details,
    }),
  };
}

function reasoningParts(block: JsonRecord): Part[] | undefined {
  const { reasoningText, redactedContent, ...others } = block;
  const said = typeof reasoningText === "string" ? { text: reasoningText } : recordOf(reasoningText);
  const parts: Part[] = [];
  if (said !== undefined && (typeof said.text === "string" || isEmpty(said.text))) {
    const details = restOf(said, TEXT_KEYS);
    parts.push({ type: "reasoning", text: textOf(said.text) ?? "", ...present({ details }) });
  }
  if (!isEmpty(redactedContent)) {
    parts.push({ type: "reasoning", text: "", redacted: true, details: { redactedContent } });
  }
  const first = parts[0];
  if (first !== undefined && !isEmpty(others)) first.details = { ...first.details, ...others };
  return first === undefined ? undefined : parts;
}

function citedPart(block: JsonRecord): Part {
  const { content, citations: given, ...others } = block;
  const pieces = listOf(content).map((piece) => (typeof piece === "string" ? piece : recordOf(piece)?.text));
  const strays = listOf(content).filter((_, index) => typeof pieces[index] !== "string");
  const citations = listOf(given).map(citationOf);
  const details = {
    ...others,
    ...(Array.isArray(content) || isEmpty(content) ? strays.length > 0 && { content: strays } : { content }),
    ...(Array.isArray(given) || isEmpty(given) ? {} : { citations: given }),
  };
  const known = {
    citations: citations.length > 0 ? citations : undefined,
    details: isEmpty(details) ? undefined : details,
  };
  return { type: "text", text: pieces.filter((piece) => typeof piece === "string").join(""), ...present(known) };
}

/** Returns the cited text, its source (a web page's URL, or the source if that's one), and its location. */
function citationOf(value: unknown): Citation {
  const citation = recordOf(value);
  if (citation === undefined) return { citation: value };
  const source = textOf(citation.source);
  const page = textOf(recordOf(recordOf(citation.location)?.web)?.url);
  const isAddress = source !== undefined && /^https?:\/\//i.test(source);
  const pieces = listOf(citation.sourceContent);
  const text = pieces.map((piece) => textOf(recordOf(piece)?.text) ?? "").join("");
  const isText = pieces.every((piece) => isRecord(piece) && restOf(piece, TEXT_KEYS) === undefined);
  return {
    ...restOf(citation, isText ? new Set([...CITATION_KEYS, "sourceContent"]) : CITATION_KEYS),
    ...(source === undefined || isAddress ? undefined : { source }),
    ...present({
      text: text || undefined,
      url: page ?? (isAddress ? source : undefined),
      title: textOf(citation.title),
    }),
  };
}

// Content for a guardrail to check; `qualifiers` say what for.
function guardedParts(block: JsonRecord, callNames: CallNames): Part[] {
  return Object.entries(block).flatMap(([key, value]) => {
    const text = key === "text" ? recordOf(value) : undefined;
    const known: Part[] =
      typeof text?.text === "string"
        ? [{ type: "text", text: text.text }]
        : (knownParts(key, value, callNames) ?? [unknownPart(key, value)]);
    const guardContent = (text && restOf(text, TEXT_KEYS)) ?? {};
    for (const part of known) part.details = { ...part.details, guardContent };
    return known;
  });
}

function searchResultParts(block: JsonRecord, callNames: CallNames): Part[] {
  const parts = blockParts(block.content, callNames);
  const first = parts.find((part) => part.type === "text");
  if (first === undefined) return [...parts, unknownPart("searchResult", block)];
  first.citations = [
    { ...restOf(block, SEARCH_KEYS), ...present({ url: textOf(block.source), title: textOf(block.title) }) },
  ];
  return parts;
}

// A document may also be its text, or blocks of text.
function mediaParts(kind: MediaKind, block: JsonRecord, callNames: CallNames): Part[] | undefined {
  const source = recordOf(block.source);
  const written = source && (typeof source.text === "string" ? source.text : source.content);
  const parts = blockParts(written, callNames);
  const first = parts[0];
  if (first === undefined || kind !== "file") {
    const part = mediaPart(kind, block);
    return part === undefined ? undefined : [part];
  }
  const details = { ...restOf(block, new Set(["source"])), ...restOf(source ?? {}, new Set(["text", "content"])) };
  first.details = { ...first.details, document: details };
  return parts;
}
