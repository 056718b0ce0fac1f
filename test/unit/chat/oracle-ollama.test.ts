import { type ChatResponse, type GenerateResponse, Ollama } from "ollama";
import type { Recorded } from "../../traffic.ts";
import { compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

async function read(recorded: Recorded): Promise<Told> {
  const client = new Ollama({ host: "http://localhost", fetch: answering(recorded) });
  const isChat = recorded.path.endsWith("/chat");
  const chunks: (ChatResponse | GenerateResponse)[] = [];
  const stream = isChat
    ? await client.chat({ model: "-", stream: true })
    : await client.generate({ model: "-", prompt: "", stream: true });
  for await (const chunk of stream) chunks.push(chunk);
  const messages = chunks.flatMap((chunk) => ("message" in chunk ? chunk.message : []));
  const last = chunks.findLast(({ done }) => done);
  return {
    texts: [chunks.map((chunk) => ("message" in chunk ? chunk.message.content : chunk.response)).join("")],
    calls: messages
      .flatMap((message) => message.tool_calls ?? [])
      .map((call) => callOf(call.function.name, call.function.arguments)),
    finish: [last?.done_reason],
    usage: usageOf({ tokensIn: last?.prompt_eval_count, tokensOut: last?.eval_count }),
  };
}

compare("ollama", recordedFor("ollama"), read);
