import { type JsonRecord, isEmpty, isRecord, listOf, numberOf, recordOf, restOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

/** A folded stream: the equivalent plain response. */
export type FoldedCohere = { value: JsonRecord; strays: unknown[]; stopped: boolean };

type Content = { type: string | undefined; text: string; thinking: string };
type Call = { started: JsonRecord; input: string };

const TYPES = new Set([
  "message-start",
  "content-start",
  "content-delta",
  "content-end",
  "tool-plan-delta",
  "tool-call-start",
  "tool-call-delta",
  "tool-call-end",
  "citation-start",
  "citation-end",
  "message-end",
  "debug",
]);

const EVENT_KEYS = new Set(["type", "id", "index", "delta", "logprobs", "prompt"]);
const DELTA_KEYS = new Set(["message"]);

/** Returns a v2 event's type, from its data or (if a recording lost that) its name. */
export function eventType({ name, data }: StreamEvent): string | undefined {
  const type = isRecord(data) ? (textOf(data.type) ?? name) : undefined;
  return type !== undefined && TYPES.has(type) ? type : undefined;
}

/** Folds a v2 chat stream's events into one response, in linear time. */
export function foldEvents(events: StreamEvent[]): FoldedCohere {
  const contents = new Map<number, Content>();
  const calls = new Map<number, Call>();
  const citations: unknown[][] = [];
  const logprobs: unknown[][] = [];
  const strays: unknown[] = [];
  const around: JsonRecord[] = [];
  let message: JsonRecord = {};
  let plan = "";
  let stopped = false;
  for (const event of events) {
    const data = recordOf(event.data) ?? {};
    const delta = recordOf(data.delta);
    const said = recordOf(delta?.message) ?? {};
    const type = eventType(event);
    // A message's end has all its fields in the delta.
    const others = type === undefined ? [] : [restOf(data, EVENT_KEYS), delta && restOf(delta, DELTA_KEYS)];
    for (const rest of others) if (rest !== undefined) around.push(rest);
    switch (type) {
      case "message-start":
        message = said;
        around.push({ id: data.id });
        break;
      case "content-start":
      case "content-delta":
        addContent(contents, numberOf(data.index) ?? 0, recordOf(said.content) ?? { text: said.content });
        if (!isEmpty(data.logprobs)) logprobs.push(asList(data.logprobs));
        break;
      case "tool-plan-delta":
        plan += textOf(said.tool_plan) ?? "";
        break;
      case "tool-call-start":
      case "tool-call-delta":
        addCall(calls, numberOf(data.index) ?? 0, said.tool_calls);
        break;
      case "citation-start":
        citations.push(asList(said.citations));
        break;
      case "message-end":
        stopped = true;
        around.push({ id: data.id });
        break;
      case "debug":
        around.push({ prompt: data.prompt });
        break;
      case undefined:
        if (isEmpty(data.error)) strays.push(event.data);
    }
  }
  const whole = {
    ...message,
    content: [...contents].toSorted(([a], [b]) => a - b).map(([, content]) => wholeContent(content)),
    tool_plan: plan,
    tool_calls: [...calls].toSorted(([a], [b]) => a - b).map(([, call]) => wholeCall(call, stopped)),
    citations: citations.flat(),
  };
  const fields = around.flatMap((record) => Object.entries(record).filter(([, value]) => !isEmpty(value)));
  return { value: { ...Object.fromEntries(fields), message: whole, logprobs: logprobs.flat() }, strays, stopped };
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? listOf(value) : [value];
}

function addContent(contents: Map<number, Content>, index: number, piece: JsonRecord): void {
  const content = contents.get(index) ?? { type: undefined, text: "", thinking: "" };
  content.type = textOf(piece.type) ?? content.type;
  content.text += textOf(piece.text) ?? "";
  content.thinking += textOf(piece.thinking) ?? "";
  contents.set(index, content);
}

function wholeContent({ type, text, thinking }: Content): JsonRecord {
  return type === "thinking" || (thinking !== "" && text === "")
    ? { type: "thinking", thinking: thinking + text }
    : { type: "text", text: thinking + text };
}

function addCall(calls: Map<number, Call>, index: number, pieces: unknown): void {
  for (const [at, value] of asList(pieces).entries()) {
    const piece = recordOf(value) ?? {};
    const input = textOf(recordOf(piece.function)?.arguments) ?? "";
    const call = calls.get(index + at);
    if (call === undefined) calls.set(index + at, { started: piece, input });
    else call.input += input;
  }
}

// In a complete stream, missing arguments mean a tool without any.
function wholeCall({ started, input }: Call, stopped: boolean): JsonRecord {
  const named = recordOf(started.function) ?? {};
  return { ...started, function: { name: "", ...named, arguments: input === "" && stopped ? "{}" : input } };
}
