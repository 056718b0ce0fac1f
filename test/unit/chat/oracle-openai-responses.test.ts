import OpenAI from "openai";
import type { ResponseOutputItem, Response as OpenAIResponse } from "openai/resources/responses/responses";
import type { Recorded } from "../../traffic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

const apart: Apart = {};

async function read(recorded: Recorded): Promise<Told> {
  const { responses } = new OpenAI({ apiKey: "-", maxRetries: 0, logLevel: "off", fetch: answering(recorded) });
  const asked = { model: recorded.model, input: "" };
  return toldIn(recorded.streaming ? await responses.stream(asked).finalResponse() : await responses.create(asked));
}

function toldIn({ output, usage, status, incomplete_details: cut }: OpenAIResponse): Told {
  const contents = output.flatMap((item) => (item.type === "message" ? item.content : []));
  return {
    texts: [contents.map((content) => (content.type === "output_text" ? content.text : "")).join("")],
    refusal: contents.map((content) => (content.type === "refusal" ? content.refusal : "")).join(""),
    reasoning: output.map(reasoningIn).join(""),
    calls: output.flatMap((item) => {
      if (item.type === "function_call") return callOf(item.name, item.arguments);
      return item.type === "custom_tool_call" ? callOf(item.name, item.input) : [];
    }),
    serverCalls: output.filter(({ type }) => type.endsWith("_call") && !/^(?:function|custom_tool)_/.test(type)).length,
    finish: [cut?.reason ?? status],
    usage: usageOf({
      tokensIn: usage?.input_tokens,
      tokensOut: usage?.output_tokens,
      tokensTotal: usage?.total_tokens,
      tokensCached: usage?.input_tokens_details?.cached_tokens,
      tokensReasoning: usage?.output_tokens_details?.reasoning_tokens,
    }),
  };
}

function reasoningIn(item: ResponseOutputItem): string {
  if (item.type !== "reasoning") return "";
  return [...item.summary, ...(item.content ?? [])].map(({ text }) => text).join("");
}

compare("openai", recordedFor("openai", ["openai-responses"]), read, apart);
