import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read } from "./exchange.ts";

const whole = (message: object, around: object = {}) => ({
  id: "c",
  model: "m-1",
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
  ...around,
});
const partsOf = (response: unknown) => read(response).answers[0]?.parts;

const sent = (messages: unknown[], rest: object = {}) => read(whole({ content: "ok" }), { messages, ...rest });

describe("OpenAI chat: the request", () => {
  it("roles, names, and texts alone or in parts", () => {
    const { messages } = sent([
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        name: "ann",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", content: null },
      { role: "critic", content: "?" },
    ]);
    assert.deepEqual(messages, [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      {
        role: "user",
        name: "ann",
        parts: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", parts: [] },
      { role: "user", parts: [{ type: "text", text: "?" }], details: { role: "critic" } },
    ]);
  });

  it("images, audio, files: data URLs apart, remote ones as they are", () => {
    const { messages } = sent([
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBO", detail: "low" } },
          { type: "image_url", image_url: "https://example.com/a.png" },
          { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
          { type: "file", file: { file_id: "file-1" } },
          { type: "video_url", video_url: { url: "https://example.com/a.mp4" } },
          { type: "document_url", document_url: "https://example.com/a.pdf" },
          { type: "hologram", data: 1 },
        ],
      },
    ]);
    assert.deepEqual(messages[0]?.parts, [
      { type: "media", media: "image", mimeType: "image/png", data: "iVBO", details: { detail: "low" } },
      { type: "media", media: "image", url: "https://example.com/a.png" },
      { type: "media", media: "audio", mimeType: "audio/wav", data: "UklG" },
      { type: "media", media: "file", mimeType: "application/pdf", data: "JVBE", name: "a.pdf" },
      { type: "media", media: "file", details: { file_id: "file-1" } },
      { type: "media", media: "video", url: "https://example.com/a.mp4" },
      { type: "media", media: "file", url: "https://example.com/a.pdf" },
      { type: "unknown", value: { type: "hologram", data: 1 } },
    ]);
  });

  it("tool calls and the results that answer them, which take the call's name", () => {
    const { messages } = sent([
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "1", type: "function", function: { name: "add", arguments: '{"a":1}' } },
          { id: "2", type: "custom", custom: { name: "run", input: '{"free": "text"}' } },
          { id: "3", type: "function", function: { name: "bad", arguments: '{"a":' } },
        ],
      },
      { role: "tool", tool_call_id: "1", content: "2" },
      { role: "tool", tool_call_id: "2", content: [{ type: "text", text: "done" }] },
      { role: "assistant", content: null, function_call: { name: "old", arguments: "{}" } },
      { role: "function", name: "old", content: "7" },
    ]);
    assert.deepEqual(messages, [
      {
        role: "assistant",
        parts: [
          { type: "toolCall", id: "1", name: "add", arguments: { a: 1 } },
          { type: "toolCall", id: "2", name: "run", arguments: '{"free": "text"}' },
          { type: "toolCall", id: "3", name: "bad", arguments: '{"a":' },
        ],
      },
      { role: "tool", parts: [{ type: "toolResult", id: "1", name: "add", parts: [{ type: "text", text: "2" }] }] },
      { role: "tool", parts: [{ type: "toolResult", id: "2", name: "run", parts: [{ type: "text", text: "done" }] }] },
      { role: "assistant", parts: [{ type: "toolCall", name: "old", arguments: {} }] },
      { role: "tool", parts: [{ type: "toolResult", name: "old", parts: [{ type: "text", text: "7" }] }] },
    ]);
  });

  it("declared tools of each kind", () => {
    const { tools } = sent([], {
      tools: [
        { type: "function", function: { name: "f", description: "F", parameters: { type: "object" }, strict: true } },
        { type: "custom", custom: { name: "g", format: { type: "text" } } },
        { type: "openrouter:web_search", parameters: { max: 1 } },
      ],
      functions: [{ name: "h", parameters: {} }],
    });
    assert.deepEqual(tools, [
      { name: "f", description: "F", parameters: { type: "object" }, details: { strict: true } },
      { name: "g", details: { format: { type: "text" }, type: "custom" } },
      { name: "openrouter:web_search", parameters: { max: 1 }, details: { type: "openrouter:web_search" } },
      { name: "h", parameters: {} },
    ]);
  });

  it("settings are all other fields as sent, a key named __proto__ among them", () => {
    const body = '{"model":"m","messages":[],"temperature":0,"stop":null,"__proto__":{"polluted":true}}';
    const { settings, model } = read(null, body);
    assert.deepEqual(Object.entries(settings), [
      ["temperature", 0],
      ["stop", null],
      ["__proto__", { polluted: true }],
    ]);
    assert.equal(Object.getPrototypeOf(settings), Object.prototype);
    assert.equal(model, "m");
  });
});

describe("OpenAI chat: the answer", () => {
  it("choices in their order, finish reasons verbatim, usage, envelope", () => {
    const conversation = read({
      id: "c",
      model: "m-1",
      service_tier: "default",
      choices: ["stop", "eos_token"].map((reason, index) => ({
        index,
        message: { role: "assistant", content: `t${index}`, refusal: null },
        finish_reason: reason,
      })),
      usage: {
        prompt_tokens: 5,
        completion_tokens: 3,
        total_tokens: 8,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 1 },
        cost: 0.1,
      },
    });
    assert.equal(conversation.format, "openai-chat");
    assert.deepEqual([conversation.model, conversation.envelope?.model], ["m", "m-1"]);
    assert.equal(conversation.complete, true);
    assert.deepEqual(conversation.answers, [
      { role: "assistant", parts: [{ type: "text", text: "t0" }], finishReason: "stop" },
      { role: "assistant", parts: [{ type: "text", text: "t1" }], finishReason: "eos_token" },
    ]);
    assert.deepEqual(conversation.usage, {
      tokensIn: 5,
      tokensOut: 3,
      tokensTotal: 8,
      tokensCached: 2,
      tokensReasoning: 1,
    });
    assert.equal(conversation.envelope?.service_tier, "default");
  });

  it("reasoning under each of its names, the same text once", () => {
    const said = { type: "reasoning", text: "hm" };
    const text = { type: "text", text: "ok" };
    assert.deepEqual(partsOf(whole({ content: "ok", reasoning_content: "hm" })), [said, text]);
    assert.deepEqual(partsOf(whole({ content: "ok", reasoning: "hm", reasoning_content: "hm" })), [said, text]);
    const details = [
      { type: "reasoning.text", text: "hm", format: "x", index: 0, signature: "s" },
      { type: "reasoning.encrypted", data: "ZZ", index: 1 },
    ];
    const sealed = { type: "reasoning", text: "", redacted: true, details: details[1] };
    assert.deepEqual(partsOf(whole({ content: "ok", reasoning: "hm", reasoning_details: details })), [
      { ...said, details: { reasoning_details: [{ signature: "s" }] } },
      sealed,
      text,
    ]);
    assert.deepEqual(partsOf(whole({ content: "ok", reasoning_details: details })), [
      { ...said, details: { signature: "s" } },
      sealed,
      text,
    ]);
    const mistral = [
      {
        type: "thinking",
        thinking: [
          { type: "text", text: "h" },
          { type: "text", text: "m" },
        ],
      },
      text,
    ];
    assert.deepEqual(partsOf(whole({ content: mistral })), [said, text]);
  });

  it("refusal, audio, images, and what no one knows yet, in their places", () => {
    assert.deepEqual(partsOf(whole({ content: null, refusal: "No." })), [{ type: "refusal", text: "No." }]);
    assert.deepEqual(partsOf(whole({ content: null, audio: { id: "a", data: "UklG", transcript: "Hello" } })), [
      { type: "media", media: "audio", data: "UklG", details: { id: "a" } },
      { type: "text", text: "Hello" },
    ]);
    const images = [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }];
    assert.deepEqual(partsOf(whole({ content: "See", images })), [
      { type: "text", text: "See" },
      { type: "media", media: "image", mimeType: "image/png", data: "AA" },
    ]);
    assert.deepEqual(partsOf(whole({ content: { title: "JSON mode" }, moods: [1] })), [
      { type: "data", value: { title: "JSON mode" } },
      { type: "unknown", value: { moods: [1] } },
    ]);
    const logprobs = { content: [{ token: "a", logprob: -1 }] };
    const choice = { message: { content: "a" }, finish_reason: "stop", native_finish_reason: "end", logprobs };
    assert.deepEqual(read({ choices: [choice] }).answers[0], {
      role: "assistant",
      parts: [{ type: "text", text: "a" }],
      finishReason: "stop",
      details: { native_finish_reason: "end", logprobs },
    });
  });

  it("what the provider's own tools did, each call with its result", () => {
    const search = { index: 0, type: "search", arguments: '{"query":"q"}', output: "found", search_results: { n: 1 } };
    assert.deepEqual(partsOf(whole({ content: "ok", executed_tools: [search, 2] })), [
      { type: "toolCall", name: "search", arguments: { query: "q" } },
      {
        type: "toolResult",
        name: "search",
        parts: [{ type: "text", text: "found" }],
        details: { search_results: { n: 1 } },
      },
      { type: "unknown", value: { executed_tools: [2] } },
      { type: "text", text: "ok" },
    ]);
    assert.deepEqual(partsOf(whole({ content: "ok", executed_tools: 1 })), [
      { type: "unknown", value: { executed_tools: 1 } },
      { type: "text", text: "ok" },
    ]);
  });

  it("citations from annotations and from Perplexity's lists", () => {
    const annotations = [
      { type: "url_citation", url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 2 } },
      { type: "file", file: { hash: "h" } },
    ];
    assert.deepEqual(partsOf(whole({ content: "ok", annotations })), [
      {
        type: "text",
        text: "ok",
        citations: [{ url: "https://a.example", title: "A", start_index: 0, end_index: 2 }],
      },
      { type: "data", value: { annotations: [annotations[1]] } },
    ]);
    const lists = {
      citations: ["https://a.example", "https://b.example"],
      search_results: [{ url: "https://a.example", title: "A", snippet: "…", date: "2026-01-01" }],
    };
    assert.deepEqual(partsOf(whole({ content: "ok [1]" }, lists)), [
      {
        type: "text",
        text: "ok [1]",
        citations: [
          { url: "https://a.example", title: "A", text: "…", date: "2026-01-01" },
          { url: "https://b.example" },
        ],
      },
    ]);
  });

  it("a tool call with its id and arguments as numbers and objects", () => {
    const calls = [{ id: 0, type: "function", function: { name: "f", arguments: { a: 1 } } }];
    assert.deepEqual(partsOf(whole({ tool_calls: calls })), [
      { type: "toolCall", id: "0", name: "f", arguments: { a: 1 } },
    ]);
  });
});
