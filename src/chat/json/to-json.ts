import type { Conversation, Message, Part } from "../conversation.ts";
import { ExactNumber, withSpelling } from "./exact-number.ts";

const CONVERSATION_KEYS = [
  "format",
  "messages",
  "answers",
  "tools",
  "settings",
  "model",
  "usage",
  "error",
  "complete",
  "replaced",
  "unstored",
  "steps",
  "envelope",
];
const MESSAGE_KEYS = ["role", "name", "parts", "finishReason", "details"];
const TOOL_KEYS = ["name", "description", "parameters", "details"];
const USAGE_KEYS = ["tokensIn", "tokensOut", "tokensTotal", "tokensCached", "tokensReasoning"];
const ERROR_KEYS = ["message", "type", "code", "details"];
const STEP_KEYS = ["provider", "path", "shown", "request"];
const CITATION_KEYS = ["text", "url", "title"];
/** One key order for all kinds of parts; no two kinds disagree. */
const PART_KEYS = [
  "type",
  "id",
  "media",
  "mimeType",
  "url",
  "data",
  "name",
  "arguments",
  "text",
  "redacted",
  "citations",
  "parts",
  "isError",
  "values",
  "value",
  "details",
];

/** Indenting every level would square the size of deep JSON. */
const INDENTED_LEVELS = 24;

/**
 * Serializes the whole conversation as JSON, indented by two spaces (below 24 levels on one line), with contract fields
 * in the contract's order and recorded values in their own. It parses back to an equal conversation, except that NaN
 * becomes null and undefined is omitted.
 */
export function toJson(conversation: Conversation): string {
  const { messages, answers, tools, usage, error, steps } = conversation;
  return writeJson(
    ordered(
      {
        ...conversation,
        messages: messages.map(orderedMessage),
        answers: answers.map(orderedMessage),
        tools: tools.map((tool) => ordered(tool, TOOL_KEYS)),
        usage: usage && ordered(usage, USAGE_KEYS),
        error: error && ordered(error, ERROR_KEYS),
        steps: steps?.map((step) => ordered(step, STEP_KEYS)),
      },
      CONVERSATION_KEYS,
    ),
  );
}

function orderedMessage(message: Message): object {
  return ordered({ ...message, parts: message.parts.map(orderedPart) }, MESSAGE_KEYS);
}

function orderedPart(part: Part): object {
  const inner = "parts" in part ? { parts: part.parts.map(orderedPart) } : {};
  const citations =
    "citations" in part ? { citations: part.citations?.map((citation) => ordered(citation, CITATION_KEYS)) } : {};
  return ordered({ ...part, ...inner, ...citations }, PART_KEYS);
}

function ordered(value: object, keys: readonly string[]): object {
  const fields = new Map<string, unknown>(Object.entries(value));
  const first = keys.filter((key) => fields.has(key));
  // fromEntries defines properties, so that a recorded "__proto__" stays a plain key.
  return Object.fromEntries([...new Set([...first, ...fields.keys()])].map((key) => [key, fields.get(key)]));
}

/**
 * Serializes a JSON value with two spaces of indentation, like JSON.stringify (below 24 levels on one line), but keeps
 * −0 and the infinities. `said`: how to write a string.
 */
export function writeJson(value: unknown, said: (text: string) => string = (text) => text, level = 0): string {
  if (typeof value === "string") return JSON.stringify(said(value));
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || value === null) return value === undefined ? "null" : JSON.stringify(value);
  if (value instanceof ExactNumber) return value.digits;
  const spelled = withSpelling(value);
  const items: string[] = [];
  if (Array.isArray(spelled)) {
    for (const item of spelled) items.push(writeJson(item, said, level + 1));
  } else {
    for (const [key, item] of Object.entries(spelled)) {
      if (item !== undefined) items.push(`${JSON.stringify(key)}: ${writeJson(item, said, level + 1)}`);
    }
  }
  const [start, end] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return start + end;
  if (level >= INDENTED_LEVELS) return start + items.join(", ") + end;
  const margin = `\n${"  ".repeat(level)}`;
  return `${start}${margin}  ${items.join(`,${margin}  `)}${margin}${end}`;
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "null";
  return value > 0 ? "1e999" : "-1e999";
}
