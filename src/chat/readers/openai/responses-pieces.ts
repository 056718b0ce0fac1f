import { arbitrateText } from "../../arbitration.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, numberOf, recordOf, textOf } from "../../json/json.ts";

/** A content part, a summary part or a call's arguments, as its events spell it out. */
export type Piece = {
  type: string;
  /** From events about the whole part; may be empty or complete. */
  given: JsonRecord;
  /** By field: text, refusal, transcript, arguments, … */
  spelled: Map<string, string>;
  /** Base64, each piece encoded separately. */
  audio: string[];
  annotations: unknown[];
  logprobs: unknown[];
  /** Deltas that aren't text. */
  odd: unknown[];
};

/** An output item, as its events describe it so far. */
export type Item = {
  id: string | undefined;
  /** Whether a later event named its ID, so the server doesn't generate one for each event. */
  isNamed: boolean;
  type: string;
  /** The item's fields from its own events, the latest last. */
  given: Map<string, unknown>;
  own: Piece;
  content: Map<number, Piece>;
  summary: Map<number, Piece>;
  commands: Map<number, string>;
  outputs: Map<number, { stdout: string; stderr: string; given: unknown[] }>;
  /** The last image preview event. */
  partialImage: JsonRecord | undefined;
};

/** Item types by the content part types they hold. */
const HOLDERS = new Map([
  ["reasoning_text", "reasoning"],
  ["summary_text", "reasoning"],
  ["output_text", "message"],
  ["output_audio", "message"],
  ["refusal", "message"],
]);

/** Returns the type of the item that holds a type of piece; an item's own type for itself. */
export function holderOf(type: string): string {
  return HOLDERS.get(type) ?? type;
}

/** Returns an empty piece of a type. */
export function pieceOf(type: string): Piece {
  return { type, given: {}, spelled: new Map(), audio: [], annotations: [], logprobs: [], odd: [] };
}

/** Returns the item as in a plain response: whole values first, else the spelled-out ones. */
export function wholeItem(item: Item): JsonRecord {
  const { own, content, summary, commands, outputs, partialImage } = item;
  const given: JsonRecord = Object.fromEntries(item.given);
  const whole = new Map(item.given);
  if (textOf(given.type) === undefined) {
    const type = holderOf(item.type);
    whole.set("type", type);
    if (type === "message") whole.set("role", "assistant");
    if (item.id !== undefined) whole.set("id", item.id);
  }
  fill(whole, own);
  moveDiff(whole, own);
  if (content.size > 0) whole.set("content", wholePieces(content, given.content));
  if (summary.size > 0) whole.set("summary", wholePieces(summary, given.summary));
  if (commands.size > 0) whole.set("action", wholeAction(given.action, commands));
  if (outputs.size > 0 && isEmpty(given.output)) whole.set("output", [...outputs.values()].flatMap(wholeOutput));
  if (partialImage !== undefined && isEmpty(given.result)) {
    for (const key of ["size", "quality", "background", "output_format"]) {
      if (isEmpty(given[key])) whole.set(key, partialImage[key]);
    }
    whole.set("result", partialImage.partial_image_b64);
    whole.set("partial_image_index", numberOf(partialImage.partial_image_index) ?? 0);
  }
  return Object.fromEntries(whole);
}

function wholePieces(pieces: Map<number, Piece>, given: unknown): unknown[] {
  const whole = new Map<number, unknown>(listOf(given).entries());
  for (const [index, piece] of pieces) {
    const before = whole.get(index);
    const part = new Map(Object.entries({ ...piece.given, ...recordOf(before) }));
    if (before !== undefined && !isRecord(before)) continue;
    if (!part.has("type")) part.set("type", piece.type);
    fill(part, piece);
    whole.set(index, Object.fromEntries(part));
  }
  return [...whole].toSorted(([a], [b]) => a - b).map(([, part]) => part);
}

function fill(fields: Map<string, unknown>, piece: Piece): void {
  for (const [field, text] of piece.spelled) {
    const before = fields.get(field) ?? piece.given[field];
    if (typeof before === "string") fields.set(field, arbitrateText(before, text));
    else if (isEmpty(before)) fields.set(field, text);
  }
  if (piece.audio.length > 0 && isEmpty(fields.get("audio"))) fields.set("audio", joinBase64(piece.audio));
  const lists = { annotations: piece.annotations, logprobs: piece.logprobs, deltas: piece.odd };
  for (const [field, list] of Object.entries(lists)) {
    if (list.length > 0 && isEmpty(fields.get(field))) fields.set(field, list);
  }
}

// A patch's diff is spelled out separately, but belongs to its operation.
function moveDiff(whole: Map<string, unknown>, { spelled }: Piece): void {
  const diff = spelled.get("diff");
  if (diff === undefined) return;
  const operation = recordOf(whole.get("operation"));
  whole.delete("diff");
  whole.set("operation", { ...operation, ...(isEmpty(operation?.diff) ? { diff } : undefined) });
}

function wholeAction(given: unknown, commands: Map<number, string>): JsonRecord {
  const whole = new Map<number, unknown>(listOf(recordOf(given)?.commands).entries());
  for (const [index, command] of commands) {
    const before = whole.get(index);
    whole.set(index, typeof before === "string" ? arbitrateText(before, command) : command);
  }
  const spelled = [...whole].toSorted(([a], [b]) => a - b).map(([, command]) => command);
  return { ...recordOf(given), commands: spelled };
}

function wholeOutput({ given, stdout, stderr }: { given: unknown[]; stdout: string; stderr: string }): unknown[] {
  return given.length > 0 ? given : [{ stdout, stderr }];
}

/**
 * Joins base64 texts of consecutive bytes. If a piece is padded or doesn't end with a whole group, the bytes are
 * re-encoded.
 */
export function joinBase64(pieces: string[]): string {
  const isSeamless = pieces.slice(0, -1).every((piece) => piece.length % 4 === 0 && !piece.endsWith("="));
  if (isSeamless) return pieces.join("");
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64");
}
