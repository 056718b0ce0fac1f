import type { Citation, Message, Part, Role } from "../../conversation.ts";
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
import { locate, sniffMimeType } from "../../media.ts";
import type { CallNames } from "../../reader.ts";
import { citationsOf, contentParts, executedParts, reasoningParts, toolCallParts } from "./chat-parts.ts";
import { wholeDelta } from "./chat-delta.ts";

const ROLES = new Map<unknown, Role>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["model", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
]);
const MESSAGE_KEYS = new Set([
  "role",
  "name",
  "content",
  "reasoning_content",
  "reasoning",
  "reasoning_text",
  "reasoning_details",
  "thinking_blocks",
  "refusal",
  "tool_calls",
  "function_call",
  "tool_call_id",
  "annotations",
  "audio",
  "images",
  "executed_tools",
]);
const CHOICE_KEYS = new Set(["index", "message", "delta", "finish_reason"]);
/** Known only if they are text. */
const TEXT_KEYS = ["name", "refusal", "finish_reason"];
const AUDIO_KEYS = new Set(["data", "transcript"]);
/** Bookkeeping without conversation content. */
const BOOKKEEPING = new Set([
  "cache_control",
  "channel",
  "content_filter_offsets",
  "content_filter_result",
  "content_filter_results",
  "end_turn",
  "error",
  "extra_content",
  "finish_details",
  "graph_data",
  "hidden_states",
  "id",
  "index",
  "logprobs",
  "matched_stop",
  "metadata",
  "native_finish_reason",
  "object",
  "prefix",
  "prompt_token_ids",
  "provider_metadata",
  "provider_specific_fields",
  "raw_output",
  "reasoning_logprobs",
  "reasoning_opaque",
  "routed_experts",
  "seed",
  "status",
  "stop_reason",
  "thought_signature",
  "token_id",
  "token_ids",
  "usage",
  "weight",
]);
/** Data that the provider looked up or worked out for an answer: Azure's own data, Perplexity's steps. */
const DATA_KEYS = new Set(["context", "reasoning_steps"]);

/** Reads an entry of a request's `messages`. Anything that isn't a message becomes a user's unknown part. */
export function readMessage(value: unknown, callNames: CallNames): Message {
  const raw = recordOf(value);
  if (raw === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const role = ROLES.get(raw.role);
  const message = messageOf(raw, role ?? "user", callNames);
  return role === undefined && !isEmpty(raw.role)
    ? { ...message, details: { ...message.details, role: raw.role } }
    : message;
}

/** Reads an entry of a response's `choices`, with a `message` or the gateway's merged `delta`. */
export function readChoice(choice: JsonRecord, callNames: CallNames): Message {
  const given = recordOf(choice.message);
  const delta = recordOf(choice.delta);
  const isSilent = given === undefined || Object.keys(given).every((key) => key === "role" || isEmpty(given[key]));
  const message = messageOf(
    isSilent && delta !== undefined ? wholeDelta(delta) : (given ?? {}),
    "assistant",
    callNames,
  );
  const odd = [choice.message, choice.delta].filter((value) => !isEmpty(value) && !isRecord(value));
  const others = leftoversOf(choice, CHOICE_KEYS);
  return {
    ...message,
    parts: [...message.parts, ...odd.map((value): Part => ({ type: "unknown", value })), ...others.parts],
    ...present({
      finishReason: textOf(choice.finish_reason ?? choice.stop_reason),
      details: others.details === undefined ? message.details : together(message.details, others.details),
    }),
  };
}

// Keeps a field of both message and choice (LiteLLM's provider_specific_fields).
function together(message: JsonRecord | undefined, choice: JsonRecord): JsonRecord {
  const twice = Object.entries(message ?? {}).filter(([key]) => key in choice);
  return { ...message, ...choice, ...(twice.length === 0 ? {} : { message: Object.fromEntries(twice) }) };
}

function messageOf(raw: JsonRecord, role: Role, callNames: CallNames): Message {
  const { parts: others, details } = leftoversOf(raw, MESSAGE_KEYS);
  if (role === "tool") {
    const id = idOf(raw.tool_call_id);
    const name = textOf(raw.name) ?? (id === undefined ? undefined : callNames.get(id));
    const result: Part = { type: "toolResult", ...present({ id, name }), parts: contentParts(raw.content) };
    const message: Message = { role, parts: [result, ...others] };
    if (details !== undefined) message.details = details;
    return message;
  }
  const refusal = textOf(raw.refusal);
  const parts = reasoningParts(raw);
  const add = (more: Part[]) => {
    for (const part of more) parts.push(part);
  };
  add(executedParts(raw.executed_tools));
  add(citedParts(contentParts(raw.content), raw.annotations));
  if (refusal !== undefined) parts.push({ type: "refusal", text: refusal });
  add(contentParts(raw.images));
  add(audioParts(raw.audio));
  add(toolCallParts(raw, callNames));
  add(others);
  const message: Message = { role, parts };
  const name = textOf(raw.name);
  if (name !== undefined) message.name = name;
  if (details !== undefined) message.details = details;
  return message;
}

function citedParts(parts: Part[], annotations: unknown): Part[] {
  if (isEmpty(annotations)) return parts;
  const { citations, others } = citationsOf(annotations);
  const text = parts.findLast((part) => part.type === "text");
  const rest = [...(text === undefined ? citations : []), ...others];
  if (text !== undefined && citations.length > 0) text.citations = citations;
  if (rest.length === 0) return parts;
  // OpenRouter's content of a parsed file: {type: "file", file: {hash, name, content}}.
  const isKnown = rest.every((annotation) => isRecord(annotation) && annotation.type === "file");
  return [...parts, { type: isKnown ? "data" : "unknown", value: { annotations: rest } }];
}

function audioParts(value: unknown): Part[] {
  const audio = recordOf(value);
  if (audio === undefined) return isEmpty(value) ? [] : [{ type: "unknown", value: { audio: value } }];
  const { data } = audio;
  const place = typeof data === "string" ? locatedAudio(data) : {};
  const transcript = textOf(audio.transcript);
  return [
    { type: "media", media: "audio", ...place, ...present({ details: restOf(audio, AUDIO_KEYS) }) },
    ...(transcript === undefined ? [] : [{ type: "text" as const, text: transcript }]),
  ];
}

function locatedAudio(data: string): ReturnType<typeof locate> {
  return data.startsWith("data:") ? locate(data) : { ...present({ mimeType: sniffMimeType(data) }), data };
}

function leftoversOf(raw: JsonRecord, known: ReadonlySet<string>): { parts: Part[]; details?: JsonRecord } {
  const rest = restOf(raw, known);
  const isMistyped = (key: string) => typeof raw[key] !== "string" && known.has(key) && !isEmpty(raw[key]);
  // The usual case.
  if (rest === undefined && !TEXT_KEYS.some(isMistyped)) return { parts: [] };
  const mistyped = TEXT_KEYS.filter(isMistyped);
  const others = [...Object.entries(rest ?? {}), ...mistyped.map((key): [string, unknown] => [key, raw[key]])];
  const details = others.filter(([key]) => BOOKKEEPING.has(key));
  const data = others.filter(([key]) => DATA_KEYS.has(key));
  const unknown = others.filter(([key]) => !BOOKKEEPING.has(key) && !DATA_KEYS.has(key));
  return {
    parts: [
      ...(data.length === 0 ? [] : [{ type: "data" as const, value: Object.fromEntries(data) }]),
      ...(unknown.length === 0 ? [] : [{ type: "unknown" as const, value: Object.fromEntries(unknown) }]),
    ],
    ...(details.length === 0 ? {} : { details: Object.fromEntries(details) }),
  };
}

/**
 * Adds Perplexity's sources, which are next to the choices (`search_results`, else the URLs in `citations`), to each
 * answer's last text, if it has no citations.
 */
export function citeSources(answers: Message[], response: JsonRecord): void {
  const urls = listOf(response.citations).filter((url) => typeof url === "string");
  const results = listOf(response.search_results).filter(isRecord);
  const known = new Set(results.map((result) => result.url));
  const sources = [...results, ...urls.filter((url) => !known.has(url)).map((url): JsonRecord => ({ url }))];
  const text = answers.flatMap((answer) => answer.parts).findLast((part) => part.type === "text");
  if (sources.length > 0 && text !== undefined) text.citations ??= sources.map(citationOfSource);
}

function citationOfSource(source: JsonRecord): Citation {
  const { snippet, url, title, ...others } = source;
  return { ...others, ...present({ text: textOf(snippet), url: textOf(url), title: textOf(title) }) };
}
