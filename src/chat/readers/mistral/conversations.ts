import type { Citation, Message, Part } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  parseJson,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type CallNames, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { flatSettings } from "../shared/flat-settings.ts";
import { foldConversation, isConversationEvent } from "./conversations-stream.ts";
import { readMessage } from "../openai/chat-message.ts";
import { contentParts } from "../openai/chat-parts.ts";
import { toolOf } from "../openai/responses.ts";
import { usageOf } from "../openai/usage.ts";

const REQUEST_KEYS = new Set(["inputs", "instructions", "tools", "model"]);
const ENVELOPE_KEYS = new Set(["outputs", "entries", "messages", "streamed_data", "error"]);
const OBJECTS = new Set<unknown>(["conversation.response", "conversation.history", "conversation.messages"]);
const ENTRY = /^(?:message\.(?:input|output)|tool\.execution|function\.(?:call|result)|agent\.handoff)$/;
const MESSAGE_KEYS = new Set(["type", "object", "role", "content"]);
const CALL_KEYS = new Set(["type", "object", "id", "tool_call_id", "name", "arguments", "info", "result"]);

/**
 * Mistral's conversations (and their agents): entries in, entries out, whole or as events (its OpenAPI,
 * `ConversationResponse`).
 */
export const mistralConversations: Reader = {
  format: "mistral-conversations",

  serves(provider, path) {
    return provider.includes("mistral") && /(?:^|\/)conversations(?:\/[^/]+(?:\/[a-z]+)?)?\/?$/.test(path);
  },

  fitsRequest({ inputs }, expected) {
    return expected ? !isEmpty(inputs) : Array.isArray(inputs) && inputs.length > 0 && inputs.every(isEntry);
  },

  readRequest(body, { callNames }) {
    const { inputs } = body;
    const said = Array.isArray(inputs) ? inputs : isEmpty(inputs) ? [] : [{ role: "user", content: inputs }];
    return {
      messages: [
        ...(isEmpty(body.instructions) ? [] : [{ role: "system" as const, parts: contentParts(body.instructions) }]),
        ...said.map((entry) => readEntry(entry, callNames)),
      ],
      tools: listOf(body.tools).map(conversationTool),
      settings: flatSettings(settingsOf(body, REQUEST_KEYS), "completion_args"),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return (isRecord(value) && OBJECTS.has(value.object)) || events.some(isConversationEvent);
  },

  readResponse({ value, events, cut }, { callNames }) {
    const folded = events.length === 0 ? undefined : foldConversation(events);
    const body = folded?.value ?? recordOf(value) ?? {};
    const reading = readBody(body, callNames);
    if (folded === undefined) return { ...reading, complete: !cut };
    const strays = folded.strays.map((stray): Part => ({ type: "unknown", value: stray }));
    const [answer = { role: "assistant" as const, parts: [] }, ...others] = reading.answers;
    return {
      ...reading,
      answers: [{ ...answer, parts: [...answer.parts, ...strays] }, ...others],
      complete: folded.isEnded && !cut,
      ...present({ error: folded.error === undefined ? undefined : readError(folded.error, true) }),
    };
  },
};

function readBody(body: JsonRecord, callNames: CallNames): ResponseReading {
  const history = body.entries ?? body.messages;
  const entries = listOf(body.outputs).map((entry) => readEntry(entry, callNames));
  const models = listOf(body.outputs).map((entry) => textOf(recordOf(entry)?.model));
  return {
    // A history has several speakers; an answer is all of its entries.
    answers: Array.isArray(history)
      ? history.map((entry) => readEntry(entry, callNames))
      : entries.length === 0
        ? []
        : [{ role: "assistant", parts: entries.flatMap(({ parts }) => parts) }],
    complete: true,
    ...present({
      usage: usageOf(body.usage),
      model: models.find((model) => model !== undefined),
      envelope: restOf(body, ENVELOPE_KEYS),
    }),
  };
}

function isEntry(value: unknown): boolean {
  return isRecord(value) && ENTRY.test(textOf(value.type) ?? "");
}

function readEntry(value: unknown, callNames: CallNames): Message {
  const entry = recordOf(value);
  if (entry === undefined) return { role: "user", parts: [{ type: "unknown", value }] };
  const id = textOf(entry.tool_call_id) ?? textOf(entry.id);
  const name = textOf(entry.name) ?? "";
  const details = restOf(entry, CALL_KEYS);
  switch (entry.type) {
    case "function.call":
    case "tool.execution": {
      if (id !== undefined) callNames.set(id, name);
      const given = entry.arguments;
      const call: Part = {
        type: "toolCall",
        name,
        arguments: typeof given === "string" ? (parseJson(given) ?? given) : given,
        ...present({ id, details }),
      };
      const result: Part = {
        type: "toolResult",
        name,
        parts: [{ type: "data", value: entry.info }],
        ...present({ id }),
      };
      return { role: "assistant", parts: isEmpty(entry.info) ? [call] : [call, result] };
    }
    case "function.result": {
      const called = id === undefined ? undefined : callNames.get(id);
      const parts = contentParts(entry.result);
      return { role: "tool", parts: [{ type: "toolResult", parts, ...present({ id, name: called, details }) }] };
    }
    case "agent.handoff":
      return { role: "assistant", parts: [{ type: "data", value: entry }] };
    case "message.output":
      return { role: "assistant", parts: outputParts(entry) };
    default: {
      const { type: _, object: __, ...message } = entry;
      return readMessage(message, callNames);
    }
  }
}

/** Returns an entry's content, each text with the sources that follow it. */
function outputParts(entry: JsonRecord): Part[] {
  const parts: Part[] = [];
  for (const part of contentParts(entry.content)) {
    const last = parts.at(-1);
    const source = part.type === "data" ? sourceOf(part.value) : undefined;
    if (source !== undefined && last?.type === "text") (last.citations ??= []).push(source);
    else parts.push(part);
  }
  const [first] = parts;
  const details = restOf(entry, MESSAGE_KEYS);
  if (first !== undefined && details !== undefined) first.details = { ...first.details, ...details };
  return parts;
}

function sourceOf(value: unknown): Citation | undefined {
  const source = recordOf(value);
  if (source?.type !== "tool_reference") return undefined;
  const { type: _, url, title, ...others } = source;
  return { ...others, ...present({ url: textOf(url), title: textOf(title) }) };
}

// A function is in a field of its own, as in chat completions.
function conversationTool(value: unknown): ReturnType<typeof toolOf> {
  const tool = recordOf(value);
  const declared = recordOf(tool?.function);
  return toolOf(declared === undefined ? value : { ...tool, function: undefined, ...declared });
}
