import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { createWorkersAI } from "workers-ai-provider";
import type { Recorded } from "../../traffic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

const apart: Apart = {
  "workers-ai--rest-api-1-6e2c9e": {
    why: "a batch's scores, for which the SDK has no call",
    told: ({ response }) => {
      const { result } = JSON.parse(response) as { result: { responses: { result: { response: unknown } }[] } };
      return { data: result.responses.map((one) => one.result.response) };
    },
  },
};

async function read(recorded: Recorded): Promise<Told> {
  if (recorded.path.includes("queueRequest")) throw new Error("not asked");
  const isBare = recorded.status === 200 && !recorded.streaming && !recorded.response.includes('"success"');
  // The REST API wraps what the binding gives bare.
  const wrapped = isBare ? { ...recorded, response: `{"success":true,"result":${recorded.response}}` } : recorded;
  const workersAi = createWorkersAI({ accountId: "-", apiKey: "-", fetch: answering(wrapped) });
  const model = workersAi("-");
  // The SDK reports "stop" without a finish reason.
  const isFinishTold = /"finish_reason":\s*"/.test(recorded.response);
  const asked = { prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: "-" }] }] };
  if (!recorded.streaming) {
    const { content, finishReason, usage } = await model.doGenerate(asked);
    return {
      texts: [content.map((part) => (part.type === "text" ? part.text : "")).join("")],
      reasoning: content.map((part) => (part.type === "reasoning" ? part.text : "")).join(""),
      calls: content.flatMap((part) => (part.type === "tool-call" ? callOf(part.toolName, part.input) : [])),
      ...(isFinishTold ? { finish: [finishReason.raw] } : {}),
      usage: counts(usage),
    };
  }
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of (await model.doStream(asked)).stream) parts.push(part);
  const end = parts.find((part) => part.type === "finish");
  const failed = parts.find((part) => part.type === "error");
  if (failed !== undefined) throw failed.error;
  return {
    texts: [parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join("")],
    reasoning: parts.map((part) => (part.type === "reasoning-delta" ? part.delta : "")).join(""),
    calls: parts.flatMap((part) => (part.type === "tool-call" ? callOf(part.toolName, part.input) : [])),
    ...(isFinishTold ? { finish: [end?.finishReason.raw] } : {}),
    usage: counts(end?.usage),
  };
}

// The SDK reports 0 for missing counts.
function counts(usage: LanguageModelV4Usage | undefined): NonNullable<Told["usage"]> {
  const [sent, received] = [usage?.inputTokens.total ?? 0, usage?.outputTokens.total ?? 0];
  const total = usage?.raw?.["total"];
  return sent + received === 0
    ? {}
    : usageOf({ tokensIn: sent, tokensOut: received, tokensTotal: typeof total === "number" ? total : undefined });
}

compare("workers-ai-provider", recordedFor("workers-ai-provider"), read, apart);
