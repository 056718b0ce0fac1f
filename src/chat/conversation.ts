/**
 * What a recorded exchange says, whatever wire format it was recorded in.
 * Roles and parts are the union of what the providers' formats can express; a reader that meets
 * something it does not know keeps it as an `unknown` part in its place.
 */

/** One recorded call: the stored bodies and what is known about them from the log's row. */
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
  /** What came back, one a choice or candidate. */
  answers: Message[];
  tools: ToolDefinition[];
  /** temperature, max_tokens, response_format, … as sent. */
  settings: Record<string, unknown>;
  /** As asked for, else as answered; the name the answer gives is in the envelope. */
  model?: string;
  usage?: Usage;
  error?: ProviderError;
  /** false: a stream cut short, a truncated or a missing body. */
  complete: boolean;
  /** The sides whose bytes are no UTF-8 all through: U+FFFD stands for what could not be read. */
  replaced?: ("request" | "response")[];
  /** The answer is announced but nothing of it was stored: streamed, and kept without its content (API notes: Stored responses). */
  unstored?: true;
  /** The provider requests of a universal call, in the order the gateway tries them; one of them is shown here. */
  steps?: Step[];
  /** The response's fields around the answers as received: id, service_tier, the provider's own usage, … */
  envelope?: Details;
};

/** What was recorded with a thing and has no field of its own here, under the provider's keys. */
type Details = Record<string, unknown>;

/** One provider request of a universal call. `shown`: the conversation is this one's. */
export type Step = { provider: string; path: string; shown: boolean; request: unknown };

export type ToolDefinition = { name: string; description?: string; parameters?: unknown; details?: Details };

export type Usage = {
  /** All tokens of the prompt, those read from or written to a cache included. */
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
  /** What no one was told: thoughts, or (`isCompaction`) a summary of earlier messages. */
  | { type: "reasoning"; text: string; redacted?: boolean }
  /** `arguments`: parsed when it is JSON, else the string. */
  | { type: "toolCall"; id?: string; name: string; arguments: unknown }
  | { type: "toolResult"; id?: string; name?: string; parts: Part[]; isError?: boolean }
  | { type: "media"; media: MediaKind; mimeType?: string; url?: string; data?: string; name?: string }
  | { type: "refusal"; text: string }
  | { type: "embedding"; values: number[] }
  /** A result that is no speech but known to its format: moderation verdicts, classifications, rankings, timestamps. */
  | { type: "data"; value: unknown }
  | { type: "unknown"; value: unknown }
) & {
  /** cache_control, a thinking block's signature, … */
  details?: Details;
};

/** True for the summary that a provider has put in place of earlier messages: a `reasoning` part, but nothing thought. */
export function isCompaction(part: Part): boolean {
  return part.type === "reasoning" && part.details?.type === "compaction";
}

export type MediaKind = "image" | "audio" | "video" | "file";
