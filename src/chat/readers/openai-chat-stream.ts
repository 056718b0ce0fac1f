import { ExactNumber } from "../exact-number.ts";
import { type JsonRecord, idOf, isEmpty, isRecord, listOf, numberOf, recordOf, textOf } from "../json.ts";
import { SpelledText } from "../spelled-text.ts";
import type { StreamEvent } from "../stream.ts";
import { SpelledArguments } from "./openai-chat-arguments.ts";
import { type ToolCalls, foldToolCalls, startToolCalls, wholeToolCalls } from "./openai-chat-tool-calls.ts";
import { joinBase64 } from "./openai-responses-pieces.ts";

export type FoldedChat = {
  /** What a plain response would have held. */
  value: JsonRecord;
  /** The same with the whole messages that were sent besides the deltas, where there are any. */
  messages: JsonRecord | undefined;
  /** What is no chunk of a response, in the order it came. */
  strays: unknown[];
};

/** What the pieces of one message have come to. */
type Gathered = {
  role: string | undefined;
  texts: Map<string, SpelledText>;
  /** Of the content: texts and parts. */
  segments: unknown[];
  toolCalls: ToolCalls;
  lists: Map<string, unknown[]>;
  audio: Map<string, unknown>;
  /** Base64 in pieces, of which each may be padded. */
  sound: string[];
  functionCall: { name: string; arguments: SpelledArguments } | undefined;
  others: Map<string, unknown[]>;
};
type Choice = Gathered & {
  index: number;
  finishReason: unknown;
  /** The last whole message sent besides the deltas. */
  message: JsonRecord | undefined;
  logprobs: Map<string, unknown[]>;
  beside: Map<string, unknown[]>;
};

const SPELLED_DETAILS = new Set(["text", "summary", "data", "thinking"]);
const TOKEN_LISTS = new Set(["token_id", "token_ids"]);

/** True for a chunk of a chat completion stream. */
export function isChunk(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value.choices)) return false;
  const choice = recordOf(value.choices[0]);
  if (choice === undefined) return value.object === "chat.completion.chunk";
  return isRecord(choice.delta) || isRecord(choice.message);
}

/** Folds the chunks of a chat completion into one response value, in time proportional to their size. */
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

// The latest value counts; records are kept all, since Groq spreads one (`x_groq`) over several chunks.
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

// Together says the text of a delta beside it too.
function isSaid(key: string, field: unknown, delta: unknown): boolean {
  const content = key === "text" ? recordOf(delta)?.content : undefined;
  return typeof content === "string" && typeof field === "string" && content.startsWith(field);
}

function gathered(): Gathered {
  return {
    role: undefined,
    texts: new Map(),
    segments: [],
    toolCalls: startToolCalls(),
    lists: new Map(),
    audio: new Map(),
    sound: [],
    functionCall: undefined,
    others: new Map(),
  };
}

/** A message made of its own delta: what the gateway leaves when it has merged a stream (facts 3.5, evidence A). */
export function wholeDelta(delta: JsonRecord): JsonRecord {
  const one = gathered();
  addDelta(one, delta);
  return wholeMessage(one);
}

function addDelta(into: Gathered, delta: JsonRecord): void {
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (value === null || value === "") continue;
    switch (key) {
      case "content":
        addContent(into.segments, value);
        break;
      case "reasoning":
      case "reasoning_content":
      case "reasoning_text":
      case "refusal":
        if (typeof value === "string") addText(into.texts, key, value);
        else addOther(into.others, key, value);
        break;
      case "role":
        if (typeof value === "string") into.role = value;
        break;
      case "tool_calls":
        for (const stray of foldToolCalls(into.toolCalls, Array.isArray(value) ? value : [value])) {
          addOther(into.others, "tool_call_pieces", stray);
        }
        break;
      case "function_call":
        addFunctionCall(into, value);
        break;
      case "reasoning_details":
      case "thinking_blocks":
      case "token_id":
      case "token_ids":
      case "annotations":
      case "executed_tools":
      case "images":
        addList(into.lists, key, value);
        break;
      case "audio":
        addAudio(into, value);
        break;
      default:
        if (!isEmpty(value)) addOther(into.others, key, value);
    }
  }
}

function addContent(segments: unknown[], value: unknown): void {
  if (Array.isArray(value)) {
    for (const part of value) addContent(segments, part);
    return;
  }
  const last = segments.at(-1);
  // Workers AI sends pieces of text that look like numbers as numbers.
  if (typeof value === "string" || typeof value === "number" || value instanceof ExactNumber) {
    const text = last instanceof SpelledText ? last : new SpelledText();
    text.add(String(value));
    if (text !== last) segments.push(text);
    return;
  }
  if (isRecord(value) && isBareText(value)) {
    addContent(segments, value.text);
  } else if (!isRecord(value) || value.type !== "thinking" || !Array.isArray(value.thinking)) {
    segments.push(value);
  } else if (isRecord(last) && last.type === "thinking" && Array.isArray(last.thinking)) {
    const { thinking } = last;
    for (const piece of value.thinking) thinking.push(piece);
    Object.assign(last, value, { thinking });
  } else {
    segments.push({ ...value, thinking: [...value.thinking] });
  }
}

function addText(texts: Map<string, SpelledText>, key: string, piece: string): void {
  const text = texts.get(key) ?? new SpelledText();
  text.add(piece);
  texts.set(key, text);
}

// A piece of text among other parts (Mistral, where it thinks).
function isBareText(value: JsonRecord): boolean {
  return value.type === "text" && typeof value.text === "string" && Object.keys(value).length === 2;
}

function addFunctionCall(into: Gathered, value: unknown): void {
  const piece = recordOf(value);
  into.functionCall ??= { name: "", arguments: new SpelledArguments() };
  into.functionCall.name ||= textOf(piece?.name) ?? "";
  into.functionCall.arguments.add(piece?.arguments);
}

function addAudio(into: Gathered, value: unknown): void {
  if (!isRecord(value)) {
    addOther(into.others, "audio", value);
    return;
  }
  const { data, ...others } = value;
  if (typeof data === "string") into.sound.push(data);
  else if (!isEmpty(data)) addOther(into.others, "audio", { data });
  for (const key of Object.keys(others)) spell(into.audio, key, others[key], key === "transcript");
}

function spell(fields: Map<string, unknown>, key: string, piece: unknown, isSpelled: boolean): void {
  const before = fields.get(key);
  const isContinued = isSpelled && typeof before === "string" && typeof piece === "string";
  if (isContinued) fields.set(key, before + piece);
  else if (!isEmpty(piece)) fields.set(key, piece);
}

function addLists(lists: Map<string, unknown[]>, record: JsonRecord): void {
  for (const key of Object.keys(record)) addList(lists, key, record[key]);
}

function addList(lists: Map<string, unknown[]>, key: string, value: unknown): void {
  if (isEmpty(value)) return;
  const list = lists.get(key) ?? [];
  for (const item of Array.isArray(value) ? value : [value]) list.push(item);
  lists.set(key, list);
}

// A field that comes again with the same value is kept once, and of a flag the latest counts.
function addOther(others: Map<string, unknown[]>, key: string, value: unknown): void {
  const list = others.get(key) ?? [];
  const last = list.at(-1);
  const isRepeated =
    last === value || (isRecord(last) && isRecord(value) && JSON.stringify(last) === JSON.stringify(value));
  if (typeof value === "boolean" && typeof last === "boolean") list[list.length - 1] = value;
  else if (!isRepeated) list.push(value);
  others.set(key, list);
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

function wholeMessage(message: Gathered): JsonRecord {
  const { role, lists, functionCall: call } = message;
  const segments = message.segments.map((segment) => (segment instanceof SpelledText ? segment.text : segment));
  const content = segments.length === 1 && typeof segments[0] === "string" ? segments[0] : segments;
  const texts = [...message.texts].map(([key, text]) => [key, text.text]);
  const joined = ["reasoning_details", "thinking_blocks"].flatMap((key): [string, unknown][] => {
    const details = lists.get(key);
    return details === undefined ? [] : [[key, joinDetails(details)]];
  });
  return {
    ...single(message.others),
    ...(role === undefined ? {} : { role }),
    ...Object.fromEntries(texts),
    ...Object.fromEntries(lists),
    ...Object.fromEntries(joined),
    ...(lists.has("executed_tools") ? { executed_tools: joinExecuted(lists.get("executed_tools") ?? []) } : {}),
    ...(segments.length === 0 ? {} : { content }),
    ...wholeAudio(message),
    ...(message.toolCalls.calls.length === 0 ? {} : { tool_calls: wholeToolCalls(message.toolCalls) }),
    ...(call === undefined ? {} : { function_call: { name: call.name, arguments: call.arguments.whole() } }),
  };
}

function wholeAudio({ audio, sound }: Gathered): JsonRecord {
  if (audio.size === 0 && sound.length === 0) return {};
  const data = sound.slice(0, -1).some((piece) => piece.endsWith("=")) ? joinBase64(sound) : sound.join("");
  return { audio: { ...Object.fromEntries(audio), ...(sound.length === 0 ? {} : { data }) } };
}

function single(fields: Map<string, unknown[]>): JsonRecord {
  return Object.fromEntries([...fields].map(([key, list]) => [key, list.length === 1 ? list[0] : list]));
}

// OpenRouter's reasoning_details come in pieces, which belong together by type and index.
function joinDetails(details: unknown[]): unknown[] {
  const whole: (Map<string, unknown> | { stray: unknown })[] = [];
  const open = new Map<string, Map<string, unknown>>();
  for (const detail of details) {
    if (!isRecord(detail)) {
      whole.push({ stray: detail });
      continue;
    }
    const key = `${textOf(detail.type) ?? ""} ${numberOf(detail.index) ?? ""}`;
    let joined = open.get(key);
    if (joined === undefined) {
      joined = new Map();
      open.set(key, joined);
      whole.push(joined);
    }
    for (const name of Object.keys(detail)) spell(joined, name, detail[name], SPELLED_DETAILS.has(name));
  }
  return whole.map((item) => (item instanceof Map ? Object.fromEntries(item) : item.stray));
}

// Groq sends a tool that it runs when it begins, and again with its output.
function joinExecuted(tools: unknown[]): unknown[] {
  const whole: (Map<string, unknown> | { stray: unknown })[] = [];
  const open = new Map<string, Map<string, unknown>>();
  for (const tool of tools) {
    const id = isRecord(tool) ? (idOf(tool.id) ?? numberOf(tool.index)) : undefined;
    if (!isRecord(tool) || id === undefined) {
      whole.push({ stray: tool });
      continue;
    }
    const key = `${id} ${textOf(tool.type) ?? textOf(tool.name) ?? ""}`;
    let joined = open.get(key);
    if (joined === undefined || isOtherCall(joined.get("arguments"), tool.arguments)) {
      joined = new Map();
      open.set(key, joined);
      whole.push(joined);
    }
    for (const name of Object.keys(tool)) if (!isEmpty(tool[name]) || !joined.has(name)) joined.set(name, tool[name]);
  }
  return whole.map((item) => (item instanceof Map ? Object.fromEntries(item) : item.stray));
}

function isOtherCall(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return !after.startsWith(before) && after !== "";
}
