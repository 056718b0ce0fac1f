import { arbitrateText } from "../../arbitration.ts";
import { type JsonRecord, isEmpty, isRecord, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { isCall } from "./responses-calls.ts";
import { type Item, type Piece, holderOf, pieceOf, wholeItem } from "./responses-pieces.ts";

/** The accumulated events of one response. */
export type Fold = {
  /** From events about the whole response, the latest last. */
  response: Map<string, unknown>;
  items: Item[];
  /** Items by output index; some servers give several items one index. */
  byIndex: Map<number, Item[]>;
  byId: Map<string, Item[]>;
  /** Calls and their results, by type and `call_id`. */
  byCall: Map<string, Item>;
  /** Events of unknown kinds, in order. */
  strays: unknown[];
  /** Whether the response's last event came. */
  isFinished: boolean;
};

/** Target of an event's `delta` or final value: a list of its item, the type of the piece, the field. */
type Target = { list: "content" | "summary" | "own"; type: string; field: string };

const FINAL = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "response.cancelled",
  "response.done",
]);
const TEXT: Target = { list: "content", type: "output_text", field: "text" };
const SUMMARY: Target = { list: "summary", type: "summary_text", field: "text" };
const AUDIO: Target = { list: "content", type: "output_audio", field: "audio" };
const TRANSCRIPT: Target = { list: "content", type: "output_audio", field: "transcript" };
const TARGETS = new Map<string, Target>([
  ["response.output_text", TEXT],
  ["response.text", TEXT],
  ["response.refusal", { list: "content", type: "refusal", field: "refusal" }],
  ["response.reasoning_text", { list: "content", type: "reasoning_text", field: "text" }],
  ["response.reasoning", { list: "content", type: "reasoning_text", field: "text" }],
  ["response.reasoning_summary_text", SUMMARY],
  ["response.reasoning_summary", SUMMARY],
  ["response.audio", AUDIO],
  ["response.output_audio", AUDIO],
  ["response.audio.transcript", TRANSCRIPT],
  ["response.audio_transcript", TRANSCRIPT],
  ["response.output_audio_transcript", TRANSCRIPT],
  ["response.function_call_arguments", { list: "own", type: "function_call", field: "arguments" }],
  ["response.mcp_call_arguments", { list: "own", type: "mcp_call", field: "arguments" }],
  ["response.mcp_call.arguments", { list: "own", type: "mcp_call", field: "arguments" }],
  ["response.custom_tool_call_input", { list: "own", type: "custom_tool_call", field: "input" }],
  ["response.apply_patch_call_operation_diff", { list: "own", type: "apply_patch_call", field: "diff" }],
  ["response.code_interpreter_call_code", { list: "own", type: "code_interpreter_call", field: "code" }],
  ["response.code_interpreter_call.code", { list: "own", type: "code_interpreter_call", field: "code" }],
]);
const DELTAS = new Map([...TARGETS].map(([name, target]) => [`${name}.delta`, target]));
const DONES = new Map([...TARGETS].map(([name, target]) => [`${name}.done`, target]));
/** Tool progress, which the finished item repeats. */
const PROGRESS =
  /^response\.\w+\.(?:in_progress|searching|interpreting|generating|compacting|completed|incomplete|failed)$|^keepalive$/;

/** Returns a fold without events. */
export function startFold(): Fold {
  return {
    response: new Map(),
    items: [],
    byIndex: new Map(),
    byId: new Map(),
    byCall: new Map(),
    strays: [],
    isFinished: false,
  };
}

/** Adds one `response.*` event, in time proportional to its new content. */
export function addResponseEvent(fold: Fold, { name, data }: StreamEvent): void {
  const event = recordOf(data);
  const type = textOf(event?.type) ?? name ?? "";
  if (event === undefined) {
    fold.strays.push(data);
    return;
  }
  const target = DELTAS.get(type);
  if (target !== undefined) addDelta(itemAt(fold, event, target.type, true), target, event);
  else if (!addWhole(fold, type, event) && !PROGRESS.test(type)) fold.strays.push(data);
}

function addWhole(fold: Fold, type: string, event: JsonRecord): boolean {
  const target = DONES.get(type);
  if (target !== undefined) {
    addDone(itemAt(fold, event, target.type), target, event);
    return true;
  }
  switch (type) {
    case "response.output_item.added":
    case "response.output_item.done":
      addItem(fold, event, type.endsWith(".added"));
      return true;
    case "response.content_part.added":
    case "response.content_part.done":
      if (!isRecord(event.part)) return false;
      addPart(fold, TEXT, event);
      return true;
    // Bedrock's and vLLM's.
    case "response.reasoning_part.added":
    case "response.reasoning_part.done":
      if (!isRecord(event.part)) return false;
      addPart(fold, { ...TEXT, type: "reasoning_text" }, event);
      return true;
    case "response.reasoning_summary_part.added":
    case "response.reasoning_summary_part.done":
      if (!isRecord(event.part)) return false;
      addPart(fold, SUMMARY, event);
      return true;
    case "response.output_text.annotation.added":
    case "response.output_text_annotation.added":
      pieceAt(itemAt(fold, event, TEXT.type), TEXT, event).annotations.push(event.annotation);
      return true;
    case "response.image_generation_call.partial_image":
      itemAt(fold, event, "image_generation_call").partialImage = event;
      return true;
    case "response.shell_call_command.added":
    case "response.shell_call_command.delta":
    case "response.shell_call_command.done":
      addCommand(itemAt(fold, event, "shell_call"), event);
      return true;
    case "response.shell_call_output_content.delta":
    case "response.shell_call_output_content.done":
      addCommandOutput(itemAt(fold, event, "shell_call_output"), event);
      return true;
    default:
      return addResponse(fold, type, event);
  }
}

function addResponse(fold: Fold, type: string, { response }: JsonRecord): boolean {
  const isFinal = FINAL.has(type);
  if (!isFinal && !/^response\.(?:created|in_progress|queued)$/.test(type)) return false;
  fold.isFinished ||= isFinal;
  if (isRecord(response)) assign(fold.response, response);
  return true;
}

function addPart(fold: Fold, target: Target, event: JsonRecord): void {
  const part = recordOf(event.part) ?? {};
  const type = textOf(part.type) ?? target.type;
  const named = itemsOf(fold.byId, event.item_id).findLast((item) => !isCall(typeOf(item)));
  const item = named ?? itemAt(fold, event, holderOf(type) === type ? target.type : type);
  pieceAt(item, { ...target, type }, event).given = part;
}

/**
 * Returns an event's item: by its ID, else the latest one at its index (or of all) with a fitting type, else a new one.
 * With `isDelta`, an unknown ID also begins a new item, if IDs outlast an event.
 */
function itemAt(fold: Fold, event: JsonRecord, type: string, isDelta = false): Item {
  const { output_index: index, item_id: id, call_id: callId } = event;
  const called = typeof callId === "string" ? fold.byCall.get(callKey(type, callId)) : undefined;
  const named = called ?? itemsOf(fold.byId, id).findLast((item) => canHold(item, type));
  if (named !== undefined) {
    named.isNamed ||= named.id === id;
    return named;
  }
  const isNowhere = index === undefined && id === undefined;
  const placed = isNowhere ? fold.items : itemsOf(fold.byIndex, index);
  const item = placed.findLast((one) => canHold(one, type));
  if (item === undefined || (isDelta && item.isNamed && typeof id === "string")) {
    return startItem(fold, index, id, type);
  }
  if (typeof id === "string") addTo(fold.byId, id, item);
  return item;
}

function itemsOf<K>(items: Map<K, Item[]>, key: unknown): Item[] {
  return items.get(key as K) ?? [];
}

function addTo<K>(items: Map<K, Item[]>, key: K, item: Item): void {
  const list = items.get(key);
  if (list === undefined) items.set(key, [item]);
  else if (list.at(-1) !== item) list.push(item);
}

function typeOf({ given, type }: Item): string {
  return holderOf(textOf(given.get("type")) ?? type);
}

function canHold(item: Item, piece: string): boolean {
  const own = typeOf(item);
  const holder = holderOf(piece);
  return own === holder || (isCall(own) && isCall(holder));
}

function callKey(type: string, callId: string): string {
  return `${isCall(type) ? "call" : type} ${callId}`;
}

function startItem(fold: Fold, index: unknown, id: unknown, type: string): Item {
  const item: Item = {
    id: textOf(id),
    isNamed: false,
    given: new Map(),
    type,
    own: pieceOf(type),
    content: new Map(),
    summary: new Map(),
    commands: new Map(),
    outputs: new Map(),
    partialImage: undefined,
  };
  fold.items.push(item);
  if (typeof index === "number") addTo(fold.byIndex, index, item);
  if (item.id !== undefined) addTo(fold.byId, item.id, item);
  return item;
}

function addItem(fold: Fold, event: JsonRecord, isNew: boolean): void {
  const given = recordOf(event.item);
  const id = textOf(given?.id) ?? textOf(event.item_id);
  const callId = textOf(given?.call_id);
  const type = textOf(given?.type) ?? "message";
  const item =
    announced(fold, event.output_index, { id, callId, type }, isNew) ?? startItem(fold, event.output_index, id, type);
  if (id !== undefined) addTo(fold.byId, id, item);
  if (callId !== undefined) fold.byCall.set(callKey(type, callId), item);
  item.id ??= id;
  if (given !== undefined) assign(item.given, given);
  else if (!isEmpty(event.item)) fold.strays.push(event.item);
}

/** Returns the existing item that an event with a whole item is about. */
function announced(
  fold: Fold,
  index: unknown,
  { id, callId, type }: { id: string | undefined; callId: string | undefined; type: string },
  isNew: boolean,
): Item | undefined {
  const called = callId === undefined ? undefined : fold.byCall.get(callKey(type, callId));
  if (called !== undefined) return called;
  const isOther = (item: Item): boolean => {
    const own = textOf(item.given.get("call_id"));
    return !canHold(item, type) || (own !== undefined && callId !== undefined && own !== callId);
  };
  const named = itemsOf(fold.byId, id).findLast((item) => !isOther(item));
  if (named !== undefined) return named;
  const placed = itemsOf(fold.byIndex, index).findLast((item) => !isOther(item));
  return isNew && placed?.id !== undefined && id !== undefined ? undefined : placed;
}

function assign(fields: Map<string, unknown>, record: JsonRecord): void {
  for (const key of Object.keys(record)) fields.set(key, record[key]);
}

function pieceAt(item: Item, { list, type }: Target, event: JsonRecord): Piece {
  if (list === "own") return item.own;
  const at = list === "summary" ? event.summary_index : event.content_index;
  const index = typeof at === "number" ? at : 0;
  let piece = item[list].get(index);
  if (piece === undefined) {
    piece = pieceOf(type);
    item[list].set(index, piece);
  }
  return piece;
}

function addDelta(item: Item, target: Target, event: JsonRecord): void {
  const piece = pieceAt(item, target, event);
  const { delta, logprobs } = event;
  if (typeof delta !== "string") {
    if (!isEmpty(delta)) piece.odd.push(delta);
  } else if (target.field === "audio") piece.audio.push(delta);
  else piece.spelled.set(target.field, (piece.spelled.get(target.field) ?? "") + delta);
  if (Array.isArray(logprobs)) for (const logprob of logprobs as unknown[]) piece.logprobs.push(logprob);
}

function addDone(item: Item, target: Target, event: JsonRecord): void {
  const whole = event[target.field];
  if (isEmpty(whole)) return;
  const piece = pieceAt(item, target, event);
  const before = piece.spelled.get(target.field) ?? "";
  if (typeof whole === "string") piece.spelled.set(target.field, arbitrateText(whole, before));
  if (item.own !== piece) return;
  if (typeof whole !== "string") item.given.set(target.field, whole);
  // Realtime names the call here too, in case the first event is missing.
  for (const key of ["name", "call_id"])
    if (!item.given.has(key) && !isEmpty(event[key])) item.given.set(key, event[key]);
}

function addCommand({ commands }: Item, { command_index: at, command, delta }: JsonRecord): void {
  const index = typeof at === "number" ? at : 0;
  const before = commands.get(index) ?? "";
  if (typeof delta === "string") commands.set(index, before + delta);
  else if (typeof command === "string") commands.set(index, arbitrateText(command, before));
}

function addCommandOutput({ outputs }: Item, { command_index: at, output, delta }: JsonRecord): void {
  const index = typeof at === "number" ? at : 0;
  const said = outputs.get(index) ?? { stdout: "", stderr: "", given: [] };
  const piece = recordOf(delta);
  said.stdout += textOf(piece?.stdout) ?? "";
  said.stderr += textOf(piece?.stderr) ?? "";
  if (Array.isArray(output)) said.given = output;
  outputs.set(index, said);
}

/**
 * Returns the response object, its items as the events spelled them out (its own `output` may hold less), and the rest.
 */
export function wholeResponse(fold: Fold): { value: JsonRecord; items: JsonRecord[]; strays: unknown[] } {
  return { value: Object.fromEntries(fold.response), items: fold.items.map(wholeItem), strays: fold.strays };
}
