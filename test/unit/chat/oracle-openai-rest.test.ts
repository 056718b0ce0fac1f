import OpenAI from "openai";
import type { CompletionChoice, CompletionUsage } from "openai/resources/completions";
import type { Recorded } from "../../traffic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, usageOf } from "./oracle/told.ts";

const apart: Apart = {
  "perplexity-ai--embedding-perplexity-int8-embeddings-perplexity-pplx-embed-v1-0-6b-han-0-7d602b": {
    why: "the vectors are bytes, which the SDK takes for the bytes of 32-bit floats",
    told: ({ response }) => {
      const { data } = JSON.parse(response) as { data: { embedding: string }[] };
      return { embeddings: data.map(({ embedding }) => [...new Int8Array(Buffer.from(embedding, "base64"))]) };
    },
  },
};

async function read(recorded: Recorded): Promise<Told> {
  const client = new OpenAI({ apiKey: "-", maxRetries: 0, logLevel: "off", fetch: answering(recorded) });
  const address = recorded.path.split(/[?#]/, 1)[0] ?? "";
  if (address.endsWith("/completions")) return readCompletion(client, recorded.streaming);
  if (address.endsWith("/embeddings")) return readEmbeddings(client, recorded.response);
  if (address.endsWith("/images/generations")) {
    const { data = [] } = await client.images.generate({ model: "-", prompt: "" });
    return { media: data.map((image) => image.b64_json ?? image.url ?? "") };
  }
  if (address.endsWith("/audio/speech")) {
    const audio = await client.audio.speech.create({ model: "-", input: "", voice: "alloy" });
    return { media: [Buffer.from(await audio.arrayBuffer()).toString("base64")] };
  }
  if (address.endsWith("/audio/transcriptions")) return readTranscription(client);
  if (address.endsWith("/moderations")) return { data: (await client.moderations.create({ input: "" })).results };
  if (address.endsWith("/responses/compact")) {
    const { usage } = await client.responses.compact({ model: "gpt-5" });
    return { usage: usageOf({ ...counts(usage), tokensTotal: usage.total_tokens }) };
  }
  await client.chat.completions.create({ model: "-", messages: [] });
  return {};
}

async function readCompletion({ completions }: OpenAI, streaming: boolean): Promise<Told> {
  if (!streaming) {
    const { choices, usage } = await completions.create({ model: "-", prompt: "" });
    return toldIn(choices, usage);
  }
  const choices = new Map<number, CompletionChoice>();
  let usage: CompletionUsage | undefined;
  for await (const chunk of await completions.create({ model: "-", prompt: "", stream: true })) {
    for (const choice of chunk.choices)
      choices.set(choice.index, { ...choice, text: (choices.get(choice.index)?.text ?? "") + choice.text });
    usage = chunk.usage ?? usage;
  }
  return toldIn([...choices.values()], usage);
}

function toldIn(choices: CompletionChoice[], usage: CompletionUsage | undefined): Told {
  return {
    texts: choices.map(({ text }) => text),
    finish: choices.map(({ finish_reason }) => finish_reason),
    usage: usageOf({
      tokensIn: usage?.prompt_tokens,
      tokensOut: usage?.completion_tokens,
      tokensTotal: usage?.total_tokens,
    }),
  };
}

async function readEmbeddings({ embeddings }: OpenAI, response: string): Promise<Told> {
  const format = /"embedding":\s*"/.test(response) ? {} : { encoding_format: "float" as const };
  const { data, usage } = await embeddings.create({ model: "-", input: "", ...format });
  return {
    embeddings: data.map(({ embedding }) => [...embedding]),
    usage: usageOf({ tokensIn: usage.prompt_tokens, tokensTotal: usage.total_tokens }),
  };
}

async function readTranscription({ audio }: OpenAI): Promise<Told> {
  const file = new File([], "-.mp3");
  for await (const event of await audio.transcriptions.create({ model: "-", file, stream: true })) {
    if (event.type !== "transcript.text.done") continue;
    return { texts: [event.text], usage: usageOf({ ...counts(event.usage), tokensTotal: event.usage?.total_tokens }) };
  }
  throw new Error("the stream has no end");
}

function counts(
  usage:
    | {
        input_tokens: number;
        output_tokens: number;
        input_tokens_details?: { cached_tokens: number };
        output_tokens_details?: { reasoning_tokens: number };
      }
    | undefined,
): NonNullable<Told["usage"]> {
  return usageOf({
    tokensIn: usage?.input_tokens,
    tokensOut: usage?.output_tokens,
    tokensCached: usage?.input_tokens_details?.cached_tokens,
    tokensReasoning: usage?.output_tokens_details?.reasoning_tokens,
  });
}

const kinds = ["openai-completions", "openai-embeddings", "openai-images", "openai-audio", "other"];
compare("openai", recordedFor("openai", kinds), read, apart);
