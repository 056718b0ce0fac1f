import type { Citation, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  idOf,
  isEmpty,
  isRecord,
  listOf,
  parseJson,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { locate } from "../../media.ts";
import { blockParts } from "../anthropic/blocks.ts";
import { contentParts as responsesParts } from "./responses-content.ts";

const TEXT_KEYS = new Set(["type", "text"]);
const REFUSAL_KEYS = new Set(["type", "refusal"]);
const THINKING_KEYS = new Set(["type", "thinking"]);
const AUDIO_KEYS = new Set(["type", "data", "format"]);
const INPUT_AUDIO_KEYS = new Set(["type", "input_audio"]);
const FILE_KEYS = new Set(["file_data", "filename"]);
const NAMED_FILE_KEYS = new Set(["type", "file_name"]);
const CALL_KEYS = new Set(["id", "type", "index", "function", "custom"]);
const EXECUTED_KEYS = new Set(["type", "name", "index", "arguments", "output"]);
const NAMED_KEYS = new Set(["name", "arguments", "input"]);
const REASONING_KEYS = ["reasoning_content", "reasoning", "reasoning_text", "reasoning_details", "thinking_blocks"];
const DETAIL_KEYS = new Set(["type", "text", "summary", "thinking", "index", "format"]);
const CITATION_KEYS = new Set(["type", "url_citation", "url", "title", "content"]);
const URL_PARTS = new Map([
  ["image_url", "image"],
  ["video_url", "video"],
  ["audio_url", "audio"],
  ["document_url", "file"],
  ["image", "image"],
  ["video", "video"],
  ["audio", "audio"],
] as const);
/** References to an answer's sources (Mistral), documents to search (Groq). */
const DATA_TYPES = new Set<unknown>(["reference", "tool_reference", "document"]);

/** Returns the parts of a message's `content`: a text, or a list of typed parts. */
export function contentParts(content: unknown): Part[] {
  if (isEmpty(content)) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (Array.isArray(content)) return content.flatMap(contentPart);
  // In JSON mode Workers AI answers with the value itself.
  return isRecord(content) && typeof content.type !== "string"
    ? [{ type: "data", value: content }]
    : contentPart(content);
}

function contentPart(value: unknown): Part[] {
  if (typeof value === "string") return value === "" ? [] : [{ type: "text", text: value }];
  if (!isRecord(value)) return [{ type: "unknown", value }];
  if (value.type === "text" && typeof value.text === "string") {
    return [{ type: "text", text: value.text, ...present({ details: restOf(value, TEXT_KEYS) }) }];
  }
  if (value.type === "refusal" && typeof value.refusal === "string") {
    return [{ type: "refusal", text: value.refusal, ...present({ details: restOf(value, REFUSAL_KEYS) }) }];
  }
  if (value.type === "thinking") return thinkingParts(value);
  if (DATA_TYPES.has(value.type)) return [{ type: "data", value }];
  const media = mediaPart(value);
  return media === undefined ? foreignParts(value) : [media];
}

// Parts of the Responses API and Anthropic's blocks: clients that use several APIs send them, and servers accept them.
function foreignParts(value: JsonRecord): Part[] {
  const type = textOf(value.type) ?? "";
  if (/^(?:in|out)put_/.test(type)) return responsesParts(value);
  const isBlock = isRecord(value.source) || /^(?:redacted_thinking|search_result|tool_use|tool_result)$/.test(type);
  return isBlock ? blockParts(value, new Map()) : [{ type: "unknown", value }];
}

// Mistral's reasoning models: {type: "thinking", thinking: [{type: "text", text}]}.
function thinkingParts(value: JsonRecord): Part[] {
  const pieces = typeof value.thinking === "string" ? [value.thinking] : listOf(value.thinking);
  const texts = pieces.map((piece) => (isRecord(piece) && piece.type === "text" ? piece.text : piece));
  const others = texts.filter((text) => typeof text !== "string");
  const text = texts.filter((text) => typeof text === "string").join("");
  const details = restOf(value, THINKING_KEYS);
  return [
    ...(text === "" && details === undefined ? [] : [{ type: "reasoning" as const, text, ...present({ details }) }]),
    ...others.map((value): Part => ({
      type: isRecord(value) && DATA_TYPES.has(value.type) ? "data" : "unknown",
      value,
    })),
  ];
}

function mediaPart(value: JsonRecord): Part | undefined {
  for (const [key, media] of URL_PARTS) {
    if (value.type !== key) continue;
    const place = value[key];
    const url = isRecord(place) ? place.url : place;
    if (typeof url !== "string") return undefined;
    const details = { ...restOf(value, new Set(["type", key])), ...restOf(recordOf(place) ?? {}, new Set(["url"])) };
    return { type: "media", media, ...locate(url), ...present({ details: isEmpty(details) ? undefined : details }) };
  }
  if (value.type === "input_audio" && typeof value.input_audio === "string") {
    const details = restOf(value, INPUT_AUDIO_KEYS);
    return { type: "media", media: "audio", ...locatedFile(value.input_audio), ...present({ details }) };
  }
  const audio = value.type === "input_audio" ? recordOf(value.input_audio) : undefined;
  if (audio !== undefined && typeof audio.data === "string") {
    const mimeType = typeof audio.format === "string" ? `audio/${audio.format}` : undefined;
    const details = restOf(audio, AUDIO_KEYS);
    return { type: "media", media: "audio", data: audio.data, ...present({ mimeType, details }) };
  }
  // Mistral names a file here, the user's or a tool's.
  if (typeof value.file_id === "string" && (value.type === "file" || value.type === "tool_file")) {
    const name = textOf(value.file_name);
    return { type: "media", media: "file", ...present({ name, details: restOf(value, NAMED_FILE_KEYS) }) };
  }
  const file = value.type === "file" ? recordOf(value.file) : undefined;
  if (file === undefined) return undefined;
  const place = typeof file.file_data === "string" ? locatedFile(file.file_data) : {};
  const details = { ...restOf(value, new Set(["type", "file"])), ...restOf(file, FILE_KEYS) };
  const name = textOf(file.filename);
  return {
    type: "media",
    media: "file",
    ...place,
    ...present({ name, details: isEmpty(details) ? undefined : details }),
  };
}

function locatedFile(fileData: string): ReturnType<typeof locate> {
  return /^[a-z][a-z\d+.-]*:/i.test(fileData.slice(0, 20)) ? locate(fileData) : { data: fileData };
}

/**
 * Returns a message's reasoning: `reasoning_content` (DeepSeek, vLLM), `reasoning` (Groq, OpenRouter), `reasoning_text`
 * (Copilot), `reasoning_details` (OpenRouter) and `thinking_blocks` (LiteLLM). They repeat each other; equal texts
 * appear once.
 */
export function reasoningParts(message: JsonRecord): Part[] {
  const parts: Part[] = [];
  if (REASONING_KEYS.every((key) => isEmpty(message[key]))) return parts;
  const texts = new Set<string>();
  for (const value of [message.reasoning_content, message.reasoning, message.reasoning_text]) {
    const said = typeof value === "string" ? value : "";
    if (said !== "" && !texts.has(said)) parts.push({ type: "reasoning", text: said });
    texts.add(said);
    if (typeof value !== "string" && !isEmpty(value)) parts.push({ type: "unknown", value: { reasoning: value } });
  }
  const details = [...listed(message.reasoning_details), ...listed(message.thinking_blocks)];
  const spelled = details.map((detail) =>
    isRecord(detail) ? (textOf(detail.text) ?? textOf(detail.summary) ?? textOf(detail.thinking)) : undefined,
  );
  // A recording that ends here repeats only the beginning.
  const repeated = spelled.join("");
  const isRepeated = [...texts].some((text) => text.startsWith(repeated));
  const signatures: JsonRecord[] = [];
  for (const [index, detail] of details.entries()) {
    const text = spelled[index];
    const others = isRecord(detail) ? restOf(detail, DETAIL_KEYS) : undefined;
    if (isRecord(detail) && (detail.type === "reasoning.encrypted" || detail.type === "redacted_thinking")) {
      parts.push({ type: "reasoning", text: "", redacted: true, details: detail });
    } else if (!isRecord(detail) || (text === undefined && others !== undefined && !isRepeated)) {
      parts.push({ type: "unknown", value: { reasoning_details: [detail] } });
    } else if (text !== undefined && !isRepeated) {
      parts.push({ type: "reasoning", text, ...present({ details: others }) });
    } else if (others !== undefined) {
      signatures.push(others);
    }
  }
  const first = parts[0];
  if (first !== undefined && signatures.length > 0) first.details = { reasoning_details: signatures };
  return parts;
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
}

/** Actions of the provider's own tools before the answer (Groq's `executed_tools`): each call with its result. */
export function executedParts(executed: unknown): Part[] {
  if (!Array.isArray(executed))
    return isEmpty(executed) ? [] : [{ type: "unknown", value: { executed_tools: executed } }];
  return executed.flatMap((value): Part[] => {
    const tool = recordOf(value);
    const name = textOf(tool?.type) ?? textOf(tool?.name) ?? (isEmpty(tool?.arguments) ? undefined : "");
    if (tool === undefined || name === undefined) return [{ type: "unknown", value: { executed_tools: [value] } }];
    const given = tool.arguments;
    const details = restOf(tool, EXECUTED_KEYS);
    return [
      { type: "toolCall", name, arguments: typeof given === "string" ? (parseJson(given) ?? given) : given },
      { type: "toolResult", name, parts: contentParts(tool.output), ...present({ details }) },
    ];
  });
}

/** Returns a message's tool calls, and its legacy `function_call`. */
export function toolCallParts(message: JsonRecord, callNames: Map<string, string>): Part[] {
  const calls = message.tool_calls;
  const parts = Array.isArray(calls)
    ? calls.filter((call) => !isEmpty(call)).map(toolCallPart)
    : isEmpty(calls)
      ? []
      : [{ type: "unknown" as const, value: { tool_calls: calls } }];
  if (!isEmpty(message.function_call)) parts.push(toolCallPart({ function: message.function_call }));
  for (const part of parts) {
    if (part.type === "toolCall" && part.id !== undefined) callNames.set(part.id, part.name);
  }
  return parts;
}

function toolCallPart(value: unknown): Part {
  const call = recordOf(value);
  const custom = recordOf(call?.custom);
  // Workers AI and compatible servers put the function's name directly in the call.
  const isFlat = call !== undefined && isEmpty(call.function) && typeof call.name === "string";
  const named = custom ?? (isFlat ? call : (recordOf(call?.function) ?? (call?.type === "function" ? {} : undefined)));
  // A recording that ends within a call may lack the name.
  const name = named?.name ?? "";
  if (call === undefined || named === undefined || typeof name !== "string") return { type: "unknown", value };
  // A custom tool takes free text, even if it happens to be JSON.
  const given = custom === undefined ? named.arguments : custom.input;
  const isText = typeof given === "string" && custom === undefined;
  const details = {
    ...restOf(call, isFlat ? new Set([...CALL_KEYS, ...NAMED_KEYS]) : CALL_KEYS),
    ...(isFlat ? undefined : restOf(named, NAMED_KEYS)),
  };
  return {
    type: "toolCall",
    name,
    arguments: isText ? (parseJson(given) ?? given) : given,
    ...present({ id: idOf(call.id), details: isEmpty(details) ? undefined : details }),
  };
}

/** Splits a message's `annotations` into web citations and the rest. */
export function citationsOf(annotations: unknown): { citations: Citation[]; others: unknown[] } {
  const citations: Citation[] = [];
  const others: unknown[] = [];
  for (const annotation of listOf(annotations)) {
    const given = recordOf(annotation);
    const cited = recordOf(given?.url_citation) ?? given;
    if (given === undefined || cited === undefined || typeof cited.url !== "string") {
      // Groq cites documents and function results: {type: "document_citation", document_citation: {document_id}}.
      if (given !== undefined && textOf(given.type)?.endsWith("citation") === true) citations.push(flatCitation(given));
      else others.push(annotation);
      continue;
    }
    const known = { text: textOf(cited.content), url: cited.url, title: textOf(cited.title) };
    citations.push({ ...restOf(given, CITATION_KEYS), ...restOf(cited, CITATION_KEYS), ...present(known) });
  }
  return { citations, others };
}

function flatCitation(given: JsonRecord): Citation {
  const { [textOf(given.type) ?? ""]: cited, ...others } = given;
  return isRecord(cited) ? { ...others, ...cited } : given;
}
