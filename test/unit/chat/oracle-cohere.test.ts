import { type Cohere, CohereClient, CohereClientV2 } from "cohere-ai";
import type { Recorded } from "../../traffic.ts";
import { compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

type Message = Cohere.AssistantMessageResponse;

async function read(recorded: Recorded): Promise<Told> {
  const options = { token: "-", fetch: answering(recorded), maxRetries: 0 };
  if (recorded.path === "/v1/chat") return readFirst(new CohereClient(options));
  const client = new CohereClientV2(options);
  const asked = { model: "-", messages: [] };
  if (!recorded.streaming) {
    const { message, finishReason, usage } = await client.chat(asked);
    return toldIn(message, finishReason, usage);
  }
  return fold(await client.chatStream(asked));
}

/** The first version ends its stream with the whole response, and the pieces say the same. */
async function readFirst(client: CohereClient): Promise<Told> {
  let text = "";
  for await (const event of await client.chatStream({ message: "" })) {
    if (event.eventType === "text-generation") text += event.text;
    if (event.eventType !== "stream-end") continue;
    const { tokens, billedUnits } = event.response.meta ?? {};
    const counted = tokens ?? billedUnits;
    return {
      texts: [text],
      calls: (event.response.toolCalls ?? []).map((call) => callOf(call.name, call.parameters)),
      finish: [event.finishReason],
      usage: usageOf({ tokensIn: counted?.inputTokens, tokensOut: counted?.outputTokens }),
    };
  }
  throw new Error("the stream has no end");
}

async function fold(events: AsyncIterable<Cohere.V2ChatStreamResponse>): Promise<Told> {
  const message = { toolPlan: "", toolCalls: new Array<Cohere.ToolCallV2>() };
  const content = new Map<number, { text: string; thinking: string }>();
  for await (const event of events) {
    if (event.type === "content-start" || event.type === "content-delta") {
      const piece: { text?: string; thinking?: string } = event.delta?.message?.content ?? {};
      const before = content.get(event.index ?? 0) ?? { text: "", thinking: "" };
      const { text, thinking } = before;
      content.set(event.index ?? 0, { text: text + (piece.text ?? ""), thinking: thinking + (piece.thinking ?? "") });
    }
    if (event.type === "tool-plan-delta") message.toolPlan += event.delta?.message?.toolPlan ?? "";
    if (event.type === "tool-call-start" && event.delta?.message?.toolCalls !== undefined)
      message.toolCalls.push(event.delta.message.toolCalls);
    if (event.type === "tool-call-delta") {
      const called = message.toolCalls.at(-1)?.function;
      const piece = event.delta?.message?.toolCalls?.function?.arguments ?? "";
      if (called !== undefined) called.arguments = `${called.arguments ?? ""}${piece}`;
    }
    if (event.type !== "message-end") continue;
    const parts = [...content.values()].flatMap(({ text, thinking }) => [
      { type: "text" as const, text },
      { type: "thinking" as const, thinking },
    ]);
    const error = event.delta?.error;
    return {
      ...(error === undefined ? {} : { error }),
      ...toldIn({ role: "assistant", ...message, content: parts }, event.delta?.finishReason, event.delta?.usage),
    };
  }
  throw new Error("the stream has no end");
}

function toldIn({ content = [], toolPlan = "", toolCalls = [] }: Message, finish?: string, usage?: Cohere.Usage): Told {
  return {
    texts: [content.map((part) => (part.type === "text" ? part.text : "")).join("")],
    reasoning: toolPlan + content.map((part) => (part.type === "thinking" ? part.thinking : "")).join(""),
    calls: toolCalls.map((call) => callOf(call.function?.name ?? "", call.function?.arguments)),
    finish: [finish],
    usage: usageOf({
      tokensIn: usage?.tokens?.inputTokens,
      tokensOut: usage?.tokens?.outputTokens,
      tokensCached: usage?.cachedTokens,
      tokensReasoning: reasoningTokens(usage?.tokens),
    }),
  };
}

// Not yet in the SDK's types.
function reasoningTokens(tokens: object | undefined): number | undefined {
  const count = Object.entries(tokens ?? {}).find(([key]) => /^reasoning_?tokens$/i.test(key))?.[1] as unknown;
  return typeof count === "number" ? count : undefined;
}

compare("cohere-ai", recordedFor("cohere-ai"), read);
