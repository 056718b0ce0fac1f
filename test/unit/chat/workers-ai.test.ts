import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, sse, textOf } from "./exchange.ts";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

function run(
  response: unknown,
  request: unknown = { prompt: "Hi" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return read(response, request, { provider: "workers-ai", path: "@cf/meta/llama-3.1-8b-instruct", ...rest });
}

const partsOf = (conversation: Conversation) => conversation.answers.flatMap(({ parts }) => parts);

describe("Workers AI's requests", () => {
  it("a prompt is the user's, the rest are settings, the model is in the path", () => {
    const read = run({ response: "Yes." }, { prompt: "Is it?", raw: true, lora: "l", max_tokens: 5, stream: false });
    assert.equal(read.format, "workers-ai");
    assert.deepEqual(read.messages, [{ role: "user", parts: [{ type: "text", text: "Is it?" }] }]);
    assert.deepEqual(read.settings, { raw: true, lora: "l", max_tokens: 5, stream: false });
    assert.equal(read.model, "@cf/meta/llama-3.1-8b-instruct");
  });

  it("the model of the log counts before the path's, and a query is none of its name", () => {
    assert.equal(run({ response: "x" }, { prompt: "p" }, { model: "as-logged" }).model, "as-logged");
    const path = "/client/v4/accounts/a/ai/run/@hf/org/model?queueRequest=true";
    assert.equal(run({ response: "x" }, { prompt: "p" }, { path, provider: "custom-x" }).model, "@hf/org/model");
  });

  it("messages with calls and results of either shape, tools of either shape, functions", () => {
    const read = run(
      { response: "done" },
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://h/i.png" } }] },
          { role: "assistant", content: "", tool_calls: [{ name: "sum", arguments: { a: 1 } }] },
          { role: "tool", name: "sum", content: "3" },
          {
            role: "assistant",
            tool_calls: [{ id: "c1", type: "function", function: { name: "now", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: "c1", content: "12:00" },
        ],
        tools: [
          { name: "sum", description: "adds", parameters: { type: "object" } },
          { type: "function", function: { name: "now", description: "the time" } },
        ],
        functions: [{ name: "f", code: "return 1" }],
      },
    );
    assert.deepEqual(
      read.messages.map(({ role }) => role),
      ["system", "user", "assistant", "tool", "assistant", "tool"],
    );
    assert.deepEqual(read.messages[2]?.parts, [{ type: "toolCall", name: "sum", arguments: { a: 1 } }]);
    assert.deepEqual(read.messages[5]?.parts, [
      { type: "toolResult", id: "c1", name: "now", parts: [{ type: "text", text: "12:00" }] },
    ]);
    assert.deepEqual(read.tools, [
      { name: "sum", description: "adds", parameters: { type: "object" } },
      { name: "now", description: "the time" },
      { name: "f", details: { code: "return 1" } },
    ]);
    assert.deepEqual(read.settings, {});
  });

  it("an image as bytes, base64 or a data URL belongs to what the user says", () => {
    const data = PNG.toString("base64");
    const image = { type: "media", media: "image", mimeType: "image/png", data };
    for (const given of [[...PNG], data, `data:image/png;base64,${data}`]) {
      const read = run({ description: "a dot" }, { image: given, prompt: "What is it?" });
      assert.deepEqual(read.messages, [{ role: "user", parts: [{ type: "text", text: "What is it?" }, image] }]);
      const messages = [{ role: "user", content: "What?" }];
      assert.deepEqual(run({ response: "." }, { image: given, messages }).messages[0]?.parts[1], image);
    }
    assert.deepEqual(run({ response: "." }, { image: [300, -1] }).messages[0]?.parts, [
      { type: "unknown", value: { image: [300, -1] } },
    ]);
  });

  it("texts, a query with its contexts, audio, a batch, a question after a batch", () => {
    const texts = (request: object) => run({ response: "." }, request).messages.flatMap(({ parts }) => parts);
    assert.deepEqual(texts({ text: ["a", "b"] }), [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
    assert.deepEqual(texts({ query: "q", contexts: [{ text: "c" }] }), [
      { type: "text", text: "q" },
      { type: "text", text: "c" },
    ]);
    assert.deepEqual(texts({ audio: [...Buffer.from("ID3\u0003")] }), [
      { type: "media", media: "audio", mimeType: "audio/mpeg", data: "SUQzAw==" },
    ]);
    assert.deepEqual(texts({ request_id: "r" }), [{ type: "data", value: { request_id: "r" } }]);
    const batch = run({ status: "queued", request_id: "r" }, { requests: [{ prompt: "1", seed: 2 }, { text: "3" }] });
    assert.deepEqual(batch.messages, [
      { role: "user", parts: [{ type: "text", text: "1" }], details: { seed: 2 } },
      { role: "user", parts: [{ type: "text", text: "3" }] },
    ]);
    assert.equal(batch.complete, false);
    assert.deepEqual(partsOf(batch), [{ type: "data", value: { status: "queued", request_id: "r" } }]);
  });
});

describe("Workers AI's answers", () => {
  it("text, reasoning, calls of both shapes and the usage, in the API's envelope", () => {
    const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
    const result = {
      response: "Hi",
      tool_calls: [
        { name: "a", arguments: { x: 1 } },
        { id: "c", type: "function", function: { name: "b", arguments: '{"y":2}' } },
      ],
      usage,
    };
    const read = run({ result, success: true, errors: [], messages: [] });
    assert.deepEqual(partsOf(read), [
      { type: "text", text: "Hi" },
      { type: "toolCall", name: "a", arguments: { x: 1 } },
      { type: "toolCall", name: "b", id: "c", arguments: { y: 2 } },
    ]);
    assert.deepEqual(read.usage, { tokensIn: 5, tokensOut: 7, tokensTotal: 12 });
    assert.deepEqual(read.envelope, { usage });
    assert.equal(read.complete, true);
  });

  it("each task's own answer", () => {
    const data = PNG.toString("base64");
    const ranking = [{ id: 1, score: 0.5 }];
    const classes = [{ label: "cat", score: 0.9, box: { xmin: 1 } }];
    const cases: [unknown, unknown[]][] = [
      [{ response: { name: "A" } }, [{ type: "data", value: { name: "A" } }]],
      [{ response: ranking }, [{ type: "data", value: ranking }]],
      [{ response: 7 }, [{ type: "text", text: "7" }]],
      [
        {
          data: [
            [1, 2],
            [3, 4],
          ],
          shape: [2, 2],
        },
        [
          { type: "embedding", values: [1, 2] },
          { type: "embedding", values: [3, 4] },
        ],
      ],
      [{ image: data }, [{ type: "media", media: "image", mimeType: "image/png", data }]],
      [{ audio: "AAAAAAAAAAAAAAAAAAAA" }, [{ type: "media", media: "audio", data: "AAAAAAAAAAAAAAAAAAAA" }]],
      [{ description: "a dog" }, [{ type: "text", text: "a dog" }]],
      [{ translated_text: "chien" }, [{ type: "text", text: "chien" }]],
      [{ summary: "short" }, [{ type: "text", text: "short" }]],
      [
        { translations: ["un", "deux"] },
        [
          { type: "text", text: "un" },
          { type: "text", text: "deux" },
        ],
      ],
      [
        { text: "hi", word_count: 1, words: [{ word: "hi", start: 0 }], vtt: "WEBVTT" },
        [
          { type: "text", text: "hi" },
          { type: "data", value: { word_count: 1, words: [{ word: "hi", start: 0 }], vtt: "WEBVTT" } },
        ],
      ],
      [classes, [{ type: "data", value: classes }]],
    ];
    for (const [result, parts] of cases) {
      const read = run({ result, success: true });
      assert.equal(read.format, "workers-ai");
      assert.deepEqual(partsOf(read), parts);
      assert.equal(read.complete, true);
    }
    const channels = [{ alternatives: [{ transcript: "hello", words: [] }] }];
    assert.equal(textOf(run({ results: { channels } }).answers[0]), "hello");
  });

  it("a batch gives an answer each", () => {
    const read = run({
      responses: [
        { id: 0, result: { response: "one" }, success: true, external_reference: "x" },
        { id: 1, result: { data: [[1]], shape: [1, 1] }, success: true },
        { id: 2, success: false, error: "too long" },
      ],
      usage: { total_tokens: 3 },
    });
    assert.deepEqual(read.answers[0], {
      role: "assistant",
      parts: [{ type: "text", text: "one" }],
      details: { id: 0, success: true, external_reference: "x" },
    });
    assert.deepEqual(read.answers[1]?.parts, [{ type: "embedding", values: [1] }]);
    assert.deepEqual(read.answers[2]?.details, { id: 2, success: false, error: "too long" });
    assert.deepEqual(read.usage, { tokensTotal: 3 });
  });

  it("a binary image and an error are known by the address", () => {
    const image = run(new Uint8Array(PNG), { prompt: "a dot" }, { responseContentType: "image/png" });
    assert.equal(image.format, "workers-ai");
    assert.equal(partsOf(image)[0]?.type, "media");
    const failed = run({ errors: [{ message: "no such model", code: 5007 }], success: false }, { prompt: "p" });
    assert.deepEqual([failed.format, failed.error?.message, failed.error?.code], ["workers-ai", "no such model", 5007]);
    assert.deepEqual(failed.answers, []);
  });

  it("an answer like OpenAI's is read as that", () => {
    const choices = [{ index: 0, message: { role: "assistant", content: "Moo" }, finish_reason: "stop" }];
    const read = run({ result: { object: "chat.completion", choices }, success: true });
    assert.deepEqual([read.format, textOf(read.answers[0])], ["openai-chat", "Moo"]);
    assert.equal(read.messages[0]?.role, "user");
  });

  it("without the address only what is unmistakable", () => {
    const elsewhere = (response: unknown) => run(response, {}, { provider: "custom-x", path: "v1/do" }).format;
    assert.equal(elsewhere({ response: "a", usage: { prompt_tokens: 1 } }), "workers-ai");
    assert.equal(elsewhere({ shape: [1, 1], data: [[1]] }), "workers-ai");
    assert.equal(elsewhere({ response: "a", status: 200 }), "unknown");
    assert.equal(elsewhere({ text: "a" }), "unknown");
  });
});

describe("Workers AI's streams", () => {
  const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 };
  const chunks = [
    { response: "It", p: "abc" },
    { response: " is ", usage: { prompt_tokens: 2, completion_tokens: 1 } },
    { response: 42, p: "abcdef" },
    { response: "", usage },
  ];

  it("joins the pieces, numbers among them, drops the padding and takes the last usage", () => {
    for (const end of ["data: [DONE]\n\n", "[DONE]\n"]) {
      const read = run(sse(chunks, end));
      assert.deepEqual(partsOf(read), [{ type: "text", text: "It is 42" }]);
      assert.deepEqual(read.usage, { tokensIn: 2, tokensOut: 3, tokensTotal: 5 });
      assert.deepEqual(read.envelope, { usage });
      assert.equal(read.complete, true);
    }
  });

  it("is the same stored as a list, assembled or not", () => {
    for (const stored of [chunks, { streamed_data: chunks }, { response: "It is 42", streamed_data: chunks, usage }]) {
      const read = run(stored);
      assert.deepEqual([read.format, textOf(read.answers[0]), read.complete], ["workers-ai", "It is 42", true]);
      assert.deepEqual(read.usage, { tokensIn: 2, tokensOut: 3, tokensTotal: 5 });
    }
  });

  it("cut anywhere says less, never something else", () => {
    const whole = sse(chunks, "data: [DONE]\n\n");
    for (let end = sse(chunks.slice(0, 1)).length; end < whole.length - 16; end++) {
      const read = run(whole.slice(0, end));
      assert.ok("It is 42".startsWith(textOf(read.answers[0])), String(end));
      assert.ok(!read.complete || end >= sse(chunks).length - 1, String(end));
    }
  });

  it("an object in JSON mode", () => {
    assert.deepEqual(partsOf(run(sse([{ response: { a: 1 } }], "[DONE]"))), [{ type: "data", value: { a: 1 } }]);
  });

  it("calls in both shapes, whole and in pieces", () => {
    const pieces = [
      { tool_calls: [{ id: "c", type: "function", index: 0, function: { name: "f", arguments: '{"a"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] },
      { tool_calls: [{ id: null, index: 1, function: { name: null, arguments: "" } }] },
      { finish_reason: "tool_calls" },
    ];
    const read = run(sse(pieces, "data: [DONE]\n\n"));
    assert.deepEqual(read.answers, [
      {
        role: "assistant",
        parts: [{ type: "toolCall", name: "f", id: "c", arguments: { a: 1 } }],
        finishReason: "tool_calls",
      },
    ]);
    const flat = run(sse([{ response: "", tool_calls: [{ name: "g", arguments: { b: 2 } }] }], "data: [DONE]\n\n"));
    assert.deepEqual(partsOf(flat), [{ type: "toolCall", name: "g", arguments: { b: 2 } }]);
  });

  it("OpenAI's chunks with an event of this interface at the end", () => {
    const mixed = [
      { object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "Hel" } }], p: "x" },
      { object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "lo" }, finish_reason: "stop" }] },
      { response: "", usage: { ...usage, neurons: 1.5 } },
    ];
    const read = run(sse(mixed, "data: [DONE]\n\n"));
    assert.deepEqual([read.format, textOf(read.answers[0])], ["openai-chat", "Hello"]);
    assert.deepEqual(read.usage, { tokensIn: 2, tokensOut: 3, tokensTotal: 5 });
    assert.equal(read.complete, true);
  });

  it("keeps what is no event of it", () => {
    const parts = partsOf(run(sse([{ response: "a" }, [1]], "data: [DONE]\n\n")));
    assert.deepEqual(parts, [
      { type: "text", text: "a" },
      { type: "unknown", value: [1] },
    ]);
  });
});

describe("Workers AI beside other formats", () => {
  const address = { provider: "workers-ai", path: "@cf/openai/gpt-oss-20b" };

  it("a request of OpenAI's responses that is answered natively", () => {
    const { format, messages, answers } = read(
      { success: true, result: { response: "Yo" } },
      { input: [{ role: "user", content: "Hi" }] },
      address,
    );
    assert.deepEqual([format, textOf(messages[0]), textOf(answers[0])], ["workers-ai", "Hi", "Yo"]);
  });

  it("an error is no description", () => {
    const failure = { internalCode: 3036, message: "Too much", name: "AiError", description: "d" };
    const { error, answers } = read(failure, { prompt: "Hi" }, { ...address, statusCode: 429 });
    assert.deepEqual([error?.message, answers], ["Too much", []]);
  });

  it("the whole answer stored as a text", () => {
    const stored = JSON.stringify(JSON.stringify({ success: true, result: { response: "Yo" } }));
    assert.equal(textOf(read(stored, { prompt: "Hi" }, address).answers[0]), "Yo");
  });

  it("does not take the beginning of another format's stream for its own", () => {
    const cut = '[{"response":{"id":"resp_1","output":[{"type":"mess';
    assert.notEqual(read(cut, null, { provider: "custom-x", path: "x" }).format, "workers-ai");
  });
});
