import { HTTPClient, Mistral } from "@mistralai/mistralai";
import type {
  ChatCompletionResponse,
  CompletionChunk,
  ContentChunk,
  UsageInfo,
} from "@mistralai/mistralai/models/components";
import type { Recorded } from "../../traffic.ts";
import { compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

type Content = string | ContentChunk[] | null | undefined;

async function read(recorded: Recorded): Promise<Told> {
  const httpClient = new HTTPClient({ fetcher: answering(recorded) });
  const client = new Mistral({ apiKey: "-", httpClient, retryConfig: { strategy: "none" } });
  if (recorded.path.endsWith("/embeddings")) {
    const { data, usage } = await client.embeddings.create({ model: "-", inputs: "" });
    return { embeddings: data.map(({ embedding = [] }) => embedding), usage: counts(usage) };
  }
  if (recorded.path.endsWith("/speech"))
    return { media: [(await client.audio.speech.complete({ model: "-", input: "", stream: false })).audioData] };
  if (recorded.path.endsWith("/transcriptions")) {
    const { text, usage } = await client.audio.transcriptions.complete({ model: "-" });
    return { texts: [text], usage: counts(usage) };
  }
  const asked = { model: "-", messages: [] };
  if (!recorded.streaming) return toldIn(await client.chat.complete(asked));
  const chunks: CompletionChunk[] = [];
  for await (const { data } of await client.chat.stream(asked)) chunks.push(data);
  return fold(chunks);
}

function toldIn({ choices, usage }: ChatCompletionResponse): Told {
  const messages = choices.map(({ message }) => message);
  return {
    texts: messages.map((message) => textIn(message?.content)),
    reasoning: messages.map((message) => thoughtIn(message?.content)).join(""),
    calls: messages
      .flatMap((message) => message?.toolCalls ?? [])
      .map((call) => callOf(call.function.name, call.function.arguments)),
    finish: choices.map(({ finishReason }) => finishReason),
    usage: counts(usage),
  };
}

/** One choice each; a tool call comes whole. */
function fold(chunks: CompletionChunk[]): Told {
  const choices = chunks.flatMap((chunk) => chunk.choices);
  const deltas = choices.map(({ delta }) => delta);
  return {
    texts: [deltas.map(({ content }) => textIn(content)).join("")],
    reasoning: deltas.map(({ content }) => thoughtIn(content)).join(""),
    calls: deltas
      .flatMap(({ toolCalls }) => toolCalls ?? [])
      .map((call) => callOf(call.function.name, call.function.arguments)),
    finish: [choices.findLast(({ finishReason }) => finishReason !== null)?.finishReason ?? undefined],
    usage: counts(chunks.findLast(({ usage }) => usage !== undefined)?.usage),
  };
}

function textIn(content: Content): string {
  if (!Array.isArray(content)) return content ?? "";
  return content.map((chunk) => (chunk.type === "text" ? chunk.text : "")).join("");
}

function thoughtIn(content: Content): string {
  const thoughts = Array.isArray(content)
    ? content.flatMap((chunk) => (chunk.type === "thinking" ? chunk.thinking : []))
    : [];
  return thoughts.map((chunk) => ("text" in chunk ? chunk.text : "")).join("");
}

// Cached tokens have three names, none of them in the SDK's types.
function counts(usage: UsageInfo | undefined): NonNullable<Told["usage"]> {
  const cached = /"cached_tokens":(\d+)|"num_cached_tokens":(\d+)/.exec(JSON.stringify(usage) ?? "");
  return usageOf({
    tokensIn: usage?.promptTokens,
    tokensOut: usage?.completionTokens,
    tokensTotal: usage?.totalTokens,
    tokensCached: cached === null ? undefined : Number(cached[1] ?? cached[2]),
  });
}

compare("@mistralai/mistralai", recordedFor("@mistralai/mistralai"), read);
