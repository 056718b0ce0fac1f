import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { chunk, eventStream, exception } from "./event-stream-bytes.ts";
import { read, textOf } from "./exchange.ts";

const METRICS = { inputTokenCount: 3, outputTokenCount: 4, cacheReadInputTokenCount: 5, invocationLatency: 6 };
const LAST = { "amazon-bedrock-invocationMetrics": METRICS };
const IMAGE = Buffer.from("\x89PNG\r\n\x1A\n0123456789", "latin1").toString("base64");

function invoke(
  model: string,
  request: unknown,
  response: unknown,
  rest: Partial<RecordedExchange> = {},
): Conversation {
  const path = `bedrock-runtime/us-east-1/model/${model}/invoke`;
  return read(response, request, { provider: "aws-bedrock", path, ...rest });
}

function stream(model: string, request: unknown, events: unknown[]): Conversation {
  const path = `bedrock-runtime/us-east-1/model/${model}/invoke-with-response-stream`;
  return read(eventStream(events.map(chunk)), request, { provider: "aws-bedrock", path });
}

test("Nova: Converse's messages, plain and streamed", () => {
  const request = {
    schemaVersion: "messages-v1",
    system: [{ text: "Be brief" }],
    messages: [{ role: "user", content: [{ text: "Hi" }] }],
    toolConfig: { tools: [{ toolSpec: { name: "f", inputSchema: { json: { type: "object" } } } }] },
    inferenceConfig: { max_new_tokens: 9 },
  };
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
  const plain = invoke("amazon.nova-micro-v1:0", request, {
    output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
    stopReason: "end_turn",
    usage,
  });
  assert.deepEqual(plain, {
    format: "bedrock-invoke",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief" }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
    ],
    answers: [{ role: "assistant", parts: [{ type: "text", text: "Hello" }], finishReason: "end_turn" }],
    tools: [{ name: "f", parameters: { type: "object" } }],
    settings: { schemaVersion: "messages-v1", inferenceConfig: { max_new_tokens: 9 } },
    model: "amazon.nova-micro-v1:0",
    usage: { tokensIn: 1, tokensOut: 2, tokensTotal: 3 },
    envelope: { usage },
    complete: true,
  });
  const streamed = stream("amazon.nova-micro-v1:0", request, [
    { messageStart: { role: "assistant" } },
    { contentBlockDelta: { delta: { text: "Hel" }, contentBlockIndex: 0 } },
    { contentBlockDelta: { delta: { text: "lo" }, contentBlockIndex: 0 } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: "end_turn" } },
    { metadata: { usage }, ...LAST },
  ]);
  assert.deepEqual(streamed, { ...plain, envelope: { usage, ...LAST } });
});

const SPOKEN = [
  {
    model: "amazon.titan-text-express-v1",
    request: { inputText: "Hi", textGenerationConfig: { topP: 1 } },
    settings: { textGenerationConfig: { topP: 1 } },
    plain: { inputTextTokenCount: 3, results: [{ tokenCount: 4, outputText: "Hello", completionReason: "stop" }] },
    events: [
      { outputText: "Hel", index: 0, completionReason: null, inputTextTokenCount: 3, totalOutputTextTokenCount: null },
      { outputText: "lo", index: 0, completionReason: "stop", totalOutputTextTokenCount: 4, ...LAST },
    ],
  },
  {
    model: "meta.llama3-8b-instruct-v1:0",
    request: { prompt: "Hi", max_gen_len: 9 },
    settings: { max_gen_len: 9 },
    plain: { generation: "Hello", prompt_token_count: 3, generation_token_count: 4, stop_reason: "stop" },
    events: [
      { generation: "Hel", prompt_token_count: 3, generation_token_count: 1, stop_reason: null },
      { generation: "lo", prompt_token_count: null, generation_token_count: 4, stop_reason: "stop", ...LAST },
    ],
  },
  {
    model: "mistral.mistral-7b-instruct-v0:2",
    request: { prompt: "Hi", top_k: 5 },
    settings: { top_k: 5 },
    plain: { outputs: [{ text: "Hello", stop_reason: "stop" }], prompt_token_count: 3, generation_token_count: 4 },
    events: [
      { outputs: [{ text: "Hel", stop_reason: null }] },
      { outputs: [{ text: "lo", stop_reason: "stop" }], prompt_token_count: 3, generation_token_count: 4 },
    ],
  },
];

for (const { model, request, settings, plain, events } of SPOKEN) {
  test(`${model}: text, plain and streamed`, () => {
    for (const conversation of [invoke(model, request, plain), stream(model, request, events)]) {
      assert.equal(conversation.format, "bedrock-invoke");
      assert.equal(conversation.model, model);
      assert.deepEqual(conversation.messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
      assert.deepEqual(conversation.settings, settings);
      assert.deepEqual(conversation.answers[0]?.parts, [{ type: "text", text: "Hello" }]);
      assert.equal(conversation.answers[0]?.finishReason, "stop");
      assert.deepEqual(conversation.usage, { tokensIn: 3, tokensOut: 4 });
      assert.equal(conversation.complete, true);
    }
    const cut = stream(model, request, events.slice(0, 1));
    assert.equal(textOf(cut.answers[0]), "Hel");
    assert.equal(cut.complete, false);
  });
}

test("several results are several answers, what is said beside them stays", () => {
  const results = [
    { outputText: "One", completionReason: "FINISH", tokenCount: 2 },
    { outputText: "Two", completionReason: "LENGTH", tokenCount: 3 },
  ];
  const { answers, usage } = invoke("amazon.titan-text-lite-v1", { inputText: "Hi" }, { results });
  assert.deepEqual(answers, [
    { role: "assistant", parts: [{ type: "text", text: "One" }], finishReason: "FINISH", details: { tokenCount: 2 } },
    { role: "assistant", parts: [{ type: "text", text: "Two" }], finishReason: "LENGTH", details: { tokenCount: 3 } },
  ]);
  assert.deepEqual(usage, { tokensOut: 5 });
});

test("embeddings of Titan and Nova", () => {
  const titan = invoke(
    "amazon.titan-embed-text-v2:0",
    { inputText: "Hi", dimensions: 256 },
    { embedding: [0.5, 1], embeddingsByType: { float: [0.5, 1], binary: [0, 1] }, inputTextTokenCount: 2 },
  );
  assert.deepEqual(titan.answers[0]?.parts, [
    { type: "embedding", values: [0.5, 1] },
    { type: "embedding", values: [0, 1], details: { type: "binary" } },
  ]);
  assert.deepEqual(titan.usage, { tokensIn: 2 });
  const nova = invoke(
    "amazon.nova-2-multimodal-embeddings-v1:0",
    {
      taskType: "SINGLE_EMBEDDING",
      singleEmbeddingParams: {
        embeddingDimension: 2,
        text: { truncationMode: "END", value: "Hi" },
        image: { format: "png", source: { bytes: "AAAA" } },
      },
    },
    { embeddings: [{ embeddingType: "TEXT", embedding: [1, 2] }] },
  );
  assert.deepEqual(nova.messages[0]?.parts, [
    { type: "text", text: "Hi", details: { truncationMode: "END" } },
    { type: "media", media: "image", mimeType: "image/png", data: "AAAA" },
  ]);
  assert.deepEqual(nova.settings, { taskType: "SINGLE_EMBEDDING", singleEmbeddingParams: { embeddingDimension: 2 } });
  assert.deepEqual(nova.answers[0]?.parts, [{ type: "embedding", values: [1, 2], details: { embeddingType: "TEXT" } }]);
});

test("images of Nova Canvas and Stability", () => {
  const made = { type: "media", media: "image", mimeType: "image/png", data: IMAGE };
  const canvas = invoke(
    "amazon.nova-canvas-v1:0",
    {
      taskType: "INPAINTING",
      inPaintingParams: { text: "A cat", negativeText: "dogs", image: IMAGE, maskImage: IMAGE },
    },
    { images: [IMAGE], error: null },
  );
  assert.deepEqual(canvas.messages[0]?.parts, [
    { type: "text", text: "A cat" },
    made,
    { ...made, details: { use: "maskImage" } },
  ]);
  assert.deepEqual(canvas.settings, { taskType: "INPAINTING", inPaintingParams: { negativeText: "dogs" } });
  assert.deepEqual(canvas.answers, [{ role: "assistant", parts: [made] }]);
  const stability = invoke(
    "stability.sd3-5-large-v1:0",
    { prompt: "A cat" },
    { seeds: [1], finish_reasons: [null], images: [IMAGE] },
  );
  assert.deepEqual(stability.answers[0]?.parts, [made]);
  assert.deepEqual(stability.envelope, { seeds: [1], finish_reasons: [null] });
  const diffusion = invoke(
    "stability.stable-diffusion-xl-v1",
    { text_prompts: [{ text: "A cat", weight: 1 }], steps: 9 },
    { result: "success", artifacts: [{ seed: 1, base64: IMAGE, finishReason: "SUCCESS" }] },
  );
  assert.deepEqual(diffusion.messages[0]?.parts, [{ type: "text", text: "A cat", details: { weight: 1 } }]);
  assert.deepEqual(diffusion.answers[0]?.parts, [{ ...made, details: { seed: 1, finishReason: "SUCCESS" } }]);
});

test("models that speak Anthropic's, OpenAI's or Cohere's format go to their readers", () => {
  const claude = stream(
    "anthropic.claude-v4",
    { anthropic_version: "bedrock-2023-05-31", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] },
    [
      { type: "message_start", message: { role: "assistant", content: [], usage: { input_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
      { type: "message_stop", ...LAST },
    ],
  );
  assert.equal(claude.format, "anthropic-messages");
  assert.equal(textOf(claude.answers[0]), "Hello");
  assert.deepEqual(claude.usage, { tokensIn: 1, tokensOut: 2 });
  assert.deepEqual(claude.envelope?.["amazon-bedrock-invocationMetrics"], METRICS);

  const gpt = stream("openai.gpt-oss-20b-1:0", { messages: [{ role: "user", content: "Hi" }] }, [
    { choices: [{ index: 0, delta: { role: "assistant", content: "Hel" } }] },
    { choices: [{ index: 0, delta: { content: "lo" }, finish_reason: "stop" }], ...LAST },
  ]);
  assert.equal(gpt.format, "openai-chat");
  assert.equal(gpt.model, "openai.gpt-oss-20b-1:0");
  assert.equal(textOf(gpt.answers[0]), "Hello");
  assert.deepEqual(gpt.usage, { tokensIn: 8, tokensOut: 4, tokensCached: 5 });

  const command = stream("cohere.command-r-v1:0", { message: "Hi", chat_history: [] }, [
    { event_type: "text-generation", is_finished: false, text: "Hello" },
    { event_type: "stream-end", is_finished: true, finish_reason: "COMPLETE", response: { text: "Hello" }, ...LAST },
  ]);
  assert.equal(command.format, "cohere-chat");
  assert.equal(textOf(command.messages[0]), "Hi");
  assert.equal(textOf(command.answers[0]), "Hello");
});

test("an exception within a stream is its error, not its answer", () => {
  const bytes = eventStream([
    chunk({ generation: "Hel", stop_reason: null }),
    exception("throttlingException", "Slow"),
  ]);
  const { answers, error, complete } = read(bytes, null, {
    provider: "aws-bedrock",
    path: "model/meta.llama3-8b-instruct-v1:0/invoke-with-response-stream",
  });
  assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "text", text: "Hel" }] }]);
  assert.deepEqual(error, { type: "throttlingException", message: "Slow" });
  assert.equal(complete, false);
});

test("AI21's J2: a completion, its tokens and why it ended", () => {
  const tokens = [{ generatedToken: { token: "Yo", logprob: -0.5 } }];
  const completion = { data: { text: "Yo", tokens }, finishReason: { reason: "length", length: 1 } };
  const { format, answers, envelope } = invoke(
    "ai21.j2-mid-v1",
    { prompt: "Hi", maxTokens: 1 },
    { id: 7, prompt: { text: "Hi" }, completions: [completion] },
  );
  assert.equal(format, "bedrock-invoke");
  assert.deepEqual(answers, [
    {
      role: "assistant",
      parts: [{ type: "text", text: "Yo" }],
      finishReason: "length",
      details: { finishReason: { reason: "length", length: 1 }, tokens },
    },
  ]);
  assert.deepEqual(envelope, { id: 7, prompt: { text: "Hi" } });
});

test("TwelveLabs: words on a video, plain and streamed, and vectors", () => {
  const asked = { inputPrompt: "What?", mediaSource: { s3Location: { uri: "s3://b/v.mp4", bucketOwner: "o" } } };
  const plain = invoke("us.twelvelabs.pegasus-1-2-v1:0", asked, { message: "A cat", finishReason: "stop" });
  assert.deepEqual(plain.messages[0]?.parts, [
    { type: "text", text: "What?" },
    { type: "media", media: "video", url: "s3://b/v.mp4", details: { bucketOwner: "o" } },
  ]);
  assert.deepEqual(plain.answers, [
    { role: "assistant", parts: [{ type: "text", text: "A cat" }], finishReason: "stop" },
  ]);
  const streamed = stream("us.twelvelabs.pegasus-1-2-v1:0", asked, [
    { message: "A ", finishReason: null },
    { message: "cat", finishReason: "stop", ...LAST },
  ]);
  assert.deepEqual([streamed.answers, streamed.complete], [plain.answers, true]);
  const embedded = invoke(
    "us.twelvelabs.marengo-embed-3-0-v1:0",
    { inputType: "image", image: { mediaSource: { base64String: IMAGE } } },
    { data: [{ embedding: [0.5], embeddingOption: "visual", startSec: 1 }] },
  );
  assert.deepEqual(embedded.messages[0]?.parts, [
    { type: "media", media: "image", mimeType: "image/png", data: IMAGE },
  ]);
  assert.deepEqual(embedded.answers[0]?.parts, [
    { type: "embedding", values: [0.5], details: { embeddingOption: "visual", startSec: 1 } },
  ]);
});

test("an image that was withheld, and a failure that is no answer", () => {
  const withheld = invoke("stability.sd3-5-large-v1:0", { prompt: "x" }, { images: [], finish_reasons: ["Filtered"] });
  assert.deepEqual(withheld.answers, [{ role: "assistant", parts: [], finishReason: "Filtered" }]);
  const failed = invoke("amazon.nova-canvas-v1:0", { prompt: "x" }, { Message: "Not allowed" }, { statusCode: 403 });
  assert.deepEqual([failed.error, failed.answers], [{ message: "Not allowed" }, []]);
});

test("an invocation whose result comes later", () => {
  const { format, model, messages, settings, answers } = read(
    { invocationArn: "arn:1" },
    {
      modelId: "amazon.nova-reel-v1:0",
      modelInput: { taskType: "TEXT_VIDEO", textToVideoParams: { text: "A cat" } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://b" } },
    },
    { provider: "aws-bedrock", path: "bedrock-runtime/us-east-1/async-invoke" },
  );
  assert.deepEqual([format, model, textOf(messages[0])], ["bedrock-invoke", "amazon.nova-reel-v1:0", "A cat"]);
  assert.deepEqual(settings, {
    taskType: "TEXT_VIDEO",
    outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://b" } },
  });
  assert.deepEqual(answers[0]?.parts, [{ type: "data", value: { invocationArn: "arn:1" } }]);
});

test("models that end with a stop_reason where OpenAI has a finish_reason", () => {
  const completed = invoke("us.deepseek.r1-v1:0", { prompt: "Hi" }, { choices: [{ text: "Yo", stop_reason: "stop" }] });
  assert.deepEqual([completed.answers[0]?.finishReason, textOf(completed.answers[0])], ["stop", "Yo"]);
  const streamed = stream("us.deepseek.r1-v1:0", { prompt: "Hi" }, [
    { choices: [{ text: "Y", stop_reason: null }] },
    { choices: [{ text: "o", stop_reason: "length" }], ...LAST },
  ]);
  assert.deepEqual(
    [textOf(streamed.answers[0]), streamed.answers[0]?.finishReason, streamed.complete],
    ["Yo", "length", true],
  );
  const chat = invoke(
    "mistral.mistral-large-2407-v1:0",
    { messages: [{ role: "user", content: "Hi" }] },
    { choices: [{ index: 0, message: { role: "assistant", content: "Yo" }, stop_reason: "stop" }] },
  );
  assert.equal(chat.answers[0]?.finishReason, "stop");
});
