import { type JsonRecord, isEmpty, isRecord, listOf, recordOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { type Gathered, addDelta, addList, addOther, gathered, single, wholeMessage } from "./chat-delta.ts";

export type FoldedChat = {
  /** The equivalent plain response. */
  value: JsonRecord;
  /** The same with the whole messages sent in addition to the deltas, if any. */
  messages: JsonRecord | undefined;
  /** Data that isn't a response chunk, in order. */
  strays: unknown[];
};

type Choice = Gathered & {
  index: number;
  finishReason: unknown;
  /** The last whole message sent in addition to the deltas. */
  message: JsonRecord | undefined;
  logprobs: Map<string, unknown[]>;
  beside: Map<string, unknown[]>;
};

const TOKEN_LISTS = new Set(["token_id", "token_ids"]);

/** Whether a value is a chat completion chunk. */
export function isChunk(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value.choices)) return false;
  const choice = recordOf(value.choices[0]);
  if (choice === undefined) return value.object === "chat.completion.chunk";
  return isRecord(choice.delta) || isRecord(choice.message);
}

/** Folds a chat completion's chunks into one response value, in linear time. */
export function foldChunks(events: StreamEvent[]): FoldedChat {
  const fields = new Map<string, unknown[]>();
  const choices = new Map<number, Choice>();
  const strays: unknown[] = [];
  for (const { name, data } of events) {
    if (name === "error" && (!isRecord(data) || !("choices" in data))) continue;
    if (!isRecord(data)) {
      strays.push(data);
      continue;
    }
    for (const key of Object.keys(data)) {
      const value = data[key];
      if (key === "choices") for (const [at, choice] of listOf(value).entries()) addChoice(choices, choice, at, strays);
      else if (value !== null && value !== "") addField(fields, key, value);
    }
  }
  const sorted = [...choices.values()].toSorted((a, b) => a.index - b.index);
  const around = Object.fromEntries([...fields].map(([key, values]) => [key, wholeField(values)]));
  const messages = sorted.some(({ message }) => message !== undefined)
    ? { choices: sorted.map(({ index, message }) => ({ index, message })) }
    : undefined;
  return { value: { ...around, choices: sorted.map(wholeChoice) }, messages, strays };
}

// The latest value wins; records are all kept, because Groq splits one (`x_groq`) over several chunks.
function addField(fields: Map<string, unknown[]>, key: string, value: unknown): void {
  const before = fields.get(key);
  if (before === undefined) fields.set(key, [value]);
  else if (isRecord(value) && key !== "usage") before.push(value);
  else before[0] = value;
}

function wholeField(values: unknown[]): unknown {
  return values.length === 1 ? values[0] : Object.fromEntries(values.flatMap((value) => Object.entries(value ?? {})));
}

function addChoice(choices: Map<number, Choice>, value: unknown, at: number, strays: unknown[]): void {
  if (!isRecord(value)) {
    strays.push(value);
    return;
  }
  const index = typeof value.index === "number" ? value.index : at;
  let choice = choices.get(index);
  if (choice === undefined) {
    const others = { finishReason: undefined, message: undefined, logprobs: new Map(), beside: new Map() };
    choice = { ...gathered(), ...others, index };
    choices.set(index, choice);
  }
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (key === "delta" && isRecord(field)) addDelta(choice, field);
    else if (key === "message" && isRecord(field)) choice.message = field;
    else if (key === "finish_reason") choice.finishReason = field ?? choice.finishReason;
    else if (key === "logprobs" && isRecord(field)) addLists(choice.logprobs, field);
    else if (key === "usage") choice.beside.set(key, [field]);
    else if (TOKEN_LISTS.has(key)) addList(choice.lists, key, field);
    else if (key !== "index" && !isEmpty(field) && !isSaid(key, field, value.delta))
      addOther(choice.beside, key, field);
  }
}

// Together repeats a delta's text next to it.
function isSaid(key: string, field: unknown, delta: unknown): boolean {
  const content = key === "text" ? recordOf(delta)?.content : undefined;
  return typeof content === "string" && typeof field === "string" && content.startsWith(field);
}

function addLists(lists: Map<string, unknown[]>, record: JsonRecord): void {
  for (const key of Object.keys(record)) addList(lists, key, record[key]);
}

function wholeChoice(choice: Choice): JsonRecord {
  const message = wholeMessage(choice);
  return {
    ...single(choice.beside),
    ...(choice.logprobs.size === 0 ? {} : { logprobs: Object.fromEntries(choice.logprobs) }),
    index: choice.index,
    message,
    finish_reason: choice.finishReason,
  };
}
