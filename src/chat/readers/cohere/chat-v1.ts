import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Part, Role, ToolDefinition } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { citationOf } from "./parts.ts";
import { usageOf } from "./usage.ts";
import { eventsOf, foldEvents, isEvent } from "./v1-stream.ts";

const REQUEST_KEYS = new Set(["message", "preamble", "chat_history", "tools", "tool_results", "model"]);
const MESSAGE_KEYS = new Set(["role", "message", "tool_calls", "tool_results"]);
const RESPONSE_KEYS = new Set([
  "text",
  "citations",
  "tool_calls",
  "search_queries",
  "search_results",
  "finish_reason",
  "generations",
  "streamed_data",
]);
const CALL_KEYS = new Set(["name", "parameters"]);
const TOOL_KEYS = new Set(["name", "description", "parameter_definitions"]);
const ROLES = new Map<unknown, Role>([
  ["SYSTEM", "system"],
  ["USER", "user"],
  ["CHATBOT", "assistant"],
  ["TOOL", "tool"],
]);

/** Cohere's chat, version 1, also as Bedrock's Command R speaks it. */
export const cohereChatV1: Reader = {
  format: "cohere-chat",

  serves(provider, path) {
    return /(?:^|\/)v1\/chat\/?$/.test(path) || (provider === "cohere" && /^\/?chat\/?$/.test(path));
  },

  fitsRequest(body, expected) {
    const isAsked = Array.isArray(body.chat_history) || "preamble" in body;
    // A truncated request may end before its message.
    if (expected && body.message === undefined) return isAsked || typeof body.model === "string";
    return typeof body.message === "string" && (expected || isAsked);
  },

  readRequest(body) {
    const { chat_history } = body;
    const history = (Array.isArray(chat_history) || isEmpty(chat_history) ? listOf(chat_history) : [chat_history]).map(
      readMessage,
    );
    const asked: Message[] = isEmpty(body.message) ? [] : [{ role: "user", parts: said(body.message) }];
    const results = resultParts(body.tool_results);
    return {
      messages: [
        ...(isEmpty(body.preamble) ? [] : [{ role: "system" as const, parts: said(body.preamble) }]),
        ...history,
        ...asked,
        ...(results.length === 0 ? [] : [{ role: "tool" as const, parts: results }]),
      ],
      tools: listOf(body.tools).map(toolOf),
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    return isChat(value, expected) || isEvent({ data: value }) || events.some(isEvent);
  },

  readResponse(reply) {
    const assembled = isChat(reply.value, true) ? read(reply.value) : undefined;
    if (assembled !== undefined && reply.events.length === 0) return assembled;
    const { value, strays, stopped } = foldEvents(eventsOf(reply));
    const folded = read(value);
    return arbitrate(assembled, { ...withStrays(folded, strays), complete: stopped && !reply.cut });
  },
};

function isChat(value: unknown, expected: boolean): value is JsonRecord {
  if (!isRecord(value) || typeof value.text !== "string" || "is_finished" in value) return false;
  return expected || (typeof value.generation_id === "string" && typeof value.finish_reason === "string");
}

function read(value: JsonRecord): ResponseReading {
  const documents = new Map(
    listOf(value.documents).flatMap((document) => (isRecord(document) ? [[document.id, document] as const] : [])),
  );
  const found = listOf(value.citations).map((citation) => {
    const ids = listOf(recordOf(citation)?.document_ids);
    return citationOf(
      citation,
      ids.map((id) => documents.get(id)).filter((document) => document !== undefined),
    );
  });
  const search = restOf(value, new Set(Object.keys(value).filter((key) => !key.startsWith("search_"))));
  const citations = found.length === 0 ? undefined : found;
  const text = textOf(value.text);
  const parts: Part[] = [
    ...(text === undefined ? [] : [{ type: "text" as const, text, ...present({ citations }) }]),
    ...listOf(value.tool_calls).map(callPart),
    // Searches and results come after the text.
    ...(search === undefined ? [] : [{ type: "data" as const, value: search }]),
  ];
  if (text === undefined && citations !== undefined) parts.push({ type: "unknown", value: { citations } });
  return {
    answers: [{ role: "assistant", parts, ...present({ finishReason: textOf(value.finish_reason) }) }],
    complete: true,
    ...present({ usage: usageOf(value.meta), envelope: restOf(value, RESPONSE_KEYS) }),
  };
}

function said(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  return [typeof value === "string" ? { type: "text", text: value } : { type: "unknown", value }];
}

function readMessage(value: unknown): Message {
  const raw = recordOf(value);
  if (raw === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const role = ROLES.get(textOf(raw.role)?.toUpperCase());
  const odd = role === undefined && !isEmpty(raw.role) ? { role: raw.role } : undefined;
  const details = { ...restOf(raw, MESSAGE_KEYS), ...odd };
  return {
    role: role ?? "user",
    parts: [...said(raw.message), ...listOf(raw.tool_calls).map(callPart), ...resultParts(raw.tool_results)],
    ...present({ details: isEmpty(details) ? undefined : details }),
  };
}

function callPart(value: unknown): Part {
  const call = recordOf(value);
  if (call === undefined || typeof call.name !== "string") return { type: "unknown", value };
  const details = restOf(call, CALL_KEYS);
  return { type: "toolCall", name: call.name, arguments: call.parameters, ...present({ details }) };
}

function resultParts(values: unknown): Part[] {
  return listOf(values).map(resultPart);
}

// Version 1 has no call IDs: a result repeats its call.
function resultPart(value: unknown): Part {
  const { call, outputs, ...others } = recordOf(value) ?? {};
  if (!isRecord(call) || !Array.isArray(outputs)) return { type: "unknown", value };
  const { name, ...called } = call;
  const details = { ...others, ...(!isEmpty(called) && { call: called }) };
  return {
    type: "toolResult",
    parts: listOf(outputs).map((output) =>
      typeof output === "string" ? { type: "text", text: output } : { type: "data", value: output },
    ),
    ...present({ name: textOf(name), details: isEmpty(details) ? undefined : details }),
  };
}

function toolOf(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined || typeof tool.name !== "string") return { name: "", parameters: value };
  return {
    name: tool.name,
    ...present({
      description: textOf(tool.description),
      parameters: tool.parameter_definitions ?? undefined,
      details: restOf(tool, TOOL_KEYS),
    }),
  };
}
