import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Part, Role, ToolDefinition, Usage } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type CallNames, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { blockParts } from "./blocks.ts";
import { eventType, foldEvents } from "./stream.ts";

const REQUEST_KEYS = new Set(["messages", "system", "tools", "model"]);
const MESSAGE_KEYS = new Set(["role", "content"]);
const RESPONSE_KEYS = new Set(["type", "role", "content", "stop_reason", "streamed_data", "error", "nonce", "p"]);
const EXPLAINED_KEYS = new Set(["type", "explanation"]);
const TOOL_KEYS = new Set(["name", "description", "input_schema"]);
const ROLES = new Map<unknown, Role>([
  ["user", "user"],
  ["assistant", "assistant"],
  ["system", "system"],
]);
const BLOCK_TYPES = new Set(["tool_use", "tool_result", "thinking", "redacted_thinking", "document", "search_result"]);

/** Anthropic's messages: direct, on Vertex (rawPredict), on Azure, and on Bedrock (invoke) if JSON. */
export const anthropicMessages: Reader = {
  format: "anthropic-messages",

  serves(_provider, path) {
    if (/(?:^|\/)messages\/?$/.test(path)) return true;
    return (
      path.includes("anthropic") && /(?::|%3a)(?:stream)?rawpredict$|\/invoke(?:-with-response-stream)?$/.test(path)
    );
  },

  fitsRequest(body, expected) {
    const { messages } = body;
    if (!Array.isArray(messages)) return false;
    if (expected) return true;
    if (!messages.every((message) => isRecord(message) && ROLES.has(message.role))) return false;
    return (
      !isEmpty(body.system) ||
      typeof body.anthropic_version === "string" ||
      listOf(body.tools).some((tool) => isRecord(tool) && isRecord(tool.input_schema)) ||
      messages.some((message: JsonRecord) => listOf(message.content).some(isOwnBlock))
    );
  },

  readRequest(body, { callNames }) {
    const system = blockParts(body.system, callNames);
    return {
      messages: [
        ...(system.length === 0 ? [] : [{ role: "system" as const, parts: system }]),
        ...listOf(body.messages).map((message) => readMessage(message, callNames)),
      ],
      tools: listOf(body.tools).map(toolOf),
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return isMessage(value) || events.some(isOwnEvent);
  },

  readResponse(reply, { callNames }) {
    const { value } = reply;
    const assembled = isMessage(value) ? read(value, callNames) : undefined;
    if (assembled !== undefined && reply.events.length === 0) {
      return { ...assembled, ...silence(assembled, value, true) };
    }
    const { value: whole, message, strays, error, stopped } = foldEvents(reply.events);
    const folded = { ...withStrays(read(whole, callNames), strays), complete: stopped && !reply.cut };
    const repeated = isMessage(message) ? read(message, callNames) : undefined;
    const reading = arbitrate(assembled, arbitrate(repeated, folded));
    const found = error === undefined ? {} : present({ error: readError(error, true) });
    return { ...reading, ...found, ...silence(reading, value, reading.complete) };
  },
};

function isOwnBlock(block: unknown): boolean {
  return isRecord(block) && ((typeof block.type === "string" && BLOCK_TYPES.has(block.type)) || isRecord(block.source));
}

function isOwnEvent(event: Parameters<typeof eventType>[0]): boolean {
  const type = eventType(event);
  if (type === undefined || !isRecord(event.data)) return false;
  return (type === "message_start" && isRecord(event.data.message)) || type === "content_block_delta";
}

function isMessage(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const { content, type } = value;
  if (type === "message") return Array.isArray(content) || content === null || typeof content === "string";
  return value.role === "assistant" && Array.isArray(content) && "stop_reason" in value;
}

// Content null and nothing else: streamed, and stored without its content (API notes: Stored responses).
function silence(
  reading: ResponseReading,
  value: unknown,
  complete: boolean,
): Pick<ResponseReading, "complete" | "unstored"> {
  const isSilent = recordOf(value)?.content === null && reading.answers.every((answer) => answer.parts.length === 0);
  return isSilent ? { complete: false, unstored: true } : { complete };
}

function readMessage(value: unknown, callNames: CallNames): Message {
  const raw = recordOf(value);
  if (raw === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const role = ROLES.get(raw.role);
  const odd = role === undefined && !isEmpty(raw.role) ? { role: raw.role } : undefined;
  const others = restOf(raw, MESSAGE_KEYS);
  const details = others === undefined ? odd : { ...others, ...odd };
  const message: Message = { role: role ?? "user", parts: blockParts(raw.content, callNames) };
  if (details !== undefined) message.details = details;
  return message;
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const finishReason = textOf(value.stop_reason);
  const parts = [...blockParts(value.content, callNames), ...explanationParts(value)];
  return {
    answers: [{ role: "assistant", parts, ...present({ finishReason }) }],
    complete: true,
    ...present({
      usage: usageOf(value.usage),
      error: isEmpty(value.error) ? undefined : readError({ error: value.error }, false),
      model: textOf(value.model),
      envelope: restOf(value, RESPONSE_KEYS),
    }),
  };
}

// The reason for stopping, next to the content.
function explanationParts({ stop_reason: reason, stop_details: details }: JsonRecord): Part[] {
  const stop = recordOf(details);
  const explanation = textOf(stop?.explanation);
  if (stop === undefined || explanation === undefined) return [];
  if (reason !== "refusal" && stop.type !== "refusal") return [{ type: "data", value: { stop_details: stop } }];
  return [{ type: "refusal", text: explanation, ...present({ details: restOf(stop, EXPLAINED_KEYS) }) }];
}

// Anthropic counts cache reads and writes in addition to input_tokens; our tokensIn includes them.
function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  if (usage === undefined) return undefined;
  const input = [usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens].map(numberOf);
  const counted = input.filter((count) => count !== undefined);
  const read = present({
    tokensIn: counted.length === 0 ? undefined : counted.reduce((sum, count) => sum + count, 0),
    tokensOut: numberOf(usage.output_tokens),
    tokensCached: numberOf(usage.cache_read_input_tokens),
    tokensReasoning: numberOf(recordOf(usage.output_tokens_details)?.thinking_tokens),
  });
  return isEmpty(read) ? undefined : read;
}

function toolOf(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined) return { name: "", parameters: value };
  return {
    name: textOf(tool.name) ?? textOf(tool.type) ?? "",
    ...present({
      description: textOf(tool.description),
      parameters: tool.input_schema ?? undefined,
      details: restOf(tool, TOOL_KEYS),
    }),
  };
}
