import type { Citation, Message, Part } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, settingsOf } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { readMessage as readChatMessage } from "./chat-message.ts";
import { contentParts, toolCallParts } from "./chat-parts.ts";
import { toolOf } from "./responses.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set([
  "messages",
  "role",
  "content",
  "instructions",
  "additional_instructions",
  "additional_messages",
  "tools",
  "model",
  "thread",
  "tool_outputs",
]);
const ASKED = ["messages", "content", "instructions", "additional_messages", "thread", "tool_outputs", "assistant_id"];
const MESSAGE_KEYS = new Set(["object", "role", "content", "status", "incomplete_details"]);
const RUN_KEYS = new Set(["last_error", "required_action"]);
const OBJECT = /^thread(?:\.|$)/;
const STEP_KEYS = new Set(["id", "type", "index"]);

/** OpenAI's threads (the Assistants API): messages, runs and their steps, whole, in lists, or as a run's events. */
export const openaiThreads: Reader = {
  format: "openai-threads",

  serves(_provider, path) {
    return /(?:^|\/)threads(?:\/|$)/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && ASKED.some((key) => !isEmpty(body[key]));
  },

  readRequest(body, { callNames }) {
    const thread = recordOf(body.thread);
    const system = [body.instructions, body.additional_instructions].filter((text) => !isEmpty(text));
    const messages = [thread?.messages, body.messages, body.additional_messages].flatMap(listOf);
    const settings = settingsOf(body, REQUEST_KEYS);
    const others = thread && restOf(thread, new Set(["messages"]));
    return {
      messages: [
        ...system.map((text): Message => ({ role: "system", parts: contentParts(text) })),
        ...messages.map((message) => readMessage(message, callNames)),
        ...(isEmpty(body.content) ? [] : [readMessage({ role: body.role, content: body.content }, callNames)]),
        ...listOf(body.tool_outputs).map((output) => toolOutput(output, callNames)),
      ],
      tools: listOf(body.tools).map((tool) => toolOf({ ...recordOf(tool), ...recordOf(recordOf(tool)?.function) })),
      settings: others === undefined ? settings : { ...settings, thread: others },
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return isOwn(value) || listOf(recordOf(value)?.data).some(isOwn) || events.some(({ data }) => isOwn(data));
  },

  readResponse({ value, events, cut, done }, { callNames }) {
    const folded = foldEvents(events);
    const listed = listOf(recordOf(value)?.data);
    const objects = events.length > 0 ? folded.objects : listed.length > 0 ? listed : [value];
    const answers = objects.flatMap((object) =>
      isRecord(object)
        ? objectAnswers(object, callNames)
        : [{ role: "assistant" as const, parts: [{ type: "unknown" as const, value: object }] }],
    );
    const run = objects.filter(isRecord).findLast(({ object }) => object === "thread.run");
    const finishReason = textOf(recordOf(run?.incomplete_details)?.reason) ?? textOf(run?.status);
    const last = answers.findLast(({ role }) => role === "assistant");
    if (last !== undefined && finishReason !== undefined && !/^(?:queued|in_progress)$/.test(finishReason))
      last.finishReason = finishReason;
    return {
      answers,
      complete: !cut && (events.length === 0 || done || folded.isEnded),
      ...present({
        usage: usageOf(run?.usage),
        error: isEmpty(run?.last_error) ? undefined : readError({ error: run?.last_error }, true),
        model: textOf(run?.model),
        envelope: run === undefined ? undefined : restOf(run, RUN_KEYS),
      }),
    };
  },
};

const isOwn = (value: unknown): value is JsonRecord => isRecord(value) && OBJECT.test(textOf(value.object) ?? "");

function objectAnswers(object: JsonRecord, callNames: CallNames): Message[] {
  switch (object.object) {
    case "thread.message":
      return [readMessage(object, callNames)];
    case "thread.run": {
      const calls = recordOf(recordOf(object.required_action)?.submit_tool_outputs)?.tool_calls;
      const parts = toolCallParts({ tool_calls: calls }, callNames);
      return parts.length === 0 ? [] : [{ role: "assistant", parts }];
    }
    case "thread.run.step": {
      const calls = listOf(recordOf(object.step_details)?.tool_calls);
      return calls.length === 0
        ? []
        : [{ role: "assistant", parts: calls.flatMap((call) => stepParts(call, callNames)) }];
    }
    default:
      return [{ role: "assistant", parts: [{ type: "data", value: object }] }];
  }
}

// The provider's own tools report their actions under their own name; a function's result is the caller's.
function stepParts(value: unknown, callNames: CallNames): Part[] {
  const call = recordOf(value);
  const name = textOf(call?.type);
  if (call === undefined || name === undefined) return [{ type: "unknown", value }];
  const id = textOf(call.id);
  const told = recordOf(call[name]) ?? {};
  if (name === "function") {
    const { output, ...asked } = told;
    const calls = toolCallParts({ tool_calls: [{ ...call, function: asked }] }, callNames);
    return isEmpty(output) ? calls : [...calls, ...toolOutput({ tool_call_id: id, output }, callNames).parts];
  }
  const { outputs, results, ...asked } = told;
  const found = [...listOf(outputs), ...listOf(results)];
  return [
    {
      type: "toolCall",
      name,
      arguments: asked.input ?? asked,
      ...present({ id, details: restOf(call, new Set([...STEP_KEYS, name])) }),
    },
    ...(found.length === 0
      ? []
      : [
          {
            type: "toolResult" as const,
            name,
            parts: found.map((one): Part => ({ type: "data", value: one })),
            ...present({ id }),
          },
        ]),
  ];
}

function toolOutput(value: unknown, callNames: CallNames): Message {
  const output = recordOf(value);
  const id = textOf(output?.tool_call_id);
  const parts = contentParts(output === undefined ? value : output.output);
  const name = id === undefined ? undefined : callNames.get(id);
  return { role: "tool", parts: [{ type: "toolResult", parts, ...present({ id, name }) }] };
}

// Texts are `{value, annotations}`, and files are named by ID.
function readMessage(value: unknown, callNames: CallNames): Message {
  const message = recordOf(value);
  if (message === undefined || !Array.isArray(message.content)) return readChatMessage(value, callNames);
  const details = restOf(message, MESSAGE_KEYS);
  const role = message.role === "assistant" ? "assistant" : "user";
  return { role, parts: message.content.flatMap(messageParts), ...present({ details }) };
}

function messageParts(value: unknown): Part[] {
  const part = recordOf(value);
  const text = recordOf(part?.text);
  const file = recordOf(part?.image_file);
  if (file !== undefined) return [{ type: "media", media: "image", details: file }];
  if (part === undefined || text === undefined || typeof text.value !== "string") return contentParts([value]);
  const citations = listOf(text.annotations).filter(isRecord).map(citationOf);
  return [{ type: "text", text: text.value, ...(citations.length === 0 ? {} : { citations }) }];
}

function citationOf({ text, ...annotation }: JsonRecord): Citation {
  return { ...annotation, ...present({ text: textOf(text) }) };
}

type Deltas = { isWhole: boolean; object: JsonRecord; content: Map<number, JsonRecord> };

/** Returns the objects of a run's events: whole if an event has it, else the sum of its deltas. */
function foldEvents(events: StreamEvent[]): { objects: unknown[]; isEnded: boolean } {
  const byId = new Map<string, Deltas>();
  const strays: unknown[] = [];
  let isEnded = false;
  for (const { name, data } of events) {
    isEnded ||=
      name === "done" ||
      /^thread\.run\.(?:completed|failed|cancelled|expired|incomplete|requires_action)$/.test(name ?? "");
    if (name === "done" || name === "error" || (isRecord(data) && data.object === "thread")) continue;
    if (!isOwn(data) || typeof data.id !== "string") {
      strays.push(data);
      continue;
    }
    let deltas = byId.get(data.id);
    if (deltas === undefined)
      byId.set(data.id, (deltas = { isWhole: false, object: { object: "" }, content: new Map() }));
    const delta = recordOf(data.delta);
    if (delta === undefined) {
      deltas.object = data;
      deltas.isWhole = !isEmpty(data.content) || (name?.endsWith(".completed") ?? false);
    } else {
      const object = String(data.object).replace(/\.delta$/, "");
      deltas.object = { ...deltas.object, object, id: data.id, ...restOf(delta, new Set(["content"])) };
      for (const piece of listOf(delta.content)) if (isRecord(piece)) addPiece(deltas.content, piece);
    }
  }
  const objects = [...byId.values()].map(wholeObject);
  return { objects: [...objects, ...strays], isEnded };
}

function wholeObject({ isWhole, object, content }: Deltas): JsonRecord {
  if (isWhole || content.size === 0) return object;
  return { ...object, role: object.role ?? "assistant", content: [...content.values()] };
}

function addPiece(content: Map<number, JsonRecord>, piece: JsonRecord): void {
  const index = typeof piece.index === "number" ? piece.index : content.size;
  const before = content.get(index);
  const { index: _, ...rest } = piece;
  const [old, more] = [recordOf(before?.text), recordOf(piece.text)];
  if (before === undefined) {
    const text = more === undefined ? {} : { text: { ...more, annotations: [...listOf(more.annotations)] } };
    content.set(index, { ...rest, ...text });
  } else if (old !== undefined && more !== undefined) {
    old.value = `${textOf(old.value) ?? ""}${textOf(more.value) ?? ""}`;
    for (const annotation of listOf(more.annotations)) listOf(old.annotations).push(annotation);
  } else Object.assign(before, rest);
}
