import { readConversation } from "../../../src/chat/read.ts";
import type { Conversation, Message, RecordedExchange } from "../../../src/chat/conversation.ts";

/** Reads an exchange, by default of OpenAI's chat completions. Objects are sent as JSON. */
export function read(
  response: unknown,
  request: unknown = { model: "m", messages: [{ role: "user", content: "Hi" }] },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return readConversation({
    provider: "openai",
    path: "chat/completions",
    request: bodyOf(request),
    response: bodyOf(response),
    ...rest,
  });
}

/** The same at Anthropic's address. */
export function readAnthropic(
  response: unknown,
  request: unknown = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return read(response, request, { provider: "anthropic", path: "v1/messages", ...rest });
}

/** A stream in server-sent events format, one event a chunk, named by its type as Anthropic does. */
export function sse(chunks: unknown[], end = ""): string {
  return chunks.map((chunk) => `${eventLine(chunk)}data: ${JSON.stringify(chunk)}\n\n`).join("") + end;
}

/** The texts of a message's text parts, joined. */
export function textOf(message: Message | undefined): string {
  return (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
}

function eventLine(chunk: unknown): string {
  const isNamed = typeof chunk === "object" && chunk !== null && "type" in chunk && typeof chunk.type === "string";
  return isNamed ? `event: ${String(chunk.type)}\n` : "";
}

function bodyOf(body: unknown): string | Uint8Array | null {
  return body === null || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}
