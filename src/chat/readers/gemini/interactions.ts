import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Role, ToolDefinition, Usage } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { contentParts, isContent } from "./interactions-content.ts";
import { eventType, foldEvents } from "./interactions-stream.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set(["input", "system_instruction", "tools", "model"]);
const RESPONSE_KEYS = new Set(["steps", "outputs", "streamed_data", "error", "errors"]);
const TOOL_KEYS = new Set(["type", "name", "description", "parameters"]);
const STEP_KEYS = new Set(["type", "role", "content"]);
const ROLES = new Map<unknown, Role>([
  ["user", "user"],
  ["user_input", "user"],
  ["model", "assistant"],
  ["model_output", "assistant"],
  ["function_result", "tool"],
]);
/** Statuses of an interaction that continues in the background. */
const UNFINISHED = new Set<unknown>(["in_progress", "queued"]);
const EVENT = /^(?:interaction\.(?:created|start|status_update|completed?)|step\.(?:start|delta|stop))$/;

/** Gemini's interactions, as steps and in their first version (outputs, and turns with a role). */
export const geminiInteractions: Reader = {
  format: "gemini-interactions",

  serves(_provider, path) {
    return /(?:^|\/)interactions(?:\/[^/]+)?\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && ("input" in body || "agent" in body);
  },

  readRequest(body, { callNames }) {
    const system = contentParts(body.system_instruction, callNames);
    return {
      messages: [
        ...(system.length === 0 ? [] : [{ role: "system" as const, parts: system }]),
        ...messagesOf(
          Array.isArray(body.input) ? body.input : isEmpty(body.input) ? [] : [body.input],
          "user",
          callNames,
        ),
      ],
      tools: listOf(body.tools).map(toolOf),
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    return isInteraction(value, expected) || events.some((event) => EVENT.test(eventType(event) ?? ""));
  },

  readResponse(reply, { callNames }) {
    const { value } = reply;
    const assembled = isInteraction(value, true) ? read(value, callNames) : undefined;
    if (assembled !== undefined && reply.events.length === 0) return assembled;
    const { value: whole, strays, error, completed } = foldEvents(reply.events);
    const folded = read(whole, callNames);
    const found = error === undefined ? {} : present({ error: readError(error, true) });
    const complete = completed && !reply.cut;
    return { ...arbitrate(assembled, { ...withStrays(folded, strays), complete }), ...found };
  },
};

function isInteraction(value: unknown, expected: boolean): value is JsonRecord {
  if (!isRecord(value) || typeof value.status !== "string") return false;
  return expected || (value.object === "interaction" && (Array.isArray(value.steps) || Array.isArray(value.outputs)));
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const steps = [...listOf(value.steps), ...listOf(value.outputs)];
  const answers = messagesOf(steps, "assistant", callNames);
  if (answers.length === 0) answers.push({ role: "assistant", parts: [] });
  const last = answers.at(-1);
  const status = textOf(value.status);
  if (last !== undefined && status !== undefined && !UNFINISHED.has(status)) last.finishReason = status;
  return {
    answers,
    complete: true,
    ...present({
      usage: readUsage(value.usage),
      error: isEmpty(value.errors) ? undefined : readError({ errors: value.errors }, false),
      model: textOf(value.model),
      envelope: restOf(value, RESPONSE_KEYS),
    }),
  };
}

/**
 * Returns steps, turns or contents as messages: consecutive steps of one role are one message; an input or a turn is
 * its own.
 */
function messagesOf(steps: unknown[], bare: Role, callNames: CallNames): Message[] {
  const messages: Message[] = [];
  let joins = false;
  for (const value of steps) {
    const step = recordOf(value);
    const type = step?.type;
    const kind = step?.role ?? type;
    const holds = step !== undefined && (step.role !== undefined || type === "user_input" || type === "model_output");
    const role = ROLES.get(kind) ?? (isContent(value) && !isPlain(value) ? "assistant" : bare);
    const parts = contentParts(holds ? step.content : value, callNames);
    const details = holds ? restOf(step, STEP_KEYS) : undefined;
    const last = messages.at(-1);
    const isOwn = holds && role === "user";
    if (last !== undefined && joins && !isOwn && last.role === role) {
      for (const part of parts) last.parts.push(part);
      if (details !== undefined) last.details = { ...last.details, ...details };
    } else {
      messages.push({ role, parts, ...present({ details }) });
    }
    joins = !isOwn;
  }
  return messages;
}

function isPlain(content: JsonRecord): boolean {
  return content.type !== "thought" && !/_(?:call|result)$/.test(textOf(content.type) ?? "");
}

function readUsage(value: unknown): Usage | undefined {
  const usage = recordOf(value) ?? {};
  return usageOf({
    sent: [usage.total_input_tokens, usage.total_tool_use_tokens],
    made: [usage.total_output_tokens, usage.total_thought_tokens],
    total: usage.total_tokens,
    cached: usage.total_cached_tokens,
    thoughts: usage.total_thought_tokens,
  });
}

function toolOf(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined) return { name: "", parameters: value };
  const { type } = tool;
  const name = textOf(tool.name) ?? textOf(type) ?? "";
  const others = { ...(type === "function" || type === name ? undefined : { type }), ...restOf(tool, TOOL_KEYS) };
  return {
    name,
    ...present({
      description: textOf(tool.description),
      parameters: tool.parameters ?? undefined,
      details: restOf(others, new Set()),
    }),
  };
}
