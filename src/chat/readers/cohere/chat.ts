import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, ProviderError, Role, ToolDefinition } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { messageParts, resultPart } from "./parts.ts";
import { eventType, foldEvents } from "./stream.ts";
import { usageOf } from "./usage.ts";
import { restBesideTexts } from "../shared/text-fields.ts";

const REQUEST_KEYS = new Set(["messages", "tools", "model"]);
const RESPONSE_KEYS = new Set(["message", "finish_reason", "logprobs", "error", "error_type", "streamed_data"]);
const TOOL_KEYS = ["parameters"];
const WRAPPING_KEYS = new Set(["type", "function"]);
const ROLES = new Map<unknown, Role>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["tool", "tool"],
]);

/** Cohere's chat, version 2. */
export const cohereChat: Reader = {
  format: "cohere-chat",

  serves(_provider, path) {
    return /(?:^|\/)v2\/chat\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    // A truncated request may end before its messages.
    return expected && (Array.isArray(body.messages) || (!("messages" in body) && typeof body.model === "string"));
  },

  readRequest(body, { callNames }) {
    return {
      messages: listOf(body.messages).map((message) => readMessage(message, callNames)),
      tools: listOf(body.tools).map(toolOf),
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    return isChat(value, expected) || events.some((event) => eventType(event) !== undefined);
  },

  readResponse(reply, { callNames }) {
    const assembled = isChat(reply.value, true) ? read(reply.value, callNames) : undefined;
    if (assembled !== undefined && reply.events.length === 0) return assembled;
    const { value, strays, stopped } = foldEvents(reply.events);
    const folded = read(value, callNames);
    return arbitrate(assembled, { ...withStrays(folded, strays), complete: stopped && !reply.cut });
  },
};

function isChat(value: unknown, expected: boolean): value is JsonRecord {
  if (!isRecord(value) || !isRecord(value.message)) return false;
  const { content } = value.message;
  return expected || (typeof value.finish_reason === "string" && (isEmpty(content) || Array.isArray(content)));
}

function readMessage(value: unknown, callNames: CallNames): Message {
  const raw = recordOf(value);
  if (raw === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const role = ROLES.get(raw.role);
  if (role === "tool") return { role, parts: [resultPart(raw, callNames)] };
  const details = role === undefined && !isEmpty(raw.role) ? { role: raw.role } : undefined;
  return { role: role ?? "user", parts: messageParts(raw, callNames), ...present({ details }) };
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const details = isEmpty(value.logprobs) ? undefined : { logprobs: value.logprobs };
  const finishReason = textOf(value.finish_reason);
  const parts = messageParts(recordOf(value.message) ?? {}, callNames);
  return {
    answers: [{ role: "assistant", parts, ...present({ finishReason, details }) }],
    complete: true,
    ...present({ usage: usageOf(value.usage), error: errorOf(value), envelope: restOf(value, RESPONSE_KEYS) }),
  };
}

// The error of an answer with the finish reason ERROR is next to that reason.
function errorOf({ error, error_type: type }: JsonRecord): ProviderError | undefined {
  if (isEmpty(error)) return undefined;
  return { message: typeof error === "string" ? error : JSON.stringify(error), ...present({ type: textOf(type) }) };
}

function toolOf(value: unknown): ToolDefinition {
  const wrapped = recordOf(value) ?? {};
  const tool = recordOf(wrapped.function);
  if (tool === undefined) return { name: "", parameters: value };
  const details = { ...restOf(wrapped, WRAPPING_KEYS), ...restBesideTexts(tool, ["name", "description"], TOOL_KEYS) };
  return {
    name: textOf(tool.name) ?? "",
    ...present({
      description: textOf(tool.description),
      parameters: tool.parameters ?? undefined,
      details: isEmpty(details) ? undefined : details,
    }),
  };
}
