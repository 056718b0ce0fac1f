import { type JsonRecord, idOf, isEmpty, isRecord, numberOf, textOf } from "../../json/json.ts";

const SPELLED_DETAILS = new Set(["text", "summary", "data", "thinking"]);

/** Joins OpenRouter's `reasoning_details`, which come in pieces matched by type and index. */
export function joinDetails(details: readonly unknown[]): unknown[] {
  return joined(
    details,
    (detail) => `${textOf(detail.type) ?? ""} ${numberOf(detail.index) ?? ""}`,
    (whole, detail) => {
      for (const name of Object.keys(detail)) spell(whole, name, detail[name], SPELLED_DETAILS.has(name));
    },
  );
}

/** Joins Groq's `executed_tools`: a tool is sent at its start, and again with its output. */
export function joinExecuted(tools: readonly unknown[]): unknown[] {
  return joined(
    tools,
    (tool) => {
      const id = idOf(tool.id) ?? numberOf(tool.index);
      return id === undefined ? undefined : `${id} ${textOf(tool.type) ?? textOf(tool.name) ?? ""}`;
    },
    (whole, tool) => {
      for (const name of Object.keys(tool)) if (!isEmpty(tool[name]) || !whole.has(name)) whole.set(name, tool[name]);
    },
    (whole, tool) => isOtherCall(whole.get("arguments"), tool.arguments),
  );
}

/** Adds a piece to a field: appended if the field is spelled in pieces, else as a replacement. */
export function spell(fields: Map<string, unknown>, key: string, piece: unknown, isSpelled: boolean): void {
  const before = fields.get(key);
  const isContinued = isSpelled && typeof before === "string" && typeof piece === "string";
  if (isContinued) fields.set(key, before + piece);
  else if (!isEmpty(piece)) fields.set(key, piece);
}

/** Merges items with equal keys, unless `isOther`; items without a key stay as they are. */
function joined(
  items: readonly unknown[],
  keyOf: (item: JsonRecord) => string | undefined,
  add: (whole: Map<string, unknown>, item: JsonRecord) => void,
  isOther: (whole: Map<string, unknown>, item: JsonRecord) => boolean = () => false,
): unknown[] {
  const result: (Map<string, unknown> | { stray: unknown })[] = [];
  const open = new Map<string, Map<string, unknown>>();
  for (const item of items) {
    const key = isRecord(item) ? keyOf(item) : undefined;
    if (!isRecord(item) || key === undefined) {
      result.push({ stray: item });
      continue;
    }
    let whole = open.get(key);
    if (whole === undefined || isOther(whole, item)) {
      whole = new Map();
      open.set(key, whole);
      result.push(whole);
    }
    add(whole, item);
  }
  return result.map((item) => (item instanceof Map ? Object.fromEntries(item) : item.stray));
}

function isOtherCall(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return !after.startsWith(before) && after !== "";
}
