/**
 * The content of a recorded exchange, whatever its wire format. Roles and parts are the union of what the providers'
 * formats can express; a reader keeps anything it doesn't know as an `unknown` part in its place.
 */

/** One recorded call: the stored bodies, and facts about them from the log's row. */
export type RecordedExchange = {
  /** Gateway slug: "openai", "anthropic", "workers-ai", … */
  provider: string;
  /** As logged: "chat/completions", "/v1/messages?beta=true", … */
  path: string;
  model?: string;
  statusCode?: number;
  requestContentType?: string;
  responseContentType?: string;
  /** The stored body; null = not stored. */
  request: string | Uint8Array | null;
  response: string | Uint8Array | null;
};

export type Conversation = {
  /** The reader that understood the exchange: "openai-chat", "anthropic-messages", … or "unknown". */
  format: string;
  /** What was sent, system first. */
  messages: Message[];
  /** What came back, one message for each choice or candidate. */
  answers: Message[];
  tools: ToolDefinition[];
  /** temperature, max_tokens, response_format, … as sent. */
  settings: Record<string, unknown>;
  /** From the request, else from the response; the envelope has the response's name. */
  model?: string;
  usage?: Usage;
  error?: ProviderError;
  /** false: a truncated stream, or a truncated or missing body. */
  complete: boolean;
  /** Sides with invalid UTF-8, shown as U+FFFD. */
  replaced?: ("request" | "response")[];
  /** An answer was announced but not stored: streamed, and kept without its content (API notes: Stored responses). */
  unstored?: true;
  /** The provider requests of a universal call, in the order the gateway tries them; one of them is shown. */
  steps?: Step[];
  /** The response's fields next to the answers, as received: id, service_tier, the provider's own usage, … */
  envelope?: Details;
};

/** Recorded fields without a field of their own here, under the provider's keys. */
type Details = Record<string, unknown>;

/** One provider request of a universal call. `shown`: the conversation is of this one. */
export type Step = { provider: string; path: string; shown: boolean; request: unknown };

export type ToolDefinition = { name: string; description?: string; parameters?: unknown; details?: Details };

export type Usage = {
  /** All prompt tokens, including those read from or written to a cache. */
  tokensIn?: number;
  tokensOut?: number;
  tokensTotal?: number;
  tokensCached?: number;
  tokensReasoning?: number;
};

export type ProviderError = { message: string; type?: string; code?: string | number; details?: Details };

export type Role = "system" | "user" | "assistant" | "tool";

export type Message = { role: Role; name?: string; parts: Part[]; finishReason?: string; details?: Details };

export type Citation = { text?: string; url?: string; title?: string; [key: string]: unknown };

export type Part = (
  | { type: "text"; text: string; citations?: Citation[] }
  /** Not addressed to anyone: thoughts, or (`isCompaction`) a summary of earlier messages. */
  | { type: "reasoning"; text: string; redacted?: boolean }
  /** `arguments`: parsed JSON, or the string if it isn't JSON. */
  | { type: "toolCall"; id?: string; name: string; arguments: unknown }
  | { type: "toolResult"; id?: string; name?: string; parts: Part[]; isError?: boolean }
  | { type: "media"; media: MediaKind; mimeType?: string; url?: string; data?: string; name?: string }
  | { type: "refusal"; text: string }
  | { type: "embedding"; values: number[] }
  /** A structured result: moderation verdicts, classifications, rankings, timestamps. */
  | { type: "data"; value: unknown }
  | { type: "unknown"; value: unknown }
) & {
  /** cache_control, a thinking block's signature, … */
  details?: Details;
};

/** Whether a part is a provider's summary that replaces earlier messages: a `reasoning` part without thoughts. */
export function isCompaction(part: Part): boolean {
  return part.type === "reasoning" && part.details?.type === "compaction";
}

export type MediaKind = "image" | "audio" | "video" | "file";
