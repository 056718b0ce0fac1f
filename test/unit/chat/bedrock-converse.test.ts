import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { event, eventStream, exception } from "./event-stream-bytes.ts";
import { read, textOf } from "./exchange.ts";

const ADDRESS = { provider: "aws-bedrock", path: "bedrock-runtime/us-east-1/model/vendor.model-v1%3A0/converse" };
const ASKED = { messages: [{ role: "user", content: [{ text: "Hi" }] }] };

function readConverse(response: unknown, request: unknown = ASKED, rest: Partial<RecordedExchange> = {}): Conversation {
  return read(response, request, { ...ADDRESS, ...rest });
}

function answer(content: unknown[], rest: object = {}): object {
  return { output: { message: { role: "assistant", content } }, stopReason: "end_turn", ...rest };
}

test("a plain exchange: system, message, answer, model of the address, counts with the cache in them", () => {
  const usage = { inputTokens: 5, outputTokens: 2, totalTokens: 18, cacheReadInputTokens: 4, cacheWriteInputTokens: 7 };
  const conversation = readConverse(
    answer([{ text: "Hello" }], { usage, metrics: { latencyMs: 9 }, trace: { a: 1 } }),
    {
      ...ASKED,
      system: [{ text: "Be brief" }, { cachePoint: { type: "default" } }],
      inferenceConfig: { maxTokens: 9 },
    },
  );
  assert.deepEqual(conversation, {
    format: "bedrock-converse",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief", details: { cachePoint: { type: "default" } } }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
    ],
    answers: [{ role: "assistant", parts: [{ type: "text", text: "Hello" }], finishReason: "end_turn" }],
    tools: [],
    settings: { inferenceConfig: { maxTokens: 9 } },
    model: "vendor.model-v1:0",
    usage: { tokensIn: 16, tokensOut: 2, tokensTotal: 18, tokensCached: 4 },
    envelope: { usage, metrics: { latencyMs: 9 }, trace: { a: 1 } },
    complete: true,
  });
});

test("the log's model counts before that of the address", () => {
  assert.equal(readConverse(answer([]), ASKED, { model: "as logged" }).model, "as logged");
});

test("media: bytes and places in S3, documents also as text and as blocks", () => {
  const content = [
    { image: { format: "png", source: { bytes: "AAAA" } } },
    { video: { format: "mp4", source: { s3Location: { uri: "s3://b/v", bucketOwner: "1" } } } },
    { audio: { format: "mp3", source: { bytes: "BBBB" } } },
    { document: { format: "pdf", name: "Report", source: { bytes: "CCCC" }, citations: { enabled: true } } },
    { document: { format: "txt", name: "Note", source: { text: "Written" }, context: "why" } },
    { document: { name: "Pieces", source: { content: [{ text: "One" }, { text: "Two" }] } } },
  ];
  const [message] = readConverse(answer([]), { messages: [{ role: "user", content }] }).messages;
  assert.deepEqual(message?.parts, [
    { type: "media", media: "image", mimeType: "image/png", data: "AAAA" },
    { type: "media", media: "video", mimeType: "video/mp4", url: "s3://b/v", details: { bucketOwner: "1" } },
    { type: "media", media: "audio", mimeType: "audio/mpeg", data: "BBBB" },
    {
      type: "media",
      media: "file",
      mimeType: "application/pdf",
      data: "CCCC",
      name: "Report",
      details: { citations: { enabled: true } },
    },
    { type: "text", text: "Written", details: { document: { format: "txt", name: "Note", context: "why" } } },
    { type: "text", text: "One", details: { document: { name: "Pieces" } } },
    { type: "text", text: "Two" },
  ]);
});

test("tools, their calls and their results", () => {
  const conversation = readConverse(
    answer([{ toolUse: { toolUseId: "2", name: "search", input: { q: "b" }, type: "server_tool_use" } }]),
    {
      messages: [
        { role: "assistant", content: [{ toolUse: { toolUseId: "1", name: "search", input: { q: "a" } } }] },
        {
          role: "user",
          content: [
            { toolResult: { toolUseId: "1", status: "error", content: [{ text: "No" }, { json: { code: 3 } }] } },
            { cachePoint: { type: "default", ttl: "5m" } },
          ],
        },
      ],
      toolConfig: {
        tools: [
          {
            toolSpec: { name: "search", description: "Finds", inputSchema: { json: { type: "object" } }, strict: true },
          },
          { cachePoint: { type: "default" } },
          { systemTool: { name: "interpreter" } },
        ],
        toolChoice: { auto: {} },
      },
    },
  );
  assert.deepEqual(conversation.tools, [
    {
      name: "search",
      description: "Finds",
      parameters: { type: "object" },
      details: { strict: true, cachePoint: { type: "default" } },
    },
    { name: "interpreter", details: { type: "systemTool" } },
  ]);
  assert.deepEqual(conversation.settings, { toolConfig: { toolChoice: { auto: {} } } });
  assert.deepEqual(conversation.messages[1]?.parts, [
    {
      type: "toolResult",
      id: "1",
      name: "search",
      isError: true,
      parts: [
        { type: "text", text: "No" },
        { type: "data", value: { code: 3 } },
      ],
      details: { cachePoint: { type: "default", ttl: "5m" } },
    },
  ]);
  assert.deepEqual(conversation.answers[0]?.parts, [
    { type: "toolCall", id: "2", name: "search", arguments: { q: "b" }, details: { type: "server_tool_use" } },
  ]);
});

test("reasoning, citations, guarded text and search results", () => {
  const cited = {
    title: "Facts",
    source: "https://example.com/facts",
    sourceContent: [{ text: "Said " }, { text: "there" }],
    location: { documentChar: { start: 1, end: 2 } },
  };
  const { answers } = readConverse(
    answer([
      { reasoningContent: { reasoningText: { text: "Hm", signature: "s" } } },
      { reasoningContent: { redactedContent: "QUJD" } },
      { citationsContent: { content: [{ text: "It is " }, { text: "so." }], citations: [cited] } },
      { guardContent: { text: { text: "Watched", qualifiers: ["query"] } } },
      { searchResult: { source: "https://example.com/a", title: "A", content: [{ text: "Found" }] } },
      { novelty: { a: 1 } },
    ]),
  );
  assert.deepEqual(answers[0]?.parts, [
    { type: "reasoning", text: "Hm", details: { signature: "s" } },
    { type: "reasoning", text: "", redacted: true, details: { redactedContent: "QUJD" } },
    {
      type: "text",
      text: "It is so.",
      citations: [{ text: "Said there", url: "https://example.com/facts", title: "Facts", location: cited.location }],
    },
    { type: "text", text: "Watched", details: { guardContent: { qualifiers: ["query"] } } },
    { type: "text", text: "Found", citations: [{ url: "https://example.com/a", title: "A" }] },
    { type: "unknown", value: { novelty: { a: 1 } } },
  ]);
});

const citation = {
  title: "Facts",
  sourceContent: [{ text: "There" }],
  location: { web: { url: "https://example.com" } },
};
const STREAM: [string, Record<string, unknown>][] = [
  ["messageStart", { role: "assistant" }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "Let me " } } }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "see" } } }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { signature: "sig" } } }],
  ["contentBlockStop", { contentBlockIndex: 0 }],
  ["contentBlockDelta", { contentBlockIndex: 1, delta: { text: "Hel" } }],
  ["contentBlockDelta", { contentBlockIndex: 1, delta: { text: "lo" } }],
  ["contentBlockDelta", { contentBlockIndex: 1, delta: { citation } }],
  ["contentBlockStart", { contentBlockIndex: 2, start: { toolUse: { toolUseId: "1", name: "run" } } }],
  ["contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: '{"code":' } } }],
  ["contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: '"1+1"}' } } }],
  ["contentBlockStart", { contentBlockIndex: 3, start: { toolResult: { toolUseId: "1", status: "success" } } }],
  ["contentBlockDelta", { contentBlockIndex: 3, delta: { toolResult: [{ text: "tw" }] } }],
  ["contentBlockDelta", { contentBlockIndex: 3, delta: { toolResult: [{ text: "o" }, { json: { out: 2 } }] } }],
  ["contentBlockStart", { contentBlockIndex: 4, start: { toolUse: { toolUseId: "2", name: "done" } } }],
  ["messageStop", { stopReason: "tool_use", additionalModelResponseFields: { a: 1 } }],
  ["metadata", { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 }, metrics: { latencyMs: 4 } }],
];
const PADDED = STREAM.map(([name, data]): [string, object] => [name, { ...data, p: "abcde" }]);
const PLAIN = {
  ...answer([
    { reasoningContent: { reasoningText: { text: "Let me see", signature: "sig" } } },
    { citationsContent: { content: [{ text: "Hello" }], citations: [citation] } },
    { toolUse: { toolUseId: "1", name: "run", input: { code: "1+1" } } },
    { toolResult: { toolUseId: "1", status: "success", content: [{ text: "two" }, { json: { out: 2 } }] } },
    { toolUse: { toolUseId: "2", name: "done", input: {} } },
  ]),
  stopReason: "tool_use",
  additionalModelResponseFields: { a: 1 },
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
  metrics: { latencyMs: 4 },
};

test("a stream reads as its plain twin, however it is stored", () => {
  const plain = readConverse(PLAIN);
  const datas = PADDED.map(([, data]) => data);
  const bytes = eventStream(PADDED.map(([name, data]) => event(name, data)));
  const stored = [
    bytes,
    Buffer.from(bytes).toString("base64"),
    Buffer.from(bytes).toString(),
    { streamed_data: datas },
    datas,
    PADDED.map(([name, data]) => ({ [name]: data })),
    PADDED.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
  ];
  assert.equal(plain.answers[0]?.parts.length, 5);
  for (const response of stored) assert.deepEqual(readConverse(response), plain);
});

test("a stream cut after any event gives a beginning of the text and is not complete", () => {
  for (let count = 1; count < STREAM.length - 2; count++) {
    const events = PADDED.slice(0, count).map(([name, data]) => event(name, data));
    const bytes = Buffer.concat([eventStream(events), Buffer.from([0, 0, 1])]);
    const conversation = readConverse(bytes);
    assert.ok("Hello".startsWith(textOf(conversation.answers[0])), `after ${count}`);
    assert.equal(conversation.complete, false, `after ${count}`);
  }
});

test("arguments cut short stay text", () => {
  const { answers } = readConverse(eventStream(PADDED.slice(0, 10).map(([name, data]) => event(name, data))));
  assert.deepEqual(answers[0]?.parts.at(-1), { type: "toolCall", id: "1", name: "run", arguments: '{"code":' });
});

test("an exception ends a stream with what was said before it", () => {
  const bytes = eventStream([
    event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }),
    exception("modelStreamErrorException", "Gone"),
  ]);
  const { answers, error, complete } = readConverse(bytes);
  assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "text", text: "Hel" }] }]);
  assert.deepEqual(error, { type: "modelStreamErrorException", message: "Gone" });
  assert.equal(complete, false);
});

test("events and deltas of no known kind are kept", () => {
  const { answers } = readConverse({ streamed_data: [{ contentBlockIndex: 0, delta: { dance: 1 } }, { novelty: 2 }] });
  assert.deepEqual(answers[0]?.parts, [
    { type: "unknown", value: { dance: 1 } },
    { type: "unknown", value: { novelty: 2 } },
  ]);
});

test("an error's request is read by its address, an exchange without address by its shape", () => {
  const failed = readConverse({ message: "The model is not supported" }, ASKED, { statusCode: 400 });
  assert.equal(failed.format, "bedrock-converse");
  assert.equal(textOf(failed.messages[0]), "Hi");
  assert.equal(failed.error?.message, "The model is not supported");
  const found = readConverse(PLAIN, ASKED, { provider: "custom-x", path: "" });
  assert.equal(found.format, "bedrock-converse");
  assert.equal(textOf(found.messages[0]), "Hi");
});

test("fields of the wrong type are kept and throw nothing", () => {
  const content = [7, "x", { text: 1 }, { toolUse: 2 }, { image: { source: {} } }, { toolResult: { content: 3 } }];
  const { answers, messages } = readConverse(answer(content), { messages: [5, { role: 8, content }], toolConfig: 9 });
  assert.deepEqual(answers[0]?.parts, [
    { type: "unknown", value: 7 },
    { type: "text", text: "x" },
    { type: "unknown", value: { text: 1 } },
    { type: "unknown", value: { toolUse: 2 } },
    { type: "unknown", value: { image: { source: {} } } },
    { type: "toolResult", parts: [{ type: "unknown", value: 3 }] },
  ]);
  assert.deepEqual(messages[0]?.parts, [{ type: "unknown", value: 5 }]);
  assert.deepEqual(messages[1]?.details, { role: 8 });
});

test("keeps what stands beside a tool, its schema and a citation's text", () => {
  const tool = { toolSpec: { name: "f", inputSchema: { json: { type: "object" }, x: 1 } }, y: 2 };
  const cited = { content: [{ text: "A" }], citations: [{ title: "T", sourceContent: [{ text: "s", page: 3 }] }] };
  const { tools, answers } = readConverse(answer([{ citationsContent: cited }]), {
    ...ASKED,
    toolConfig: { tools: [tool] },
  });
  assert.deepEqual(tools, [{ name: "f", parameters: { json: { type: "object" }, x: 1 }, details: { y: 2 } }]);
  assert.deepEqual(answers[0]?.parts, [
    { type: "text", text: "A", citations: [{ sourceContent: [{ text: "s", page: 3 }], text: "s", title: "T" }] },
  ]);
});
