import { type JsonRecord, idOf, isEmpty, numberOf, recordOf, restOf, textOf } from "../../json/json.ts";
import { SpelledText } from "../../spelled-text.ts";
import { SpelledArguments, beginsObject } from "./chat-arguments.ts";

type ToolCall = {
  id: string | undefined;
  type: string | undefined;
  name: string;
  arguments: SpelledArguments;
  /** A custom tool's input, which isn't JSON. */
  input: SpelledText;
  isCustom: boolean;
  others: JsonRecord[];
};

/** The accumulated tool calls of one streamed message. */
export type ToolCalls = {
  calls: ToolCall[];
  byIndex: Map<number, ToolCall>;
  byId: Map<string, ToolCall>;
};

/** A piece's facts about its call. */
type Piece = {
  id: string | undefined;
  index: number | undefined;
  name: string | undefined;
  said: unknown;
  isCustom: boolean;
};

const CALL_KEYS = new Set(["index", "id", "type", "function", "custom"]);
const NAMED_KEYS = new Set(["name", "arguments", "input"]);

/** Returns a message's calls before any piece. */
export function startToolCalls(): ToolCalls {
  return { calls: [], byIndex: new Map(), byId: new Map() };
}

/**
 * Adds one delta's pieces to the calls they continue, with one policy for all servers: a piece belongs to the call with
 * its ID, else to the latest of its `index`, else (without an index, or if its call moves to another) to the latest
 * call; it begins a new call if it can't continue that one (`isContinued`). Returns whatever isn't a piece of a call.
 */
export function foldToolCalls(into: ToolCalls, pieces: unknown[]): unknown[] {
  const strays: unknown[] = [];
  const touched = new Set<ToolCall>();
  for (const value of pieces) {
    const given = recordOf(value);
    const custom = recordOf(given?.custom);
    const id = idOf(given?.id);
    const index = given && indexOf(given);
    // The ID may precede the name, in a separate piece.
    const isNumbered = given !== undefined && (index ?? id) !== undefined && isEmpty(given.function);
    const named = custom ?? recordOf(given?.function) ?? (isNumbered ? {} : undefined);
    if (given === undefined || named === undefined) {
      strays.push(value);
      continue;
    }
    const said = custom === undefined ? named.arguments : custom.input;
    const piece: Piece = { id, index, name: textOf(named.name), said, isCustom: custom !== undefined };
    const call = callOf(into, piece, touched);
    touched.add(call);
    call.type ??= textOf(given.type);
    call.isCustom ||= piece.isCustom;
    if (call.isCustom && typeof said === "string") call.input.add(said);
    else call.arguments.add(said);
    const others = { ...restOf(given, CALL_KEYS), ...restOf(named, NAMED_KEYS) };
    if (!isEmpty(others)) call.others.push(others);
  }
  return strays;
}

function callOf(into: ToolCalls, piece: Piece, touched: ReadonlySet<ToolCall>): ToolCall {
  const { calls, byIndex, byId } = into;
  const { id, index, name } = piece;
  const candidate = candidateOf(into, piece);
  let call = candidate;
  const isSure = candidate !== undefined && id !== undefined && byId.get(id) === candidate;
  if (candidate !== undefined && !isContinued(candidate, piece, isSure, touched.has(candidate))) call = undefined;
  if (call === undefined) {
    call = {
      id,
      type: undefined,
      // A nameless piece that can't continue this call is another call of the same tool.
      name: name ?? candidate?.name ?? "",
      arguments: new SpelledArguments(),
      input: new SpelledText(),
      isCustom: piece.isCustom,
      others: [],
    };
    calls.push(call);
  } else if (name !== undefined && name !== call.name) {
    call.name = name.startsWith(call.name) ? name : call.name + name;
  }
  call.id ??= id;
  if (index !== undefined) byIndex.set(index, call);
  if (id !== undefined) byId.set(id, call);
  return call;
}

function candidateOf({ calls, byIndex, byId }: ToolCalls, piece: Piece): ToolCall | undefined {
  const { id, index, name, said } = piece;
  const known = (id === undefined ? undefined : byId.get(id)) ?? (index === undefined ? undefined : byIndex.get(index));
  const last = calls.at(-1);
  if (known !== undefined || last === undefined) return known;
  if (name === undefined && index === undefined) return id !== undefined && isEmpty(said) ? undefined : last;
  if (name !== undefined && name !== last.name) return undefined;
  // A piece with a new index continues the latest call if that's open and the piece can't begin one.
  if (last.arguments.isOpen && !isEmpty(said) && !(beginsObject(said) && (name ?? id) !== undefined)) return last;
  if (name === undefined) return id === undefined && last.arguments.isEmpty ? last : undefined;
  const isRepeated = index === undefined && (id === undefined || last.id === undefined);
  return isRepeated && !isEmpty(said) && last.arguments.takes(said, true, false) ? last : undefined;
}

/** Returns false if a piece with this call's index begins another call. `isSure`: it has this call's ID. */
function isContinued(call: ToolCall, piece: Piece, isSure: boolean, isTouched: boolean): boolean {
  const { id, name, said, isCustom } = piece;
  const isOther = id !== undefined && call.id !== undefined && !isSure;
  const isSilent = call.isCustom ? call.input.text === "" : call.arguments.isEmpty;
  if (name !== undefined && call.name !== "" && name !== call.name) {
    // A name in pieces precedes the arguments.
    return !isOther && isSilent && isEmpty(said);
  }
  if (name !== undefined && !call.isCustom && !isCustom) {
    if (isTouched && !isSilent && !call.arguments.isOpen) return false;
    // Some servers generate a new ID for each piece.
    if (isOther && !call.arguments.isOpen && !(isSilent && !isEmpty(said))) return false;
  } else if (name !== undefined && (isOther || (isTouched && !isSilent))) {
    return false;
  }
  return call.isCustom || call.arguments.takes(said, name !== undefined, isSure);
}

function indexOf({ index }: JsonRecord): number | undefined {
  if (typeof index === "string" && /^\d{1,6}$/.test(index)) return Number(index);
  return numberOf(index);
}

/** Returns the calls as in a plain message's `tool_calls`. */
export function wholeToolCalls({ calls }: ToolCalls): JsonRecord[] {
  return calls.map((call) => ({
    ...Object.fromEntries(call.others.flatMap((others) => Object.entries(others))),
    id: call.id,
    type: call.type,
    ...(call.isCustom
      ? { custom: { name: call.name, input: call.input.text || call.arguments.whole() } }
      : { function: { name: call.name, arguments: call.arguments.whole() } }),
  }));
}
