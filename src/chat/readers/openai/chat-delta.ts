import { ExactNumber } from "../../json/exact-number.ts";
import { type JsonRecord, isEmpty, isRecord, recordOf, textOf } from "../../json/json.ts";
import { SpelledText } from "../../spelled-text.ts";
import { SpelledArguments } from "./chat-arguments.ts";
import { joinDetails, joinExecuted, spell } from "./chat-joined-items.ts";
import { type ToolCalls, foldToolCalls, startToolCalls, wholeToolCalls } from "./chat-tool-calls.ts";
import { joinBase64 } from "./responses-pieces.ts";

/** The accumulated pieces of one message. */
export type Gathered = {
  role: string | undefined;
  texts: Map<string, SpelledText>;
  /** The content's texts and parts. */
  segments: unknown[];
  toolCalls: ToolCalls;
  lists: Map<string, unknown[]>;
  audio: Map<string, unknown>;
  /** Base64 in pieces, each possibly padded. */
  sound: string[];
  functionCall: { name: string; arguments: SpelledArguments } | undefined;
  others: Map<string, unknown[]>;
};

/** Returns a message without deltas. */
export function gathered(): Gathered {
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

/** Returns a message as a single delta: what the gateway stores of a merged stream (API notes: Stored responses). */
export function wholeDelta(delta: JsonRecord): JsonRecord {
  const one = gathered();
  addDelta(one, delta);
  return wholeMessage(one);
}

/** Adds a delta to its message. */
export function addDelta(into: Gathered, delta: JsonRecord): void {
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
  // Workers AI sends number-like pieces of text as numbers.
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

// A piece of text among other parts (Mistral's thinking models).
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

/** Adds an item, or every item of a list, to a key's list. */
export function addList(lists: Map<string, unknown[]>, key: string, value: unknown): void {
  if (isEmpty(value)) return;
  const list = lists.get(key) ?? [];
  for (const item of Array.isArray(value) ? value : [value]) list.push(item);
  lists.set(key, list);
}

/** Keeps a field's values: repeated values once, and only the latest of a flag. */
export function addOther(others: Map<string, unknown[]>, key: string, value: unknown): void {
  const list = others.get(key) ?? [];
  const last = list.at(-1);
  const isRepeated =
    last === value || (isRecord(last) && isRecord(value) && JSON.stringify(last) === JSON.stringify(value));
  if (typeof value === "boolean" && typeof last === "boolean") list[list.length - 1] = value;
  else if (!isRepeated) list.push(value);
  others.set(key, list);
}

/** Returns the message that its deltas add up to. */
export function wholeMessage(message: Gathered): JsonRecord {
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

/** Returns each field's value, or a list if there are several. */
export function single(fields: Map<string, unknown[]>): JsonRecord {
  return Object.fromEntries([...fields].map(([key, list]) => [key, list.length === 1 ? list[0] : list]));
}
