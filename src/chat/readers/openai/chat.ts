import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, ToolDefinition } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, type Reply, type ResponseReading, settingsOf } from "../../reader.ts";
import { citeSources, readChoice, readMessage } from "./chat-message.ts";
import { foldChunks, isChunk } from "./chat-stream.ts";
import { usageOf } from "./usage.ts";

const REQUEST_KEYS = new Set(["messages", "tools", "functions", "model"]);
const ENVELOPE_KEYS = new Set(["choices", "streamed_data", "error", "nonce", "p", "obfuscation"]);
const TOOL_KEYS = new Set(["type", "function", "custom"]);
const DECLARED_KEYS = new Set(["name", "description", "parameters"]);

/** OpenAI's chat completions, and all compatible APIs. */
export const openaiChat: Reader = {
  format: "openai-chat",

  serves(provider, path) {
    return /(?:^|\/)chat\/completions\/?$/.test(path) || (provider === "compat" && path === "");
  },

  fitsRequest(body, expected) {
    const { messages } = body;
    // A call without messages is still one of these; its settings show it.
    if (expected) return Array.isArray(messages) || (messages === undefined && typeof body.model === "string");
    return Array.isArray(messages) && messages.length > 0 && messages.every(isMessage);
  },

  readRequest(body, { callNames }) {
    const tools = [
      ...listOf(body.tools).map(toolOf),
      ...listOf(body.functions).map((value) => toolOf({ function: value })),
    ];
    return {
      messages: listOf(body.messages).map((message) => readMessage(message, callNames)),
      tools,
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events, done }, expected) {
    if (isCompletion(value) || events.some(({ data }) => isChunk(data))) return true;
    // A stream that was cut early or is empty: Azure sends the prompt's filter results first.
    const isBegun = events.some(({ data }) => isRecord(data) && Array.isArray(data.choices) && isEmpty(data.choices));
    return expected && (isBegun || (done && events.length === 0));
  },

  readResponse(reply, { callNames }) {
    const { value } = reply;
    const isHead = reply.cut && isRecord(value) && !("streamed_data" in value);
    const assembled = isHead || isCompletion(value) ? read(value, callNames) : undefined;
    if (assembled !== undefined && reply.events.length === 0) {
      return { ...assembled, ...silence(reply, assembled.answers, isFinished(assembled.answers) || !isOpen(value)) };
    }
    const { value: whole, messages, strays } = foldChunks(reply.events);
    const folded = withStrays(read(whole, callNames), strays);
    const complete = !reply.cut && (reply.done || isFinished(folded.answers));
    // A whole message may come in addition to the deltas: Perplexity repeats it with every chunk, others end with it.
    const final = messages === undefined ? undefined : read(messages, callNames);
    const reading = arbitrate(assembled, arbitrate(final, { ...folded, complete }));
    return assembled === undefined ? reading : { ...reading, ...silence(reply, reading.answers, reading.complete) };
  },
};

function isFinished(answers: Message[]): boolean {
  return answers.length > 0 && answers.every(({ finishReason }) => finishReason !== undefined);
}

// Whether the gateway merged an unfinished stream.
function isOpen(value: unknown): boolean {
  return listOf(recordOf(value)?.choices).some(
    (choice) => isRecord(choice) && isRecord(choice.delta) && choice.finish_reason === null,
  );
}

function silence(
  { value, cut }: Reply,
  answers: Message[],
  complete: boolean,
): Pick<ResponseReading, "complete" | "unstored"> {
  return !cut && isSilent(value, answers) ? { complete: false, unstored: true } : { complete };
}

// Content null and nothing else: streamed, and stored without its content (API notes: Stored responses).
function isSilent(value: unknown, answers: Message[]): boolean {
  const choices = listOf(recordOf(value)?.choices).map(recordOf);
  const isNull = choices.every((choice) => {
    const content = (recordOf(choice?.message) ?? recordOf(choice?.delta))?.content;
    return content !== "" && !Array.isArray(content);
  });
  return isNull && answers.every((answer) => answer.parts.length === 0);
}

function isMessage(value: unknown): boolean {
  if (!isRecord(value) || typeof value.role !== "string") return false;
  const { content } = value;
  if (Array.isArray(content)) return content.every((part) => isRecord(part) && typeof part.type === "string");
  return content === undefined || content === null || typeof content === "string";
}

function isCompletion(value: unknown): value is JsonRecord {
  if (!isRecord(value) || !Array.isArray(value.choices)) return false;
  if (value.choices.length === 0) return textOf(value.object)?.startsWith("chat.completion") === true;
  if (value.object === "chat.completion" && value.choices.every((choice) => isRecord(choice) && !("text" in choice))) {
    return true;
  }
  return value.choices.some((choice) => isRecord(choice) && (isRecord(choice.message) || isRecord(choice.delta)));
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const answers = listOf(value.choices).map((choice): Message =>
    isRecord(choice)
      ? readChoice(choice, callNames)
      : { role: "assistant", parts: [{ type: "unknown", value: choice }] },
  );
  citeSources(answers, value);
  // Some providers put in a choice what others put next to the choices: Moonshot its usage, OpenRouter a provider's
  // error.
  const inChoice = (key: string): unknown =>
    listOf(value.choices)
      .map((choice) => recordOf(choice)?.[key])
      .find((field) => !isEmpty(field));
  const error = [value.error, recordOf(value.x_groq)?.error, inChoice("error")].find((one) => !isEmpty(one));
  return {
    answers,
    complete: true,
    ...present({
      usage: usageOf(value.usage ?? recordOf(value.x_groq)?.usage ?? inChoice("usage")),
      error: isEmpty(error) ? undefined : readError({ error }, false),
      model: textOf(value.model),
      envelope: restOf(value, ENVELOPE_KEYS),
    }),
  };
}

function toolOf(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined) return { name: "", parameters: value };
  const declared = recordOf(tool.function) ?? recordOf(tool.custom) ?? tool;
  const isBare = declared === tool;
  const type = tool.type === "function" ? undefined : textOf(tool.type);
  const others = {
    ...(isBare ? undefined : restOf(tool, TOOL_KEYS)),
    ...restOf(declared, isBare ? new Set([...DECLARED_KEYS, "type"]) : DECLARED_KEYS),
    ...(type === undefined ? undefined : { type }),
  };
  return {
    name: textOf(declared.name) ?? type ?? "",
    ...present({
      description: textOf(declared.description),
      parameters: declared.parameters ?? undefined,
      details: isEmpty(others) ? undefined : others,
    }),
  };
}
