import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type TokenUsage,
} from "@aws-sdk/client-bedrock-runtime";
import { Readable } from "node:stream";
import { type Recorded, bodyOf } from "../../traffic.ts";
import { readAnthropic } from "./oracle/anthropic.ts";
import { compare } from "./oracle/compare.ts";
import { readOpenAiChat } from "./oracle/openai-chat.ts";
import { recordedFor } from "./oracle/sdk.ts";
import { type Told, callOf, usageOf } from "./oracle/told.ts";

function clientFor(recorded: Recorded): BedrockRuntimeClient {
  const { status: statusCode, response_content_type: type } = recorded;
  const headers = { "content-type": type || "application/json", "x-amzn-requestid": "-" };
  const bytes = Buffer.from(bodyOf(recorded.response, recorded.response_encoding));
  return new BedrockRuntimeClient({
    region: "us-east-1",
    credentials: { accessKeyId: "-", secretAccessKey: "-" },
    maxAttempts: 1,
    requestHandler: {
      handle: () => Promise.resolve({ response: { statusCode, headers, body: Readable.from([bytes]) } }),
    },
  });
}

async function read(recorded: Recorded): Promise<Told> {
  const client = clientFor(recorded);
  const asked = { modelId: "-", messages: [] };
  if (recorded.path.endsWith("/invoke-with-response-stream")) return readInvoked(client, recorded.path);
  if (recorded.path.endsWith("/converse-stream")) {
    return fold((await client.send(new ConverseStreamCommand(asked))).stream);
  }
  if (recorded.path.endsWith("/invoke")) return readNova(client);
  const { output, stopReason, usage } = await client.send(new ConverseCommand(asked));
  return toldIn(output?.message?.content ?? [], stopReason, usage);
}

/** Of an invoked model the SDK gives the bytes; Nova's are a Converse answer, but for the names of two counts. */
async function readNova(client: BedrockRuntimeClient): Promise<Told> {
  const { body } = await client.send(new InvokeModelCommand({ modelId: "-" }));
  const { output, stopReason, usage } = JSON.parse(body.transformToString()) as {
    output: { message: { content: ContentBlock[] } };
    stopReason: string;
    usage: TokenUsage & { cacheReadInputTokenCount: number; cacheWriteInputTokenCount: number };
  };
  const { cacheReadInputTokenCount: read, cacheWriteInputTokenCount: write } = usage;
  return toldIn(output.message.content, stopReason, {
    ...usage,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: write,
  });
}

/** The SDK takes the model's own stream out of the frames; the model's SDK folds it. */
async function readInvoked(client: BedrockRuntimeClient, path: string): Promise<Told> {
  const { body = [] } = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: "-" }));
  let events = "";
  let metrics: Record<string, number> = {};
  for await (const { chunk } of body) {
    const data = Buffer.from(chunk?.bytes ?? "").toString();
    const { type, ...rest } = JSON.parse(data) as { type?: string } & Record<string, typeof metrics>;
    metrics = rest["amazon-bedrock-invocationMetrics"] ?? metrics;
    events += `${type === undefined ? "" : `event: ${type}\n`}data: ${data}\n\n`;
  }
  const fetch = () => Promise.resolve(new Response(events, { headers: { "content-type": "text/event-stream" } }));
  if (path.includes("anthropic")) return readAnthropic(fetch, true);
  // This model doesn't count; Bedrock does.
  const counted = usageOf({ tokensIn: metrics["inputTokenCount"], tokensOut: metrics["outputTokenCount"] });
  return { ...(await readOpenAiChat(fetch, true)), usage: counted };
}

async function fold(events: AsyncIterable<ConverseStreamOutput> | undefined): Promise<Told> {
  const blocks = new Map<number, { text: string; thought: string; name: string | undefined; input: string }>();
  let [stopReason, usage]: [string?, TokenUsage?] = [];
  for await (const { contentBlockStart: start, contentBlockDelta: more, messageStop, metadata } of events ?? []) {
    const index = start?.contentBlockIndex ?? more?.contentBlockIndex;
    if (index !== undefined) {
      const block = blocks.get(index) ?? { text: "", thought: "", name: start?.start?.toolUse?.name, input: "" };
      block.text += more?.delta?.text ?? "";
      block.thought += more?.delta?.reasoningContent?.text ?? "";
      block.input += more?.delta?.toolUse?.input ?? "";
      blocks.set(index, block);
    }
    stopReason ??= messageStop?.stopReason;
    usage ??= metadata?.usage;
  }
  const content = [...blocks.values()].map(({ text, thought, name, input }): ContentBlock => {
    if (name !== undefined)
      return { toolUse: { name, toolUseId: "-", input: callOf(name, input).arguments as string } };
    return thought === "" ? { text } : { reasoningContent: { reasoningText: { text: thought } } };
  });
  return toldIn(content, stopReason, usage);
}

function toldIn(content: ContentBlock[], stopReason: string | undefined, usage: TokenUsage | undefined): Told {
  const texts = content.flatMap(({ text, citationsContent }) => [
    text,
    ...(citationsContent?.content ?? []).map(({ text }) => text),
  ]);
  const read = usage?.cacheReadInputTokens;
  return {
    texts: [texts.join("")],
    reasoning: content.map(({ reasoningContent }) => reasoningContent?.reasoningText?.text ?? "").join(""),
    calls: content.flatMap(({ toolUse }) => (toolUse === undefined ? [] : callOf(toolUse.name ?? "", toolUse.input))),
    finish: [stopReason],
    usage: usageOf({
      tokensIn: usage && (usage.inputTokens ?? 0) + (read ?? 0) + (usage.cacheWriteInputTokens ?? 0),
      tokensOut: usage?.outputTokens,
      tokensTotal: usage?.totalTokens,
      tokensCached: read,
    }),
  };
}

compare("@aws-sdk/client-bedrock-runtime", recordedFor("@aws-sdk/client-bedrock-runtime"), read);
