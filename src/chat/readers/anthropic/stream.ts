import { type JsonRecord, isEmpty, isRecord, numberOf, parseJson, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

export type FoldedMessage = {
  /** The equivalent plain response. */
  value: JsonRecord;
  /** The whole message that came in addition to its pieces (some proxies end with it). */
  message: unknown;
  /** Events of unknown kinds, in order. */
  strays: unknown[];
  error: unknown;
  /** Whether `message_stop` came. */
  stopped: boolean;
};

type Block = {
  /** Index in its message. */
  index: number;
  started: JsonRecord;
  /** Whether the start of its message already held it. */
  isBrought: boolean;
  /** Text pieces by field: text, thinking, signature, input. */
  spelled: Map<string, string>;
  citations: unknown[];
  strays: unknown[];
};

/** The blocks of all messages in a stream, and those of the latest message by index. */
type Blocks = { all: Block[][]; byIndex: Map<number, Block> };

/** Delta types that spell out a field of their block, with the delta's field and the block's. */
const SPELLED = new Map([
  ["text_delta", ["text", "text"]],
  ["thinking_delta", ["thinking", "thinking"]],
  ["signature_delta", ["signature", "signature"]],
  ["input_json_delta", ["partial_json", "input"]],
] as const);

/** Returns an event's type, from its data or (if a recording lost that) its name. */
export function eventType({ name, data }: StreamEvent): string | undefined {
  return isRecord(data) ? (textOf(data.type) ?? name) : undefined;
}

/** Folds a message stream's events into one response value, in linear time. */
export function foldEvents(events: StreamEvent[]): FoldedMessage {
  const folded: FoldedMessage = { value: {}, message: undefined, strays: [], error: undefined, stopped: false };
  const blocks: Blocks = { all: [[]], byIndex: new Map() };
  const around: JsonRecord[] = [];
  const usage: JsonRecord[] = [];
  for (const event of events) {
    const data = recordOf(event.data) ?? {};
    switch (eventType(event)) {
      case "message_start": {
        const message = recordOf(data.message) ?? {};
        around.push(message);
        usage.push(recordOf(message.usage) ?? {});
        startMessage(blocks, message.content);
        break;
      }
      case "message":
        folded.message = event.data;
        break;
      case "content_block_start":
        startBlock(blocks, indexOf(data), { ...recordOf(data.content_block) });
        break;
      case "content_block_delta":
        addDelta(blocks, indexOf(data), data.delta);
        break;
      case "message_delta": {
        const { type: _type, delta, usage: counted, ...others } = data;
        around.push(others, recordOf(delta) ?? {});
        usage.push(recordOf(counted) ?? {});
        break;
      }
      case "message_stop": {
        // Bedrock adds its metrics here.
        const { type: _type, ...others } = data;
        around.push(others);
        folded.stopped = true;
        break;
      }
      case "error":
        folded.error = event.data;
        break;
      case "content_block_stop":
      case "ping":
        break;
      default:
        folded.strays.push(event.data);
    }
  }
  const whole = blocks.all.flatMap((own) => own.toSorted((a, b) => a.index - b.index).flatMap(wholeBlock));
  folded.value = { ...merged(around), content: whole, usage: merged(usage) };
  return folded;
}

// Later values win, except null (message_start has `stop_reason: null`, message_delta the reason).
function merged(records: JsonRecord[]): JsonRecord {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record).filter(([, value]) => value !== null)));
}

function indexOf(data: JsonRecord): number {
  return numberOf(data.index) ?? 0;
}

// A proxy that retries splices a second message into the stream.
function startMessage(blocks: Blocks, content: unknown): void {
  if (blocks.byIndex.size > 0) {
    blocks.all.push([]);
    blocks.byIndex.clear();
  }
  const brought = typeof content === "string" && content !== "" ? [{ type: "text", text: content }] : listed(content);
  for (const [index, block] of brought.entries()) {
    if (isRecord(block)) startBlock(blocks, index, { ...block }).isBrought = true;
  }
}

// A repeated index begins another block, unless the message itself brought this one.
function startBlock({ all, byIndex }: Blocks, index: number, started: JsonRecord): Block {
  const before = byIndex.get(index);
  const block: Block = { index, started, isBrought: false, spelled: new Map(), citations: [], strays: [] };
  if (before?.isBrought === true && isRepeated(before.started, started)) {
    before.isBrought = false;
    return before;
  }
  all.at(-1)?.push(block);
  byIndex.set(index, block);
  return block;
}

function isRepeated(before: JsonRecord, started: JsonRecord): boolean {
  if (before.type !== started.type || before.id !== started.id) return false;
  return typeof started.id === "string" || JSON.stringify(before) === JSON.stringify(started);
}

function addDelta(blocks: Blocks, index: number, value: unknown): void {
  const block = blocks.byIndex.get(index) ?? startBlock(blocks, index, {});
  const delta = recordOf(value);
  const type = textOf(delta?.type) ?? "";
  const [from, to] = SPELLED.get(type as "text_delta") ?? [];
  const piece = from === undefined ? undefined : delta?.[from];
  if (type === "compaction_delta") addCompaction(block, delta ?? {});
  else if (to !== undefined && typeof piece === "string") block.spelled.set(to, (block.spelled.get(to) ?? "") + piece);
  else if (type === "citations_delta" && !isEmpty(delta?.citation)) block.citations.push(delta?.citation);
  else block.strays.push(value);
}

// A summary arrives whole, as text or encrypted.
function addCompaction({ started }: Block, { type: _type, ...fields }: JsonRecord): void {
  for (const key of Object.keys(fields)) {
    const [before, value] = [started[key], fields[key]];
    if (typeof before === "string" && typeof value === "string") started[key] = before + value;
    else if (!isEmpty(value)) started[key] = value;
  }
}

function wholeBlock({ started, spelled, citations, strays }: Block): unknown[] {
  const block = new Map(Object.entries(started));
  for (const [field, text] of spelled) {
    if (field === "input") {
      block.set("input", text === "" ? started.input : (parseJson(text) ?? text));
    } else {
      block.set(field, (textOf(started[field]) ?? "") + text);
    }
  }
  if (citations.length > 0) block.set("citations", [...listed(started.citations), ...citations]);
  if (textOf(started.type) === undefined) block.set("type", typeBy(spelled));
  return [Object.fromEntries(block), ...strays];
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

// Infers the type from the pieces if the recording lacks the block's start.
function typeBy(spelled: Map<string, string>): string | undefined {
  if (spelled.has("thinking") || spelled.has("signature")) return "thinking";
  return spelled.has("text") ? "text" : undefined;
}
