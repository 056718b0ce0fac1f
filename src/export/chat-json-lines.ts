import { type Conversation, type Message, type Part, type ToolDefinition, isCompaction } from "../chat/conversation.ts";
import { readConversation } from "../chat/read.ts";
import { redact } from "../chat/redact/redact.ts";
import type { ExportFormat } from "./format.ts";
import { jsonLine } from "./json-lines.ts";

type ToolCall = { id: string; type: "function"; function: { name: string; arguments: string } };
type Content = string | ({ type: "text"; text: string } | { type: "image_url"; image_url: { url: string } })[];
type ChatMessage =
  | { role: "system" | "user"; content: Content }
  | { role: "assistant"; content: string | null; tool_calls?: ToolCall[] }
  | { role: "tool"; tool_call_id: string; content: string };

/** Thrown for content that the format can't express: the log is skipped instead of misrepresented. */
class NoChat extends Error {}

/** IDs that pair calls with results, also if the provider gives none. */
class CallIds {
  #given = 0;
  readonly #open: { id: string; name: string }[] = [];

  call({ id, name }: Extract<Part, { type: "toolCall" }>): string {
    const called = id ?? `call_${++this.#given}`;
    this.#open.push({ id: called, name });
    return called;
  }

  /** Returns the call of a result: the named one, else the first open one with that name, else the first. */
  result({ id, name }: Extract<Part, { type: "toolResult" }>): string {
    const index =
      id === undefined
        ? Math.max(
            0,
            this.#open.findIndex((call) => call.name === name),
          )
        : this.#open.findIndex((call) => call.id === id);
    const call = this.#open[index];
    if (!call) throw new NoChat();
    this.#open.splice(index, 1);
    return call.id;
  }
}

const isSaid = ({ type }: Part): boolean => type !== "reasoning";

function textIn(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.type === "text" || part.type === "refusal") return part.text;
      if (part.type === "data" || part.type === "unknown") return JSON.stringify(part.value);
      throw new NoChat();
    })
    .join("");
}

function contentOf(parts: readonly Part[]): Content {
  if (parts.every(({ type }) => type === "text")) return textIn(parts);
  return parts.map((part) => {
    if (part.type === "text") return { type: "text", text: part.text };
    if (part.type !== "media" || part.media !== "image") throw new NoChat();
    const url = part.url ?? (part.data && `data:${part.mimeType ?? "image/png"};base64,${part.data}`);
    if (!url) throw new NoChat();
    return { type: "image_url", image_url: { url } };
  });
}

function callOf(part: Extract<Part, { type: "toolCall" }>, ids: CallIds): ToolCall {
  const { name, arguments: given } = part;
  const text = typeof given === "string" ? given : JSON.stringify(given ?? {});
  return { id: ids.call(part), type: "function", function: { name, arguments: text } };
}

function assistant(parts: readonly Part[], ids: CallIds): ChatMessage {
  const calls = parts.filter((part) => part.type === "toolCall").map((part) => callOf(part, ids));
  const others = parts.filter(({ type }) => type !== "toolCall");
  // Data in an answer (verdicts, rankings) and unknown parts aren't text.
  if (others.some(({ type }) => type !== "text" && type !== "refusal")) throw new NoChat();
  const content = textIn(others);
  if (content === "" && calls.length === 0) throw new NoChat();
  return { role: "assistant", content: content || null, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

/** Returns a message in the target format, where tool results are separate messages. */
function chatMessages({ role, parts }: Message, ids: CallIds): ChatMessage[] {
  // A summary replaces messages that are missing.
  if (parts.some(isCompaction)) throw new NoChat();
  const said = parts.filter(isSaid);
  if (role === "assistant") return [assistant(said, ids)];
  const results = said
    .filter((part) => part.type === "toolResult")
    .map((part): ChatMessage => ({ role: "tool", tool_call_id: ids.result(part), content: textIn(part.parts) }));
  const others = said.filter(({ type }) => type !== "toolResult");
  if (others.length === 0) return results;
  if (role === "tool") throw new NoChat();
  return [...results, { role, content: contentOf(others) }];
}

function toolOf({ name, description, parameters }: ToolDefinition): object {
  return {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
}

/**
 * Returns a conversation in OpenAI's fine-tuning format; undefined if it isn't a complete chat with an answer, or has
 * content that the format lacks.
 */
function chatOf({ messages, answers, tools, error, complete, unstored }: Conversation): object | undefined {
  const [answer] = answers;
  const isAsked = messages.some(({ role }) => role === "user");
  if (!answer || answer.role !== "assistant" || !isAsked || error || unstored || !complete) return undefined;
  const ids = new CallIds();
  try {
    const chat = [...messages, answer].flatMap((message) => chatMessages(message, ids));
    return { messages: chat, ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}) };
  } catch (cause) {
    if (cause instanceof NoChat) return undefined;
    throw cause;
  }
}

/**
 * One chat per line for evaluations and fine-tuning, in OpenAI's format: `{"messages": […], "tools": […]}`, the (first)
 * answer last. Omits reasoning, and logs that aren't complete chats.
 */
export const chatJsonLines: ExportFormat = {
  ending: ".jsonl",
  bodies: "always",
  entry({ exchange }, redaction) {
    const conversation = exchange && readConversation(exchange);
    const chat = conversation && chatOf(redaction ? redact(conversation, redaction) : conversation);
    return chat && jsonLine(chat);
  },
};
