import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, sse, textOf } from "./exchange.ts";

const completion = {
  object: "chat.completion",
  choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
};
const claude = {
  type: "message",
  role: "assistant",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
};
const asked = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };

describe("searches", () => {
  const result = { url: "https://tides.example", title: "Tide tables" };

  for (const [provider, path, found] of [
    [
      "parallel",
      "v1beta/search",
      { search_id: "s1", results: [{ ...result, excerpts: ["High tide", "is at noon."] }] },
    ],
    [
      "parallel",
      "v1/extract",
      { extract_id: "e1", results: [{ ...result, full_content: "High tide\n\nis at noon." }], errors: [] },
    ],
    ["perplexity-ai", "search", { id: "p1", results: [{ ...result, snippet: "High tide\n\nis at noon." }] }],
    ["perplexity-ai", "search", { id: "p1", results: [[{ ...result, snippet: "High tide\n\nis at noon." }]] }],
  ] as const) {
    it(`${provider}, ${path}: each result with its source`, () => {
      const sent = { objective: "When?", search_queries: ["tide table"], max_results: 3 };
      const { format, messages, answers, settings } = read(found, sent, { provider, path });
      assert.equal(format, "search");
      assert.deepEqual(answers[0]?.parts, [{ type: "text", text: "High tide\n\nis at noon.", citations: [result] }]);
      assert.deepEqual([messages[0]?.parts.length, settings], [2, { max_results: 3 }]);
    });
  }

  it("in a vector store", () => {
    const data = [{ file_id: "f", filename: "a.txt", score: 0.9, content: [{ type: "text", text: "Noon." }] }];
    const { format, answers } = read(
      { object: "vector_store.search_results.page", data },
      { query: "tide" },
      { path: "v1/vector_stores/vs_1/search" },
    );
    assert.equal(format, "search");
    assert.deepEqual(answers[0]?.parts, [
      { type: "text", text: "Noon.", citations: [{ title: "a.txt" }], details: { file_id: "f", score: 0.9 } },
    ]);
  });

  it("a task of Parallel: its output with what it rests on", () => {
    const basis = [
      { field: "tide", citations: [{ url: "https://tides.example", excerpts: ["noon"] }], confidence: "high" },
    ];
    const run = { run_id: "r", status: "completed" };
    const address = { provider: "parallel", path: "v1/tasks/runs/r/result" };
    const { format, answers } = read(
      { run, output: { type: "text", content: "Noon.", basis } },
      { input: "When?", processor: "base" },
      address,
    );
    assert.deepEqual([format, answers[0]?.finishReason], ["parallel-tasks", "completed"]);
    assert.deepEqual(answers[0]?.parts, [
      { type: "text", text: "Noon.", citations: [{ url: "https://tides.example", text: "noon" }], details: { basis } },
    ]);
    assert.deepEqual(
      read({ ...run, status: "queued" }, { input: "When?" }, address).answers[0]?.parts[0]?.type,
      "data",
    );
  });
});

describe("Cartesia", () => {
  const address = { provider: "cartesia", path: "tts/sse" };
  const format = { container: "raw", encoding: "pcm_s16le", sample_rate: 8000 };
  const request = { model_id: "sonic-3.5", transcript: "Hello", voice: { mode: "id", id: "v" }, output_format: format };

  it("speech in events, with the times of its words", () => {
    const times = { words: ["Hello"], start: [0], end: [0.4] };
    const events = [
      { type: "chunk", data: "AAAA", done: false, status_code: 206, context_id: "x" },
      { type: "timestamps", done: false, word_timestamps: times, context_id: "x" },
      { type: "chunk", data: "BBBB", done: false, context_id: "x" },
      { type: "done", done: true, context_id: "x" },
    ];
    const { format: read_, messages, answers, complete, model, envelope } = read(sse(events), request, address);
    assert.deepEqual([read_, complete, model], ["cartesia", true, "sonic-3.5"]);
    assert.equal(textOf(messages[0]), "Hello");
    assert.deepEqual(answers[0]?.parts, [
      { type: "media", media: "audio", mimeType: "audio/pcm;rate=8000", data: "AAAABBBB" },
      { type: "data", value: { word_timestamps: times } },
    ]);
    assert.deepEqual(envelope, { context_id: "x" });
    assert.equal(read(sse(events.slice(0, 3)), request, address).complete, false);
  });

  it("an error, a transcript", () => {
    const failed = read(
      sse([{ type: "error", done: true, title: "Invalid model", message: "No such model.", status_code: 400 }]),
      request,
      address,
    );
    assert.equal(failed.error?.message, "No such model.");
    const heard = read({ text: "Hello", language: "en", duration: 1.5 }, null, { provider: "cartesia", path: "stt" });
    assert.deepEqual([textOf(heard.answers[0]), heard.envelope], ["Hello", { language: "en", duration: 1.5 }]);
  });
});

describe("videos", () => {
  it("of xAI: asked for, then there", () => {
    const address = { provider: "grok", path: "v1/videos/generations" };
    const request = {
      model: "grok-imagine-video",
      prompt: "A wave",
      image: { url: "https://a.example/a.png" },
      duration: 3,
    };
    const queued = read({ request_id: "r" }, request, address);
    assert.deepEqual(
      [queued.format, queued.answers[0]?.parts],
      ["videos", [{ type: "data", value: { request_id: "r" } }]],
    );
    assert.deepEqual(
      queued.messages[0]?.parts.map((part) =>
        part.type === "media" ? part.url : part.type === "text" ? part.text : part.type,
      ),
      ["A wave", "https://a.example/a.png"],
    );
    assert.deepEqual([queued.settings, queued.model], [{ duration: 3 }, "grok-imagine-video"]);
    const done = read({ status: "done", video: { url: "https://a.example/a.mp4", duration: 3 }, model: "m" }, null, {
      ...address,
      path: "v1/videos/r",
    });
    assert.deepEqual(done.answers, [
      {
        role: "assistant",
        parts: [{ type: "media", media: "video", url: "https://a.example/a.mp4", details: { duration: 3 } }],
        finishReason: "done",
      },
    ]);
  });

  it("of OpenAI: a status, an error", () => {
    const video = {
      id: "video_1",
      object: "video",
      model: "sora-2",
      status: "in_progress",
      progress: 40,
      seconds: "4",
    };
    const address = { provider: "openai", path: "v1/videos" };
    const { format, answers, envelope } = read(video, { prompt: "A wave" }, address);
    assert.deepEqual([format, answers[0]?.finishReason], ["videos", undefined]);
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: { status: "in_progress", progress: 40 } }]);
    assert.equal(envelope?.["seconds"], "4");
    const failed = read(
      { ...video, status: "failed", error: { code: "moderation_blocked", message: "No." } },
      null,
      address,
    );
    assert.deepEqual([failed.error?.message, failed.answers[0]?.finishReason], ["No.", "failed"]);
  });
});

describe("batches", () => {
  it("Anthropic's: each request as if it were alone, and each result", () => {
    const address = { provider: "anthropic", path: "v1/messages/batches" };
    const requests = [1, 2].map((at) => ({ custom_id: `c${at}`, params: asked }));
    const batch = {
      id: "b",
      type: "message_batch",
      processing_status: "in_progress",
      request_counts: { processing: 2 },
    };
    const { format, messages, answers } = read(batch, { requests }, address);
    assert.equal(format, "batches");
    assert.deepEqual(
      messages.map((message) => [textOf(message), message.details?.["custom_id"]]),
      [
        ["Hi", "c1"],
        ["Hi", "c2"],
      ],
    );
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: batch }]);

    const lines = [
      { custom_id: "c1", result: { type: "succeeded", message: claude } },
      {
        custom_id: "c2",
        result: { type: "errored", error: { type: "error", error: { type: "invalid_request_error", message: "No." } } },
      },
    ];
    const results = read(lines.map((line) => JSON.stringify(line)).join("\n"), null, {
      ...address,
      path: "v1/messages/batches/b/results",
    });
    assert.deepEqual(
      results.answers.map((answer) => [textOf(answer), answer.details?.["custom_id"]]),
      [
        ["Hello", "c1"],
        ["No.", "c2"],
      ],
    );
  });

  it("OpenAI's: the batch, and the lines of its file", () => {
    const batch = { id: "batch_1", object: "batch", status: "validating", endpoint: "/v1/chat/completions" };
    const made = read(batch, { input_file_id: "f", endpoint: "/v1/chat/completions" }, { path: "v1/batches" });
    assert.deepEqual([made.format, made.answers[0]?.parts], ["batches", [{ type: "data", value: batch }]]);
    assert.equal(made.messages[0]?.parts[0]?.type, "data");
    const lines = ["c1", "c2"].map((custom_id) =>
      JSON.stringify({ custom_id, response: { status_code: 200, body: completion }, error: null }),
    );
    const { format, answers } = read(lines.join("\n"), null, { path: "v1/files/f/content" });
    assert.equal(format, "batches");
    assert.deepEqual(
      answers.map((answer) => [textOf(answer), answer.finishReason, answer.details?.["custom_id"]]),
      [
        ["Hello", "stop", "c1"],
        ["Hello", "stop", "c2"],
      ],
    );
  });

  it("a vector store", () => {
    const store = { id: "vs_1", object: "vector_store", name: "Books", status: "completed" };
    const { format, answers, messages } = read(store, { name: "Books", file_ids: ["f"] }, { path: "v1/vector_stores" });
    assert.deepEqual([format, answers[0]?.parts], ["batches", [{ type: "data", value: store }]]);
    assert.deepEqual(messages[0]?.parts, [{ type: "data", value: { name: "Books", file_ids: ["f"] } }]);
  });
});

describe("the Run API", () => {
  const around = { state: "Completed", gatewayMetadata: { keySource: "Unified" } };
  const address = { provider: "custom-alibaba", path: "ai/run" };

  it("a model's answer in {state, result} reads as without, also in the API's own wrapping", () => {
    const plain = read(completion, asked);
    for (const body of [
      { ...around, result: completion },
      { success: true, result: { ...around, result: completion } },
    ]) {
      const { answers, envelope, complete } = read(body, asked);
      assert.deepEqual([answers, complete], [plain.answers, true]);
      assert.deepEqual(envelope?.["gatewayMetadata"], { keySource: "Unified" });
    }
  });

  it("a medium, and the input that stands beside the model", () => {
    const { format, messages, answers, model, settings } = read(
      { ...around, result: { video: "https://a.example/a.mp4" } },
      { model: "alibaba/wan", input: { prompt: "A wave", duration: 5 } },
      address,
    );
    assert.deepEqual([format, model, settings], ["workers-ai", "alibaba/wan", { duration: 5 }]);
    assert.equal(textOf(messages[0]), "A wave");
    assert.deepEqual(answers[0]?.parts, [{ type: "media", media: "video", url: "https://a.example/a.mp4" }]);
  });
});

describe("what stands beside an answer", () => {
  it("provider_metadata says nothing of the conversation, in messages, deltas and choices", () => {
    const provider_metadata = { gateway: { cost: "0.0001" } };
    const choice = { finish_reason: "stop", provider_metadata };
    const plain = read({ choices: [{ ...choice, message: { content: "Hi.", provider_metadata } }] });
    const streamed = read(
      sse([{ choices: [{ delta: { content: "Hi." } }] }, { choices: [{ ...choice, delta: { provider_metadata } }] }]),
    );
    for (const { answers } of [plain, streamed]) assert.deepEqual(answers[0]?.parts, [{ type: "text", text: "Hi." }]);
  });

  it("an exception of Bedrock with Message is an error, whatever the status says", () => {
    const address = { provider: "aws-bedrock", path: "model/m/converse" };
    for (const statusCode of [403, 200]) {
      for (const body of [{ Message: "Not allowed." }, { __type: "AccessDeniedException", Message: "Not allowed." }]) {
        const { error, answers } = read(body, asked, { ...address, statusCode });
        assert.deepEqual([error?.message, answers], ["Not allowed.", []]);
      }
    }
  });
});
