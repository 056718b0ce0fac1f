import OpenAI from "openai";
import { type Told, callOf, usageOf } from "./told.ts";

/** A chat completion as OpenAI's SDK folds it. */
export async function readOpenAiChat(fetch: () => Promise<Response>, streaming: boolean): Promise<Told> {
  const { chat } = new OpenAI({ apiKey: "-", maxRetries: 0, logLevel: "off", fetch });
  const asked = { model: "-", messages: [] };
  const completion = streaming
    ? await chat.completions.stream(asked).finalChatCompletion()
    : await chat.completions.create(asked);
  const { choices, usage } = completion;
  const calls = choices.flatMap(({ message }) => message.tool_calls ?? []);
  return {
    texts: choices.map(({ message }) => message.content ?? ""),
    refusal: choices.map(({ message }) => message.refusal ?? "").join(""),
    calls: calls.map((call) =>
      call.type === "custom"
        ? callOf(call.custom.name, call.custom.input)
        : callOf(call.function.name, call.function.arguments),
    ),
    // Calls that Groq made itself aren't OpenAI's.
    serverCalls: choices
      .map(({ message }) => ("executed_tools" in message ? message.executed_tools : undefined))
      .reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0),
    finish: choices.map(({ finish_reason }) => finish_reason),
    usage: usageOf({
      tokensIn: usage?.prompt_tokens,
      tokensOut: usage?.completion_tokens,
      tokensTotal: usage?.total_tokens,
      tokensCached: usage?.prompt_tokens_details?.cached_tokens,
      tokensReasoning: usage?.completion_tokens_details?.reasoning_tokens,
    }),
    media: choices.flatMap(({ message }) => message.audio?.data ?? []),
  };
}
