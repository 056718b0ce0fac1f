import { type JsonRecord, isEmpty, isRecord, numberOf, parseJson, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

/** A folded stream: the equivalent plain response. */
export type FoldedConverse = {
  value: JsonRecord;
  /** Events and deltas of unknown kinds, in order. */
  strays: unknown[];
  /** Whether `messageStop` came. */
  stopped: boolean;
};

type Spelled = "text" | "input" | "reasoning" | "signature" | "redactedContent" | "bytes";
type Block = {
  started: JsonRecord;
  spelled: Map<Spelled, string>;
  citations: unknown[];
  results: unknown[];
  image: JsonRecord | undefined;
};

const KINDS = [
  "messageStart",
  "contentBlockStart",
  "contentBlockDelta",
  "contentBlockStop",
  "messageStop",
  "metadata",
] as const;
type Kind = (typeof KINDS)[number];

/**
 * Returns the kind of a ConverseStream event: by its name, the one key of Nova's own wrapper, or (if a recording lost
 * the name) its fields.
 */
export function kindOf({ name, data }: StreamEvent): { kind: Kind; data: JsonRecord; around?: JsonRecord } | undefined {
  if (!isRecord(data)) return undefined;
  const named = KINDS.find((kind) => kind === name);
  if (named !== undefined) return { kind: named, data };
  const wrapping = KINDS.find((kind) => isRecord(data[kind]));
  if (wrapping !== undefined) {
    const { [wrapping]: inner, ...around } = data;
    return { kind: wrapping, data: recordOf(inner) ?? {}, around };
  }
  const kind = kindByShape(data);
  return kind === undefined ? undefined : { kind, data };
}

function kindByShape(data: JsonRecord): Kind | undefined {
  if (typeof data.contentBlockIndex === "number") {
    if ("delta" in data) return "contentBlockDelta";
    return "start" in data ? "contentBlockStart" : "contentBlockStop";
  }
  if (typeof data.stopReason === "string") return "messageStop";
  if (isRecord(data.usage) && isRecord(data.metrics)) return "metadata";
  return data.role === "assistant" && Object.keys(data).every((key) => key === "role" || key === "p")
    ? "messageStart"
    : undefined;
}

/** Folds a ConverseStream's events into one Converse response, in linear time. */
export function foldEvents(events: StreamEvent[]): FoldedConverse {
  const folded: FoldedConverse = { value: {}, strays: [], stopped: false };
  const blocks = new Map<number, Block>();
  const records: JsonRecord[] = [];
  let role: unknown;
  for (const event of events) {
    const { kind, data = {}, around = {} } = kindOf(event) ?? {};
    const index = numberOf(data.contentBlockIndex) ?? 0;
    records.push(around);
    switch (kind) {
      case "messageStart": {
        const { role: given, ...others } = data;
        role = given ?? role;
        records.push(others);
        break;
      }
      case "contentBlockStart":
        Object.assign(blockAt(blocks, index), { started: recordOf(data.start) ?? {} });
        break;
      case "contentBlockDelta":
        addDelta(blockAt(blocks, index), data.delta, folded.strays);
        break;
      case "contentBlockStop":
        break;
      case "messageStop":
        folded.stopped = true;
        records.push(data);
        break;
      case "metadata":
        records.push(data);
        break;
      default:
        if (event.name !== "initial-response" && !isFailure(event.data)) folded.strays.push(event.data);
    }
  }
  const content = [...blocks].toSorted(([a], [b]) => a - b).flatMap(([, block]) => wholeBlocks(block, folded.stopped));
  const fields = records.flatMap((record) => Object.entries(record).filter(([, value]) => value !== null));
  folded.value = { ...Object.fromEntries(fields), output: { message: { role, content } } };
  return folded;
}

// `readConversation` finds errors, for all formats.
function isFailure(data: unknown): boolean {
  return isRecord(data) && !isEmpty(data.error);
}

function blockAt(blocks: Map<number, Block>, index: number): Block {
  let block = blocks.get(index);
  if (block === undefined) {
    block = { started: {}, spelled: new Map(), citations: [], results: [], image: undefined };
    blocks.set(index, block);
  }
  return block;
}

function addDelta(block: Block, value: unknown, strays: unknown[]): void {
  for (const [key, piece] of Object.entries(recordOf(value) ?? { delta: value })) {
    if (piece === null || (key === "text" && add(block, "text", piece))) continue;
    const said = recordOf(piece);
    if (key === "toolUse" && add(block, "input", said?.input)) continue;
    if (key === "citation" && said !== undefined) block.citations.push(piece);
    else if (key === "toolResult" && typeof piece === "object") addResults(block, piece);
    else if (key === "image" && said !== undefined) addImage(block, said);
    else if (key !== "reasoningContent" || said === undefined || !addReasoning(block, said))
      strays.push({ [key]: piece });
  }
}

function add(block: Block, field: Spelled, piece: unknown): boolean {
  if (typeof piece !== "string") return false;
  block.spelled.set(field, (block.spelled.get(field) ?? "") + piece);
  return true;
}

function addReasoning(block: Block, said: JsonRecord): boolean {
  const isText = add(block, "reasoning", said.text);
  const isSignature = add(block, "signature", said.signature);
  return add(block, "redactedContent", said.redactedContent) || isText || isSignature;
}

// A text may come in pieces; everything else comes whole.
function addResults(block: Block, piece: object): void {
  for (const result of Array.isArray(piece) ? (piece as unknown[]) : [piece]) {
    const last = block.results.at(-1);
    const isText = isRecord(result) && typeof result.text === "string";
    if (isText && isRecord(last) && typeof last.text === "string") last.text += result.text;
    else block.results.push(isText ? { ...result } : result);
  }
}

function addImage(block: Block, said: JsonRecord): void {
  block.image = { ...block.image, ...said };
  add(block, "bytes", recordOf(said.source)?.bytes);
}

function wholeBlocks({ started, spelled, citations, results, image }: Block, stopped: boolean): JsonRecord[] {
  const { toolUse, toolResult, image: startedImage, ...others } = started;
  const blocks: JsonRecord[] = isEmpty(others) ? [] : [others];
  const reasoning = spelled.get("reasoning");
  const signature = spelled.get("signature");
  const redactedContent = spelled.get("redactedContent");
  if (reasoning !== undefined || signature !== undefined) {
    blocks.push({ reasoningContent: { reasoningText: { text: reasoning ?? "", signature } } });
  }
  if (redactedContent !== undefined) blocks.push({ reasoningContent: { redactedContent } });
  const text = spelled.get("text");
  if (citations.length > 0) blocks.push({ citationsContent: { content: [{ text: text ?? "" }], citations } });
  else if (text !== undefined) blocks.push({ text });
  const input = spelled.get("input");
  if (toolUse !== undefined || input !== undefined) blocks.push({ toolUse: wholeCall(toolUse, input ?? "", stopped) });
  if (toolResult !== undefined || results.length > 0) {
    blocks.push({ toolResult: { ...recordOf(toolResult), content: results } });
  }
  if (startedImage !== undefined || image !== undefined) {
    const bytes = spelled.get("bytes");
    const source = { ...recordOf(image?.source), ...(bytes !== undefined && { bytes }) };
    blocks.push({ image: { ...recordOf(startedImage), ...image, source } });
  }
  return blocks;
}

// A call without arguments has no pieces of them, if the stream is complete.
function wholeCall(started: unknown, input: string, stopped: boolean): JsonRecord {
  const call = recordOf(started) ?? {};
  const given = input === "" ? (call.input ?? (stopped ? {} : "")) : (parseJson(input) ?? input);
  return { ...call, name: textOf(call.name) ?? "", input: given };
}
