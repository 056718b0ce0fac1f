import { type JsonRecord, idOf, isEmpty, isRecord, numberOf, recordOf, restOf, textOf } from "../json.ts";

type ToolCall = {
  id: string | undefined;
  type: string | undefined;
  name: string;
  /** The arguments (of a custom tool: the input), spelled out; anything but a string stands as it came. */
  spelled: string;
  given: unknown;
  isCustom: boolean;
  others: JsonRecord[];
};

/** The tool calls of one streamed message, as their pieces have come so far. */
export type ToolCalls = {
  calls: ToolCall[];
  byIndex: Map<number, ToolCall>;
  byId: Map<string, ToolCall>;
};

const CALL_KEYS = new Set(["index", "id", "type", "function", "custom"]);
const NAMED_KEYS = new Set(["name", "arguments", "input"]);

/**
 * Adds the pieces of one delta to the calls they continue. A piece belongs to the latest call of its `index`; one
 * with another id and a name of its own begins a new call even so (Gemini numbers all parallel calls 0), and
 * without an index (Mistral) an id or a name begins a new one. What is no piece of a call is returned.
 */
export function foldToolCalls(into: ToolCalls, pieces: unknown[]): unknown[] {
  const strays: unknown[] = [];
  for (const value of pieces) {
    const piece = recordOf(value);
    const given = recordOf(piece?.custom) ?? recordOf(piece?.function);
    // The id may come before the name, in a piece of its own.
    const isNumbered = piece !== undefined && (indexOf(piece) !== undefined || idOf(piece.id) !== undefined);
    const named = given ?? (isNumbered && isEmpty(piece.function) ? {} : undefined);
    if (piece === undefined || named === undefined) {
      strays.push(value);
      continue;
    }
    const call = callOf(into, piece, textOf(named.name));
    call.type ??= textOf(piece.type);
    call.isCustom ||= isRecord(piece.custom);
    const said = call.isCustom ? named.input : named.arguments;
    if (typeof said === "string") call.spelled += said;
    else if (said !== undefined && said !== null) call.given = said;
    const others = { ...restOf(piece, CALL_KEYS), ...restOf(named, NAMED_KEYS) };
    if (!isEmpty(others)) call.others.push(others);
  }
  return strays;
}

function callOf({ calls, byIndex, byId }: ToolCalls, piece: JsonRecord, name: string | undefined): ToolCall {
  const id = idOf(piece.id);
  const index = indexOf(piece);
  let call: ToolCall | undefined;
  if (index !== undefined) {
    call = byIndex.get(index);
    if (call !== undefined && name !== undefined && isAnother(call, id, name)) call = undefined;
  } else if (id !== undefined) {
    call = byId.get(id);
  } else if (name === undefined) {
    call = calls.at(-1);
  }
  if (call === undefined) {
    call = { id, type: undefined, name: "", spelled: "", given: undefined, isCustom: false, others: [] };
    calls.push(call);
  }
  call.id ??= id;
  if (name !== undefined && name !== call.name) call.name += name;
  if (index !== undefined) byIndex.set(index, call);
  if (id !== undefined) byId.set(id, call);
  return call;
}

// Without ids a name that comes after arguments is no piece of the name before them.
function isAnother(call: ToolCall, id: string | undefined, name: string): boolean {
  if (id !== undefined && call.id !== undefined) return call.id !== id;
  return id === undefined && call.id === undefined && call.spelled !== "" && call.name !== name;
}

function indexOf({ index }: JsonRecord): number | undefined {
  if (typeof index === "string" && /^\d{1,6}$/.test(index)) return Number(index);
  return numberOf(index);
}

/** The calls as a message's `tool_calls` would have held them. */
export function wholeToolCalls({ calls }: ToolCalls): JsonRecord[] {
  return calls.map((call) => {
    const given = call.spelled === "" && call.given !== undefined ? call.given : call.spelled;
    const named = call.isCustom
      ? { custom: { name: call.name, input: given } }
      : { function: { name: call.name, arguments: given } };
    return {
      ...Object.fromEntries(call.others.flatMap((others) => Object.entries(others))),
      id: call.id,
      type: call.type,
      ...named,
    };
  });
}
