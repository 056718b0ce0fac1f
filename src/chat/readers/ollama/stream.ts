import { type JsonRecord, isEmpty, isRecord } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

const LISTS = new Set(["tool_calls", "images", "logprobs"]);
const TEXTS = new Set(["content", "thinking", "response"]);

/**
 * Folds a stream's lines into the equivalent plain body: texts and lists joined, the latest value of everything else.
 */
export function foldLines(events: StreamEvent[]): JsonRecord {
  const body = new Map<string, unknown>();
  const message = new Map<string, unknown>();
  const strays: unknown[] = [];
  for (const { data } of events) {
    if (!isRecord(data)) {
      strays.push(data);
      continue;
    }
    const { message: said, ...others } = data;
    add(body, others);
    if (isRecord(said)) add(message, said);
    else if (!isEmpty(said)) body.set("message", said);
  }
  if (message.size > 0) body.set("message", Object.fromEntries(message));
  if (strays.length > 0) body.set("strays", strays);
  return Object.fromEntries(body);
}

function add(into: Map<string, unknown>, fields: JsonRecord): void {
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const before = into.get(key);
    if (TEXTS.has(key) && typeof before === "string" && typeof value === "string") into.set(key, before + value);
    else if (LISTS.has(key) && Array.isArray(value)) {
      const list: unknown[] = Array.isArray(before) ? before : [];
      for (const item of value) list.push(item);
      into.set(key, list);
    } else if (!isEmpty(value)) into.set(key, value);
  }
}
