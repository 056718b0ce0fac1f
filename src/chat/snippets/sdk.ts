import type { JsonRecord } from "../json/json.ts";
import type { Call } from "./call.ts";

/** A call through an SDK. */
export type SdkCall = {
  /** Prefix of the SDK's own paths. */
  baseUrl: string;
  query: Readonly<Record<string, string>>;
  /** `chat.completions.create`: the same in both languages. */
  method: string;
  /** Type of its arguments in TypeScript, below the SDK's class. */
  type: string;
  fields: JsonRecord;
  /** Named arguments of the Python SDK; all others are passed separately. */
  named: ReadonlySet<string>;
  streams: boolean;
  /** In seconds; undefined for the SDK's default. */
  timeout?: number;
  key: Call["key"];
  tokenHeader: string;
};

/**
 * An SDK method. `path`: the end of the address, which the SDK adds itself. `split`: the type differs with and without
 * a stream.
 */
type Method = Pick<SdkCall, "method" | "type" | "named"> & { path: string; split: boolean };

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const OPENAI: readonly Method[] = [
  {
    path: "chat/completions",
    method: "chat.completions.create",
    type: "ChatCompletionCreateParams",
    split: true,
    named: words(
      `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
       metadata modalities n parallel_tool_calls prediction presence_penalty reasoning_effort response_format seed
       service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user`,
    ),
  },
  {
    path: "completions",
    method: "completions.create",
    type: "CompletionCreateParams",
    split: true,
    named: words(
      `model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream
       stream_options suffix temperature top_p user`,
    ),
  },
  {
    path: "responses",
    method: "responses.create",
    type: "Responses.ResponseCreateParams",
    split: true,
    named: words(
      `background include input instructions max_output_tokens metadata model parallel_tool_calls previous_response_id
       prompt reasoning service_tier store stream temperature text tool_choice tools top_p truncation user`,
    ),
  },
  {
    path: "embeddings",
    method: "embeddings.create",
    type: "EmbeddingCreateParams",
    split: false,
    named: words("input model dimensions encoding_format user"),
  },
  {
    path: "images/generations",
    method: "images.generate",
    type: "ImageGenerateParams",
    split: true,
    named: words("prompt model n quality response_format size style user"),
  },
  {
    path: "moderations",
    method: "moderations.create",
    type: "ModerationCreateParams",
    split: false,
    named: words("input model"),
  },
];

const ANTHROPIC: readonly Method[] = [
  {
    path: "v1/messages",
    method: "messages.create",
    type: "MessageCreateParams",
    split: true,
    named: words(
      `max_tokens messages model metadata service_tier stop_sequences stream system temperature thinking tool_choice
       tools top_k top_p`,
    ),
  },
];

function sdkCall(
  { base, path, query, fields, key, tokenHeader }: Call,
  methods: readonly Method[],
): SdkCall | undefined {
  const known = methods.find((method) => path === method.path || path.endsWith(`/${method.path}`));
  if (!known || !fields) return undefined;
  const streams = fields["stream"] === true;
  const below = path.slice(0, -known.path.length).replace(/\/$/, "");
  return {
    baseUrl: [base, below].filter(Boolean).join("/"),
    query: Object.fromEntries(new URLSearchParams(query)),
    method: known.method,
    type: known.split ? `${known.type}${streams ? "Streaming" : "NonStreaming"}` : known.type,
    named: known.named,
    fields,
    streams,
    key,
    tokenHeader,
  };
}

/** Tokens from which Anthropic's SDK may require a stream: the lowest limit of any model. */
const LONG_ANSWER = 8000;

/** Returns OpenAI's SDK call; undefined without a method for it, or if the body isn't a JSON object. */
export const openaiCall = (call: Call): SdkCall | undefined => sdkCall(call, OPENAI);

/** Returns Anthropic's SDK call; its beta methods have "beta" in the address. */
export function anthropicCall(call: Call): SdkCall | undefined {
  const made = sdkCall(call, ANTHROPIC);
  if (!made) return undefined;
  const { beta, ...query } = made.query;
  // Without an explicit timeout the SDK refuses to wait for a long answer that isn't streamed.
  const { max_tokens: most } = made.fields;
  if (!made.streams && typeof most === "number" && most > LONG_ANSWER) made.timeout = 3600;
  return beta === "true" ? { ...made, query, method: `beta.${made.method}`, type: `Beta.${made.type}` } : made;
}
