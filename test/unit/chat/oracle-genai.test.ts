import { GoogleGenAI, type GenerateContentResponse } from "@google/genai";
import type { Recorded } from "../../traffic.ts";
import { compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

async function read(recorded: Recorded): Promise<Told> {
  const fetch = answering(asEvents(recorded));
  const client = new GoogleGenAI({ apiKey: "-", httpOptions: { fetch, retryOptions: { attempts: 1 } } });
  if (recorded.path.endsWith("/interactions")) return readInteraction(client);
  const asked = { model: recorded.model, contents: "-" };
  if (recorded.path.includes("batchEmbed")) await client.models.embedContent(asked);
  const chunks: GenerateContentResponse[] = [];
  if (recorded.streaming)
    for await (const chunk of await client.models.generateContentStream(asked)) chunks.push(chunk);
  else chunks.push(await client.models.generateContent(asked));
  return toldIn(chunks);
}

/** The SDK requests only server-sent events; a stream in an array is reframed. */
function asEvents(recorded: Recorded): Recorded {
  if (!recorded.streaming || !recorded.response.trimStart().startsWith("[")) return recorded;
  const chunks = JSON.parse(recorded.response) as unknown[];
  return { ...recorded, response: chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") };
}

async function readInteraction({ interactions }: GoogleGenAI): Promise<Told> {
  const calls: { name: string; given: string }[] = [];
  let text = "";
  for await (const event of await interactions.create({ model: "-", input: "-", stream: true })) {
    if (event.event_type === "step.start" && event.step.type === "function_call")
      calls.push({ name: event.step.name, given: "" });
    if (event.event_type === "step.delta" && event.delta.type === "text") text += event.delta.text;
    const call = calls.at(-1);
    if (event.event_type === "step.delta" && event.delta.type === "arguments_delta" && call !== undefined)
      call.given += event.delta.arguments ?? "";
    if (event.event_type !== "interaction.completed") continue;
    const { usage } = event.interaction;
    return {
      texts: [text],
      calls: calls.map(({ name, given }) => callOf(name, given)),
      finish: [event.interaction.status],
      usage: usageOf({
        tokensIn: (usage?.total_input_tokens ?? 0) + (usage?.total_tool_use_tokens ?? 0),
        tokensOut: (usage?.total_output_tokens ?? 0) + (usage?.total_thought_tokens ?? 0),
        tokensTotal: usage?.total_tokens,
        tokensCached: usage?.total_cached_tokens,
        tokensReasoning: usage?.total_thought_tokens,
      }),
    };
  }
  throw new Error("the stream has no end");
}

function toldIn(chunks: GenerateContentResponse[]): Told {
  const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const usage = chunks.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata;
  const thoughts = usage?.thoughtsTokenCount;
  const out = usage?.candidatesTokenCount;
  const prompt = usage?.promptTokenCount;
  const finish: unknown = candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason;
  return {
    texts: [parts.map((part) => (part.thought === true ? "" : (part.text ?? ""))).join("")],
    reasoning: parts.map((part) => (part.thought === true ? (part.text ?? "") : "")).join(""),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined ? [] : callOf(functionCall.name ?? "", functionCall.args ?? {}),
    ),
    serverCalls: parts.filter((part) => part.executableCode !== undefined || "toolCall" in part).length,
    // A number if enums were requested as numbers.
    finish: [finish === undefined ? undefined : String(finish)],
    usage: usageOf({
      tokensIn: prompt === undefined ? undefined : prompt + (usage?.toolUsePromptTokenCount ?? 0),
      tokensOut: out === undefined && thoughts === undefined ? undefined : (out ?? 0) + (thoughts ?? 0),
      tokensTotal: usage?.totalTokenCount,
      tokensCached: usage?.cachedContentTokenCount,
      tokensReasoning: thoughts,
    }),
  };
}

compare("@google/genai", recordedFor("@google/genai"), read);
