import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Role, ToolDefinition, Usage } from "../../conversation.ts";
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
import {
  type CallNames,
  type Reader,
  type Reply,
  type RequestReading,
  type ResponseReading,
  settingsOf,
} from "../../reader.ts";
import { blockParts } from "./blocks.ts";
import { modelIn } from "./invocation.ts";
import { foldEvents, kindOf } from "./stream.ts";
import { restBesideTexts } from "../shared/text-fields.ts";

const REQUEST_KEYS = new Set(["messages", "system", "toolConfig", "modelId"]);
const BEGINNING_KEYS = ["system", "toolConfig", "inferenceConfig", "additionalModelRequestFields"];
const MESSAGE_KEYS = new Set(["role", "content"]);
const RESPONSE_KEYS = new Set(["output", "stopReason", "streamed_data", "p"]);
const TOOL_KEYS = ["inputSchema"];
const BLOCK_KEYS = [
  "text",
  "image",
  "document",
  "video",
  "audio",
  "toolUse",
  "toolResult",
  "guardContent",
  "cachePoint",
];
const ROLES = new Map<unknown, Role>([
  ["system", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
]);

/** Bedrock's Converse and ConverseStream. */
export const bedrockConverse: Reader = {
  format: "bedrock-converse",

  serves(_provider, path) {
    return /\/converse(?:-stream)?\/?$/.test(path);
  },

  modelIn,

  fitsRequest(body, expected) {
    // A truncated request may end before its messages.
    if (expected && body.messages === undefined) return BEGINNING_KEYS.some((key) => key in body);
    return Array.isArray(body.messages) && (expected || isConverseRequest(body));
  },

  readRequest(body, { callNames }) {
    return readConverseRequest(body, callNames);
  },

  fitsResponse(reply, expected) {
    return isConverse(reply.value) || reply.events.some((event) => isConverseEvent(event, expected));
  },

  readResponse(reply, { callNames }) {
    return readConverseReply(reply, callNames);
  },
};

/** Whether a request's messages hold blocks without a type, as in Converse and Nova. */
export function isConverseRequest(body: JsonRecord): boolean {
  const messages = listOf(body.messages);
  if (messages.length === 0 || !messages.every(isRecord)) return false;
  const contents = messages.flatMap((message) => (isRecord(message) ? [message.content] : []));
  return contents.every(isBlockList) && contents.some((content) => listOf(content).length > 0);
}

function isBlockList(content: unknown): boolean {
  if (!Array.isArray(content)) return false;
  return content.every((block) => isRecord(block) && !("type" in block) && BLOCK_KEYS.some((key) => key in block));
}

/** Whether a value is a plain response of Converse or Nova. */
export function isConverse(value: unknown): value is JsonRecord {
  const message = recordOf(recordOf(isRecord(value) ? value.output : undefined)?.message);
  return message !== undefined && Array.isArray(message.content);
}

/** Whether an event is of ConverseStream or Nova's own stream. `expected`: also accepts events with little content. */
export function isConverseEvent(event: Reply["events"][number], expected: boolean): boolean {
  const kind = kindOf(event)?.kind;
  return expected ? kind !== undefined : kind === "contentBlockDelta" || kind === "contentBlockStart";
}

/** Reads a Converse request; Nova's own differs only in the names of some settings. */
export function readConverseRequest(body: JsonRecord, callNames: CallNames): RequestReading {
  const system = blockParts(body.system, callNames);
  const config = recordOf(body.toolConfig);
  const { tools, ...others } = config ?? {};
  const isOdd = tools !== undefined && !Array.isArray(tools);
  const toolConfig = config === undefined ? body.toolConfig : isOdd ? config : others;
  return {
    messages: [
      ...(system.length === 0 ? [] : [{ role: "system" as const, parts: system }]),
      ...listOf(body.messages).map((message) => readMessage(message, callNames)),
    ],
    tools: readTools(listOf(tools)),
    settings: { ...settingsOf(body, REQUEST_KEYS), ...(!isEmpty(toolConfig) && { toolConfig }) },
    ...present({ model: textOf(body.modelId) }),
  };
}

/** Reads a Converse response, plain or streamed. */
export function readConverseReply(reply: Reply, callNames: CallNames): ResponseReading {
  const { value } = reply;
  const assembled = isConverse(value) ? read(value, callNames) : undefined;
  if (assembled !== undefined && reply.events.length === 0) return assembled;
  const { value: whole, strays, stopped } = foldEvents(reply.events);
  const folded = read(whole, callNames);
  return arbitrate(assembled, { ...withStrays(folded, strays), complete: stopped && !reply.cut });
}

function readMessage(value: unknown, callNames: CallNames): Message {
  const raw = recordOf(value);
  if (raw === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const role = ROLES.get(raw.role);
  const odd = role === undefined && !isEmpty(raw.role) ? { role: raw.role } : undefined;
  const others = restOf(raw, MESSAGE_KEYS);
  const details = others === undefined ? odd : { ...others, ...odd };
  return { role: role ?? "user", parts: blockParts(raw.content, callNames), ...present({ details }) };
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const { message, ...beside } = recordOf(value.output) ?? {};
  const answer = readMessage({ ...recordOf(message), role: "assistant" }, callNames);
  const envelope = { ...restOf(value, RESPONSE_KEYS), ...(!isEmpty(beside) && { output: beside }) };
  return {
    answers: [{ ...answer, ...present({ finishReason: textOf(value.stopReason) }) }],
    complete: true,
    ...present({ usage: usageOf(value.usage), envelope: isEmpty(envelope) ? undefined : envelope }),
  };
}

// Bedrock counts cache reads and writes in addition to inputTokens; our tokensIn includes them.
function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  if (usage === undefined) return undefined;
  const tokensCached = numberOf(usage.cacheReadInputTokens) ?? numberOf(usage.cacheReadInputTokenCount);
  const written = numberOf(usage.cacheWriteInputTokens) ?? numberOf(usage.cacheWriteInputTokenCount);
  const counted = [numberOf(usage.inputTokens), tokensCached, written].filter((count) => count !== undefined);
  const read = present({
    tokensIn: counted.length === 0 ? undefined : counted.reduce((sum, count) => sum + count, 0),
    tokensOut: numberOf(usage.outputTokens),
    tokensTotal: numberOf(usage.totalTokens),
    tokensCached,
  });
  return isEmpty(read) ? undefined : read;
}

function readTools(values: unknown[]): ToolDefinition[] {
  const tools: ToolDefinition[] = [];
  for (const value of values) {
    const last = tools.at(-1);
    const given = recordOf(value) ?? {};
    if (last !== undefined && !isEmpty(given.cachePoint))
      last.details = { ...last.details, cachePoint: given.cachePoint };
    else tools.push(toolOf(value));
  }
  return tools;
}

function toolOf(value: unknown): ToolDefinition {
  const given = recordOf(value);
  const [kind = ""] = Object.keys(given ?? {});
  const tool = recordOf(given?.[kind]);
  if (tool === undefined) return { name: "", parameters: value };
  const schema = recordOf(tool.inputSchema);
  const details = {
    ...restBesideTexts(tool, ["name", "description"], TOOL_KEYS),
    ...(given && restOf(given, new Set([kind]))),
    ...(kind !== "toolSpec" && { type: kind }),
  };
  const isPlain = schema !== undefined && restOf(schema, new Set(["json"])) === undefined;
  return {
    name: textOf(tool.name) ?? "",
    ...present({
      description: textOf(tool.description),
      parameters: (isPlain ? schema.json : undefined) ?? tool.inputSchema ?? undefined,
      details: isEmpty(details) ? undefined : details,
    }),
  };
}
