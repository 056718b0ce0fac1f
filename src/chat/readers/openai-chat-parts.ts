import type { Citation, Part } from "../conversation.ts";
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
} from "../json.ts";
import { locate } from "../media.ts";

const TEXT_KEYS = new Set(["type", "text"]);
const REFUSAL_KEYS = new Set(["type", "refusal"]);
const THINKING_KEYS = new Set(["type", "thinking"]);
const AUDIO_KEYS = new Set(["type", "data", "format"]);
const FILE_KEYS = new Set(["file_data", "filename"]);
const CALL_KEYS = new Set(["id", "type", "index", "function", "custom"]);
const EXECUTED_KEYS = new Set(["type", "name", "index", "arguments", "output"]);
const NAMED_KEYS = new Set(["name", "arguments", "input"]);
const DETAIL_KEYS = new Set(["type", "text", "summary", "index", "format"]);
const CITATION_KEYS = new Set(["type", "url_citation", "url", "title", "content"]);
const URL_PARTS = new Map([
  ["image_url", "image"],
  ["video_url", "video"],
  ["audio_url", "audio"],
  ["document_url", "file"],
] as const);

/** The parts of a message's `content`: a text, or a list of typed parts. */
export function contentParts(content: unknown): Part[] {
  if (isEmpty(content)) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (Array.isArray(content)) return content.flatMap(contentPart);
  // Workers AI answers in its JSON mode with the value itself.
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
  return [mediaPart(value) ?? { type: "unknown", value }];
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
    ...others.map((value) => ({ type: "unknown" as const, value })),
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
  const audio = value.type === "input_audio" ? recordOf(value.input_audio) : undefined;
  if (audio !== undefined && typeof audio.data === "string") {
    const mimeType = typeof audio.format === "string" ? `audio/${audio.format}` : undefined;
    const details = restOf(audio, AUDIO_KEYS);
    return { type: "media", media: "audio", data: audio.data, ...present({ mimeType, details }) };
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
 * The reasoning of a message: `reasoning_content` (DeepSeek, vLLM), `reasoning` (Groq, OpenRouter) and
 * `reasoning_details` (OpenRouter), which repeat each other: the same text is given once.
 */
export function reasoningParts(message: JsonRecord): Part[] {
  const parts: Part[] = [];
  if (isEmpty(message.reasoning_content) && isEmpty(message.reasoning) && isEmpty(message.reasoning_details))
    return parts;
  const texts = new Set<string>();
  for (const value of [message.reasoning_content, message.reasoning]) {
    const said = typeof value === "string" ? value : "";
    if (said !== "" && !texts.has(said)) parts.push({ type: "reasoning", text: said });
    texts.add(said);
    if (typeof value !== "string" && !isEmpty(value)) parts.push({ type: "unknown", value: { reasoning: value } });
  }
  const details = listOf(message.reasoning_details);
  const spelled = details.map((detail) =>
    isRecord(detail) ? (textOf(detail.text) ?? textOf(detail.summary)) : undefined,
  );
  // In a recording that is cut here, only the beginning is repeated.
  const repeated = spelled.join("");
  const isRepeated = [...texts].some((text) => text.startsWith(repeated));
  const signatures: JsonRecord[] = [];
  for (const [index, detail] of details.entries()) {
    const text = spelled[index];
    const others = isRecord(detail) ? restOf(detail, DETAIL_KEYS) : undefined;
    if (isRecord(detail) && detail.type === "reasoning.encrypted") {
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

/** What the provider's own tools did before the answer (Groq's `executed_tools`): each call with its result. */
export function executedParts(executed: unknown): Part[] {
  if (!Array.isArray(executed))
    return isEmpty(executed) ? [] : [{ type: "unknown", value: { executed_tools: executed } }];
  return executed.flatMap((value): Part[] => {
    const tool = recordOf(value);
    const name = textOf(tool?.type) ?? textOf(tool?.name);
    if (tool === undefined || name === undefined) return [{ type: "unknown", value: { executed_tools: [value] } }];
    const given = tool.arguments;
    const details = restOf(tool, EXECUTED_KEYS);
    return [
      { type: "toolCall", name, arguments: typeof given === "string" ? (parseJson(given) ?? given) : given },
      { type: "toolResult", name, parts: contentParts(tool.output), ...present({ details }) },
    ];
  });
}

/** The tool calls of a message, and its legacy `function_call`. */
export function toolCallParts(message: JsonRecord, callNames: Map<string, string>): Part[] {
  const calls = message.tool_calls;
  const parts = Array.isArray(calls)
    ? calls.map(toolCallPart)
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
  const named = custom ?? recordOf(call?.function);
  if (call === undefined || named === undefined || typeof named.name !== "string") return { type: "unknown", value };
  // A custom tool takes free text, even where that text happens to be JSON.
  const given = custom === undefined ? named.arguments : custom.input;
  const isText = typeof given === "string" && custom === undefined;
  const details = { ...restOf(call, CALL_KEYS), ...restOf(named, NAMED_KEYS) };
  return {
    type: "toolCall",
    name: named.name,
    arguments: isText ? (parseJson(given) ?? given) : given,
    ...present({ id: idOf(call.id), details: isEmpty(details) ? undefined : details }),
  };
}

/** Splits a message's `annotations` into citations of web pages and whatever else there is. */
export function citationsOf(annotations: unknown): { citations: Citation[]; others: unknown[] } {
  const citations: Citation[] = [];
  const others: unknown[] = [];
  for (const annotation of listOf(annotations)) {
    const given = recordOf(annotation);
    const cited = recordOf(given?.url_citation) ?? given;
    if (given === undefined || cited === undefined || typeof cited.url !== "string") {
      others.push(annotation);
      continue;
    }
    const known = { text: textOf(cited.content), url: cited.url, title: textOf(cited.title) };
    citations.push({ ...restOf(given, CITATION_KEYS), ...restOf(cited, CITATION_KEYS), ...present(known) });
  }
  return { citations, others };
}
