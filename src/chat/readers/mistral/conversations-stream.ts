import { type JsonRecord, isRecord, listOf, numberOf, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

const EVENT = /^(?:conversation\.response|message\.output|tool\.execution|function\.call|agent\.handoff)\.(\w+)$/;
/** Fields that say when and where something came. */
const PLACE_KEYS = new Set(["type", "output_index", "content_index", "content", "arguments", "created_at"]);

type Entry = { index: number; fields: Map<string, unknown>; content: unknown[]; contentIndex: number; args: string[] };

export type FoldedConversation = {
  /** The equivalent plain response. */
  value: JsonRecord;
  error: unknown;
  isEnded: boolean;
  /** Data that isn't a conversation event, in order. */
  strays: unknown[];
};

/** Whether an event is of a conversation's stream, by its type or else its name. */
export function isConversationEvent({ name, data }: StreamEvent): boolean {
  return isRecord(data) && EVENT.test(textOf(data.type) ?? name ?? "");
}

/** Folds a conversation's events into one response, in linear time. */
export function foldConversation(events: StreamEvent[]): FoldedConversation {
  const entries = new Map<string, Entry>();
  const around: [string, unknown][] = [];
  const folded: FoldedConversation = { value: {}, error: undefined, isEnded: false, strays: [] };
  for (const event of events) {
    const data = recordOf(event.data);
    const type = textOf(data?.type) ?? event.name ?? "";
    if (data === undefined || !EVENT.test(type)) folded.strays.push(event.data);
    else if (type === "conversation.response.error") folded.error = data;
    else if (type.startsWith("conversation.response.")) {
      const { type: _, ...fields } = data;
      around.push(...Object.entries(fields));
      folded.isEnded ||= type.endsWith(".done");
    } else addPiece(entryOf(entries, data, type), data);
  }
  const outputs = [...entries.values()].toSorted((one, other) => one.index - other.index).map(wholeEntry);
  folded.value = { ...Object.fromEntries(around), outputs };
  return folded;
}

function entryOf(entries: Map<string, Entry>, data: JsonRecord, type: string): Entry {
  const index = numberOf(data.output_index) ?? entries.size;
  const key = textOf(data.id) ?? String(index);
  let entry = entries.get(key);
  if (entry === undefined) {
    const fields = new Map<string, unknown>([["type", type.slice(0, type.lastIndexOf("."))]]);
    entry = { index, fields, content: [], contentIndex: 0, args: [] };
    entries.set(key, entry);
  }
  return entry;
}

function addPiece(entry: Entry, data: JsonRecord): void {
  for (const key of Object.keys(data)) if (!PLACE_KEYS.has(key)) entry.fields.set(key, data[key]);
  if (typeof data.arguments === "string") entry.args.push(data.arguments);
  const contentIndex = numberOf(data.content_index) ?? entry.contentIndex;
  if (data.content !== undefined) addContent(entry.content, data.content, contentIndex === entry.contentIndex);
  entry.contentIndex = contentIndex;
}

// Consecutive texts in one place are joined, and so are thoughts.
function addContent(content: unknown[], value: unknown, isSamePlace: boolean): void {
  const last = content.at(-1);
  const text = typeof value === "string" ? value : isRecord(value) && value.type === "text" ? value.text : undefined;
  if (typeof text === "string") {
    if (isSamePlace && isRecord(last) && last.type === "text") last.text = `${textOf(last.text) ?? ""}${text}`;
    else if (text !== "") content.push({ ...recordOf(value), type: "text", text });
  } else if (isRecord(value) && value.type === "thinking" && isRecord(last) && last.type === "thinking") {
    for (const piece of listOf(value.thinking)) listOf(last.thinking).push(piece);
  } else if (isRecord(value) && value.type === "thinking") {
    content.push({ ...value, thinking: [...listOf(value.thinking)] });
  } else content.push(value);
}

function wholeEntry({ fields, content, args }: Entry): JsonRecord {
  return {
    ...Object.fromEntries(fields),
    ...(content.length === 0 ? {} : { content }),
    ...(args.length === 0 ? {} : { arguments: args.join("") }),
  };
}
