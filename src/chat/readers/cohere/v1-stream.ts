import { type JsonRecord, isEmpty, isRecord, listOf, numberOf, parseJson, recordOf, textOf } from "../../json/json.ts";
import type { Reply } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";

/** A folded stream: the equivalent plain response. */
export type FoldedV1 = { value: JsonRecord; strays: unknown[]; stopped: boolean };

type Call = { name: string; parameters: string };

const LISTS = ["citations", "search_queries", "search_results", "documents"];
const BOOKKEEPING = new Set([
  "is_finished",
  "event_type",
  "text",
  "tool_calls",
  "tool_call_delta",
  "response",
  "index",
  ...LISTS,
]);

/** Whether an event is of a version 1 chat or generate stream. */
export function isEvent({ data }: StreamEvent): boolean {
  return isRecord(data) && typeof data.is_finished === "boolean";
}

/** Returns a reply's events; for a stream that was cut in its second line, only the first. */
export function eventsOf({ value, events }: Reply): StreamEvent[] {
  return isEvent({ data: value }) ? [{ data: value }] : events;
}

/**
 * Folds a version 1 stream's events into one response, in linear time. The last event holds the whole response, which
 * wins if it has content.
 */
export function foldEvents(events: StreamEvent[]): FoldedV1 {
  const lists = new Map<string, unknown[]>();
  const texts = new Map<number, string>();
  const calls = new Map<number, Call>();
  const fields: [string, unknown][] = [];
  const strays: unknown[] = [];
  let generated: unknown[] = [];
  let whole: JsonRecord = {};
  let stopped = false;
  for (const event of events) {
    const { data } = event;
    if (!isRecord(data) || !isEvent(event)) {
      if (isEmpty(recordOf(data)?.error)) strays.push(data);
      continue;
    }
    const index = numberOf(data.index) ?? 0;
    const text = textOf(data.text);
    // The event with the finished calls repeats the text of their pieces.
    const isRepeated = data.event_type === "tool-calls-generation" && texts.size > 0;
    if (text !== undefined && !isRepeated) texts.set(index, (texts.get(index) ?? "") + text);
    if (isRecord(data.tool_call_delta)) addCall(calls, data.tool_call_delta);
    if (Array.isArray(data.tool_calls)) generated = listOf(data.tool_calls);
    for (const key of LISTS) addList(lists, key, data[key]);
    whole = recordOf(data.response) ?? whole;
    stopped ||= data.is_finished === true;
    for (const field of Object.entries(data)) if (!BOOKKEEPING.has(field[0]) && !isEmpty(field[1])) fields.push(field);
  }
  const said = Object.entries(whole).filter(([, value]) => !isEmpty(value));
  const pieces = {
    ...Object.fromEntries(lists),
    text: texts.get(0) ?? "",
    generations: [...texts].toSorted(([a], [b]) => a - b).map(([, text]) => ({ text })),
    tool_calls: generated.length > 0 ? generated : [...calls.values()].map(wholeCall),
    ...Object.fromEntries(fields),
  };
  return { value: { ...pieces, ...Object.fromEntries(said) }, strays, stopped };
}

function addList(lists: Map<string, unknown[]>, key: string, value: unknown): void {
  if (!Array.isArray(value)) return;
  const list = lists.get(key);
  if (list === undefined) lists.set(key, listOf(value).slice());
  else for (const item of listOf(value)) list.push(item);
}

function addCall(calls: Map<number, Call>, delta: JsonRecord): void {
  const index = numberOf(delta.index) ?? 0;
  const call = calls.get(index) ?? { name: "", parameters: "" };
  call.name += textOf(delta.name) ?? "";
  call.parameters += textOf(delta.parameters) ?? "";
  calls.set(index, call);
}

function wholeCall({ name, parameters }: Call): JsonRecord {
  return { name, parameters: parseJson(parameters) ?? parameters };
}
