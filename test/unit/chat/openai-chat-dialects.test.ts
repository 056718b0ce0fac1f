import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Part } from "../../../src/chat/conversation.ts";
import { read, sse } from "./exchange.ts";

const END = "data: [DONE]\n\n";
const chunk = (delta: unknown, beside: object = {}) => ({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason: null, ...beside }],
});
const stream = (...chunks: unknown[]) => read(sse([...chunks, chunk({}, { finish_reason: "stop" })], END));
const plain = (message: object, beside: object = {}) =>
  read({ object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop", ...beside }] });
const asked = (...content: unknown[]): Part[] =>
  read("", { model: "m", messages: [{ role: "user", content }] }).messages[0]?.parts ?? [];

describe("OpenAI chat: what others than OpenAI add to it", () => {
  it("Together says a delta's text beside it again, and numbers its tokens", () => {
    const piece = (id: number) => chunk({ token_id: id, content: "ha" }, { text: "ha" });
    assert.deepEqual(stream(piece(5), piece(6), piece(5)).answers[0], {
      role: "assistant",
      parts: [{ type: "text", text: "hahaha" }],
      finishReason: "stop",
      details: { token_id: [5, 6, 5] },
    });
  });

  it("Moonshot tells its usage in the last choice", () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6, cached_tokens: 3 };
    const { answers, usage: counted } = stream(chunk({ content: "a" }), chunk({}, { usage }));
    assert.deepEqual(counted, { tokensIn: 4, tokensOut: 2, tokensTotal: 6, tokensCached: 3 });
    assert.deepEqual(answers[0]?.details, { usage });
  });

  it("OpenRouter tells in a choice why its provider failed", () => {
    const error = { code: 502, message: "Provider returned error", metadata: { raw: "overloaded" } };
    for (const { answers, error: told } of [
      plain({ role: "assistant", content: "Hal" }, { finish_reason: "error", error }),
      read(sse([chunk({ content: "Hal" }), chunk({}, { finish_reason: "error", error })], END)),
    ]) {
      assert.deepEqual(told, { message: error.message, code: 502, details: { metadata: error.metadata } });
      assert.deepEqual(answers[0]?.parts, [{ type: "text", text: "Hal" }]);
      assert.equal(answers[0].finishReason, "error");
    }
  });

  it("LiteLLM repeats the reasoning in thinking blocks, with its signature", () => {
    const { answers } = plain(
      {
        content: "a",
        reasoning_content: "think",
        thinking_blocks: [
          { type: "thinking", thinking: "think", signature: "s" },
          { type: "redacted_thinking", data: "d" },
        ],
        provider_specific_fields: { a: 1 },
      },
      { provider_specific_fields: { b: 2 } },
    );
    assert.deepEqual(answers[0], {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "think", details: { reasoning_details: [{ signature: "s" }] } },
        { type: "reasoning", text: "", redacted: true, details: { type: "redacted_thinking", data: "d" } },
        { type: "text", text: "a" },
      ],
      finishReason: "stop",
      details: { provider_specific_fields: { b: 2 }, message: { provider_specific_fields: { a: 1 } } },
    });
    const block = (thinking: string, signature: string) => ({
      reasoning_content: thinking,
      thinking_blocks: [{ type: "thinking", thinking, signature }],
    });
    assert.deepEqual(stream(chunk(block("th", "")), chunk(block("ink", "")), chunk(block("", "s"))).answers[0]?.parts, [
      { type: "reasoning", text: "think", details: { reasoning_details: [{ signature: "s" }] } },
    ]);
  });

  it("Mistral streams text in lists, and closes its thoughts with a signature", () => {
    const { answers } = stream(
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "th" }] }] }),
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "ink" }], signature: "s" }] }),
      chunk({ content: [{ type: "text", text: "He" }] }),
      chunk({ content: [{ type: "text", text: "llo" }] }),
      chunk({ content: [{ type: "reference", reference_ids: [1] }] }),
    );
    assert.deepEqual(answers[0]?.parts, [
      { type: "reasoning", text: "think", details: { signature: "s" } },
      { type: "text", text: "Hello" },
      { type: "data", value: { type: "reference", reference_ids: [1] } },
    ]);
  });

  it("Azure's own data, Perplexity's steps, and a filter's verdict alone", () => {
    const context = { citations: [{ content: "c", url: "https://a.example" }] };
    assert.deepEqual(plain({ content: "a", end_turn: true, context }).answers[0], {
      role: "assistant",
      parts: [
        { type: "text", text: "a" },
        { type: "data", value: { context } },
      ],
      details: { end_turn: true },
      finishReason: "stop",
    });
    assert.deepEqual(plain({ content: "a", reasoning_steps: [{ thought: "t" }] }).answers[0]?.parts[1], {
      type: "data",
      value: { reasoning_steps: [{ thought: "t" }] },
    });
    const first = read(sse([{ object: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] }]));
    assert.deepEqual(
      [first.format, first.answers, first.complete, first.envelope],
      ["openai-chat", [], false, { prompt_filter_results: [{ prompt_index: 0 }] }],
    );
  });

  it("Groq's citations of documents and of results", () => {
    const annotations = [
      { type: "document_citation", document_citation: { document_id: "d", start_index: 0, end_index: 1 } },
    ];
    assert.deepEqual(plain({ content: "a", annotations }).answers[0]?.parts, [
      {
        type: "text",
        text: "a",
        citations: [{ type: "document_citation", document_id: "d", start_index: 0, end_index: 1 }],
      },
    ]);
  });

  it("a list that is empty was said, null with nothing else was not stored", () => {
    assert.equal(plain({ role: "assistant", content: [] }).complete, true);
    assert.equal(plain({ role: "assistant", content: null }).unstored, true);
  });

  it("probabilities that stand before the text are kept for each token", () => {
    const logprobs = { content: [{ token: "a", logprob: 0 }] };
    const piece = { choices: [{ index: 0, logprobs, delta: { content: "a" } }] };
    assert.deepEqual(read(sse([piece, piece, piece], END)).answers[0], {
      role: "assistant",
      parts: [{ type: "text", text: "aaa" }],
      details: { logprobs: { content: [...logprobs.content, ...logprobs.content, ...logprobs.content] } },
    });
  });

  it("an event that is an error by its name alone, and lines that end with CR", () => {
    const said = sse([chunk({ content: "a" })]);
    for (const data of ['{"message":"no","code":5}', "no"]) {
      const { answers, error, complete } = read(`${said}event: error\ndata: ${data}\n\n`);
      assert.deepEqual([answers[0]?.parts, error?.message, complete], [[{ type: "text", text: "a" }], "no", false]);
    }
    assert.deepEqual(read(`${said}${END}`.replaceAll("\n", "\r")), read(`${said}${END}`));
  });

  it("speech of which each piece is padded", () => {
    const { answers } = stream(chunk({ audio: { data: "AQI=" } }), chunk({ audio: { data: "AwQ=" } }));
    assert.deepEqual(answers[0]?.parts, [{ type: "media", media: "audio", data: "AQIDBA==" }]);
  });

  it("parts of other APIs in a request", () => {
    assert.deepEqual(
      asked(
        { type: "input_text", text: "a" },
        { type: "input_image", image_url: "https://a.example/1" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } },
        { type: "image", image: "https://a.example/2" },
        { type: "input_audio", input_audio: "QQ==" },
        { type: "file", file_id: "f" },
        { type: "tool_result", tool_use_id: "t", content: "r" },
      ),
      [
        { type: "text", text: "a" },
        { type: "media", media: "image", url: "https://a.example/1" },
        { type: "media", media: "image", mimeType: "image/png", data: "QQ==" },
        { type: "media", media: "image", url: "https://a.example/2" },
        { type: "media", media: "audio", data: "QQ==" },
        { type: "media", media: "file", details: { file_id: "f" } },
        { type: "toolResult", id: "t", parts: [{ type: "text", text: "r" }] },
      ],
    );
  });
});

describe("OpenAI chat: calls in pieces of every kind", () => {
  const calls = (...pieces: unknown[]) =>
    stream(...pieces.map((piece) => chunk({ tool_calls: [piece] }))).answers[0]?.parts;

  it("the id before the name, and a piece that says nothing", () => {
    assert.deepEqual(
      calls(
        { index: 0, id: "c", type: "function" },
        { index: 0, function: { name: "f", arguments: "{}" } },
        { index: 0, function: null },
      ),
      [{ type: "toolCall", id: "c", name: "f", arguments: {} }],
    );
  });

  it("indexes as text, and several calls of one index without ids", () => {
    const piece = (index: unknown, named: object) => ({ index, function: named });
    assert.deepEqual(
      calls(
        piece("0", { name: "f", arguments: "{" }),
        piece("1", { name: "g", arguments: "{" }),
        piece("0", { arguments: '"a":1}' }),
      ),
      [
        { type: "toolCall", name: "f", arguments: { a: 1 } },
        { type: "toolCall", name: "g", arguments: "{" },
      ],
    );
    assert.deepEqual(calls(piece(0, { name: "f", arguments: "{}" }), piece(0, { name: "g", arguments: "{}" })), [
      { type: "toolCall", name: "f", arguments: {} },
      { type: "toolCall", name: "g", arguments: {} },
    ]);
  });

  it("a plain call that names its function itself, and one cut before its name", () => {
    const parts = plain({ tool_calls: [{ id: "c", name: "f", arguments: { a: 1 } }] }).answers[0]?.parts;
    assert.deepEqual(parts, [{ type: "toolCall", id: "c", name: "f", arguments: { a: 1 } }]);
    const cut = read('{"choices":[{"index":0,"message":{"tool_calls":[{"function":{"arguments":"{}"');
    assert.deepEqual(cut.answers[0]?.parts, [{ type: "toolCall", name: "", arguments: {} }]);
  });
});
