// The providers' own clients, given a stream's bytes as the response, without a network.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { Said } from "./chat-streams.ts";

/** Folds a stream's bytes. `piece`: bytes at a time, if not all at once. */
export type Fold = (bytes: Uint8Array, piece?: number) => Promise<Omit<Said, "reasoning"> & { reasoning?: string }>;

function answering(bytes: Uint8Array, piece: number | undefined): typeof fetch {
  const headers = { "content-type": "text/event-stream" };
  if (piece === undefined) return () => Promise.resolve(new Response(Buffer.from(bytes), { headers }));
  return () => {
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.subarray(at, (at += piece)));
      },
    });
    return Promise.resolve(new Response(body, { headers }));
  };
}

const optionsOf = (bytes: Uint8Array, piece?: number) => ({
  apiKey: "none",
  fetch: answering(bytes, piece),
  maxRetries: 0,
});
const messages = [{ role: "user" as const, content: "Hi" }];

/** OpenAI's client on a chat completion stream; of reasoning, which isn't OpenAI's, it keeps the last delta. */
export const openaiChat: Fold = async (bytes, piece) => {
  const stream = new OpenAI(optionsOf(bytes, piece)).chat.completions.stream({ model: "m", messages });
  const { message } = (await stream.finalChatCompletion()).choices[0] ?? {};
  const call = message?.tool_calls?.[0];
  return {
    text: message?.content ?? "",
    toolArguments: call?.type === "function" ? call.function.arguments : "",
  };
};

/** OpenAI's client on a response's stream. */
export const openaiResponses: Fold = async (bytes, piece) => {
  const stream = new OpenAI(optionsOf(bytes, piece)).responses.stream({ model: "m", input: "Hi" });
  const { output, output_text } = await stream.finalResponse();
  const reasoning = output.find((item) => item.type === "reasoning");
  const call = output.find((item) => item.type === "function_call");
  return {
    text: output_text,
    reasoning: reasoning?.summary.map(({ text }) => text).join("") ?? "",
    toolArguments: call?.arguments ?? "",
  };
};

/** Anthropic's client on a message's stream. */
export const anthropic: Fold = async (bytes, piece) => {
  const stream = new Anthropic(optionsOf(bytes, piece)).messages.stream({ model: "m", max_tokens: 1, messages });
  const { content } = await stream.finalMessage();
  const call = content.find((block) => block.type === "tool_use");
  return {
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    reasoning: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    toolArguments: JSON.stringify(call?.input),
  };
};
