import Anthropic from "@anthropic-ai/sdk";
import type { BetaMessage } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { type Told, callOf, usageOf } from "./told.ts";

/** A message as Anthropic's SDK folds it. Its beta's accumulator knows the blocks of both. */
export async function readAnthropic(fetch: () => Promise<Response>, streaming: boolean): Promise<Told> {
  const client = new Anthropic({ apiKey: "-", maxRetries: 0, logLevel: "off", fetch });
  const asked = { model: "-", max_tokens: 1, messages: [] };
  return toldIn(
    streaming ? await client.beta.messages.stream(asked).finalMessage() : await client.beta.messages.create(asked),
  );
}

function toldIn({ content, stop_reason, usage }: BetaMessage): Told {
  const calls = content.flatMap((block) =>
    block.type === "tool_use" || block.type === "server_tool_use" || block.type === "mcp_tool_use"
      ? callOf(block.name, block.input)
      : [],
  );
  const cached = usage.cache_read_input_tokens ?? undefined;
  return {
    texts: [content.map((block) => (block.type === "text" ? block.text : "")).join("")],
    reasoning: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    calls,
    finish: [stop_reason ?? undefined],
    usage: usageOf({
      tokensIn: usage.input_tokens + (cached ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      tokensOut: usage.output_tokens,
      tokensCached: cached,
      tokensReasoning: usage.output_tokens_details?.thinking_tokens,
    }),
  };
}
