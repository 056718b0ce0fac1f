import type { Inference } from "./call.ts";
import type { Replay } from "./replay.ts";
import { chat } from "../samples/openai.ts";

const ANSWER =
  "This answer is made up: the sample gateway asks no provider. It is here so that a program has something to work with.";

/** Rough estimate: four characters per token. */
const tokensOf = (length: number): number => Math.max(1, Math.ceil(length / 4));

/** A small chat completion of an OpenAI-compatible provider, plain or streamed, for calls without a similar log. */
export function madeUp(call: Inference, time: Date): Replay {
  const model = call.model ?? "sample";
  const tokensIn = tokensOf(call.body.length);
  const tokensOut = tokensOf(ANSWER.length);
  const setting = { model, id: `chatcmpl-${time.getTime().toString(36)}`, tokensIn, tokensOut, time };
  const wire = chat({ turns: [], answer: ANSWER }, { ...setting, streamed: call.streamed });
  const usage = { modelType: "chat", tokensIn, tokensOut };
  if (wire.stream === undefined)
    return { status: 200, bytes: Buffer.from(JSON.stringify(wire.response)), contentType: "application/json", usage };
  return { status: 200, bytes: Buffer.from(wire.stream), contentType: "text/event-stream", usage };
}
