import type { Message, Part, Role } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import type { CallNames } from "../../reader.ts";
import { callParts, isCall, isOutput, resultParts } from "./responses-calls.ts";
import { contentParts } from "./responses-content.ts";

const ROLES = new Map<unknown, Role>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["tool", "tool"],
]);
/** Items without a speaker, by the role that caused them. */
const EVENTS = new Map<string, Role>([
  ["item_reference", "user"],
  ["compaction_trigger", "user"],
  ["configuration_update", "system"],
  ["additional_tools", "system"],
  ["mcp_list_tools", "assistant"],
  // Perplexity's
  ["search_results", "assistant"],
  ["fetch_url_results", "assistant"],
]);
const MESSAGE_KEYS = new Set(["type", "role", "content", "object"]);
const REASONING_KEYS = new Set(["type", "summary", "content"]);
const KNOWN_TYPES = new Set(["message", "reasoning", "compaction", ...EVENTS.keys()]);

/** Returns an item's type; messages and references to items may omit it, and a recording may end before it. */
function itemType(item: JsonRecord): string {
  const type = textOf(item.type);
  if (type !== undefined) return type;
  if ("role" in item || "content" in item) return "message";
  if ("arguments" in item) return "function_call";
  if ("encrypted_content" in item) return "reasoning";
  return typeof item.id === "string" ? "item_reference" : "";
}

/** Whether a value is certainly a Responses API item, and not another format's content part. */
export function isItem(value: unknown): value is JsonRecord {
  if (!isRecord(value)) return false;
  const type = itemType(value);
  if (type === "message") return typeof value.role === "string";
  return KNOWN_TYPES.has(type) || isCall(type) || isOutput(type);
}

/** Returns a list of items as messages: consecutive assistant items are one message. */
export function readItems(items: unknown[], callNames: CallNames): Message[] {
  const messages: Message[] = [];
  for (const item of items) {
    const role = roleOf(item);
    const parts = itemParts(item, callNames, role);
    const last = messages.at(-1);
    if (last?.role === "assistant" && role === "assistant") for (const part of parts) last.parts.push(part);
    else messages.push({ role, parts });
  }
  return messages;
}

/** Returns the parts of a response's output items, as one answer. */
export function outputItemParts(items: unknown[], callNames: CallNames): Part[] {
  const parts: Part[] = [];
  for (const item of items) for (const part of itemParts(item, callNames, "assistant")) parts.push(part);
  return parts;
}

function roleOf(value: unknown): Role {
  const item = recordOf(value);
  const type = item === undefined ? "" : itemType(item);
  if (type === "message") return ROLES.get(item?.role) ?? "user";
  if (isOutput(type)) return "tool";
  return EVENTS.get(type) ?? (isCall(type) || type === "reasoning" || type === "compaction" ? "assistant" : "user");
}

/** `role`: of the message that will hold the parts; an item's different role is kept with it. */
function itemParts(value: unknown, callNames: CallNames, role: Role): Part[] {
  if (!isRecord(value)) return isEmpty(value) ? [] : contentParts(value);
  const type = itemType(value);
  if (type === "message") return messageParts(value, role);
  if (type === "reasoning" || type === "compaction") return reasoningParts(type, value);
  if (EVENTS.has(type)) return [{ type: "data", value }];
  if (isOutput(type)) return resultParts(type, value, callNames);
  if (isCall(type)) return callParts(type, value, callNames);
  return contentParts(value);
}

function messageParts(item: JsonRecord, role: Role): Part[] {
  const others = restOf(item, MESSAGE_KEYS);
  const own = ROLES.get(item.role);
  const details =
    isEmpty(item.role) || (own === role && item.role !== "developer") ? others : { ...others, role: item.role };
  const parts = contentParts(item.content);
  const first = parts[0];
  if (first === undefined) return details === undefined ? [] : [{ type: "text", text: "", details }];
  if (details !== undefined) first.details = first.details === undefined ? details : { ...details, ...first.details };
  return parts;
}

// The text itself, or (usually) a summary; encrypted content is for the model only.
function reasoningParts(type: string, item: JsonRecord): Part[] {
  const details = { ...restOf(item, REASONING_KEYS), ...(type === "reasoning" ? undefined : { type }) };
  const spelled = [...listed(item.content), ...listed(item.summary)];
  const parts = spelled.flatMap((value): Part[] => {
    const entry = recordOf(value);
    const text = entry?.text ?? value;
    if (typeof text !== "string") return isEmpty(value) ? [] : [{ type: "unknown", value }];
    const others = restOf(entry ?? {}, new Set(entry?.type === "reasoning_text" ? ["type", "text"] : ["text"]));
    return text === "" ? [] : [{ type: "reasoning", text, ...present({ details: others }) }];
  });
  const first = parts[0];
  if (first !== undefined) {
    if (!isEmpty(details)) first.details = { ...details, ...first.details };
    return parts;
  }
  if (isEmpty(details)) return [];
  return [{ type: "reasoning", text: "", ...(isEmpty(item.encrypted_content) ? {} : { redacted: true }), details }];
}

function listed(value: unknown): unknown[] {
  return typeof value === "string" ? [value] : listOf(value);
}
