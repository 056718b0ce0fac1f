import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, sse, textOf } from "./exchange.ts";

const chunk = (delta: object, finish: string | null = null, index = 0) => ({
  object: "chat.completion.chunk",
  choices: [{ index, delta, finish_reason: finish }],
});
const piece = (index: number | undefined, id: string | undefined, name: string | undefined, args: string) => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), arguments: args },
});
const probable = (token: string) => ({
  choices: [{ index: 0, delta: { content: token, mood: "calm" }, logprobs: { content: [{ token }] } }],
});
const partsOf = (response: unknown) => read(response).answers[0]?.parts;

describe("OpenAI chat: streams", () => {
  it("texts, roles and finish reasons of several choices", () => {
    const conversation = read(
      sse(
        [
          chunk({ role: "assistant", content: "" }),
          chunk({ content: "b" }, null, 1),
          chunk({ content: "a" }),
          { ...chunk({ content: "a" }), nonce: "x", p: "abc" },
          chunk({}, "stop"),
          chunk({}, "length", 1),
          { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } },
        ],
        "data: [DONE]\n\n",
      ),
    );
    assert.deepEqual(conversation.answers, [
      { role: "assistant", parts: [{ type: "text", text: "aa" }], finishReason: "stop" },
      { role: "assistant", parts: [{ type: "text", text: "b" }], finishReason: "length" },
    ]);
    assert.deepEqual(conversation.usage, { tokensIn: 1, tokensOut: 2, tokensTotal: 3 });
    assert.equal(conversation.complete, true);
  });

  it("parallel tool calls by index, without one, and all numbered 0", () => {
    const both = [
      { type: "toolCall", id: "1", name: "f", arguments: { a: 1 } },
      { type: "toolCall", id: "2", name: "g", arguments: { b: 2 } },
    ];
    const streams = {
      byIndex: [
        [piece(0, "1", "f", "")],
        [piece(1, "2", "g", '{"b":')],
        [piece(0, undefined, undefined, '{"a":1}')],
        [piece(1, undefined, undefined, "2}")],
      ],
      withoutIndex: [
        [piece(undefined, "1", "f", '{"a":1}'), piece(undefined, "2", "g", '{"b":')],
        [piece(undefined, undefined, undefined, "2}")],
      ],
      allZero: [[piece(0, "1", "f", '{"a":1}')], [piece(0, "2", "g", '{"b":2}')]],
    };
    for (const [name, deltas] of Object.entries(streams)) {
      const stream = sse(deltas.map((tool_calls) => chunk({ tool_calls })));
      assert.deepEqual(partsOf(stream), both, name);
    }
  });

  it("custom tools, legacy function calls, reasoning in pieces, Mistral's thinking, audio", () => {
    assert.deepEqual(
      partsOf(
        sse([
          chunk({ tool_calls: [{ index: 0, id: "1", type: "custom", custom: { name: "run", input: "ls" } }] }),
          chunk({ tool_calls: [{ index: 0, custom: { input: " -l" } }] }),
        ]),
      ),
      [{ type: "toolCall", id: "1", name: "run", arguments: "ls -l" }],
    );
    const old = ['{"a"', ":1}"].map((text) => chunk({ function_call: { arguments: text } }));
    assert.deepEqual(partsOf(sse([chunk({ function_call: { name: "f", arguments: "" } }), ...old])), [
      { type: "toolCall", name: "f", arguments: { a: 1 } },
    ]);
    const reasoned = ["h", "m"].map((text) =>
      chunk({ reasoning: text, reasoning_details: [{ type: "reasoning.text", text, index: 0 }] }),
    );
    assert.deepEqual(partsOf(sse([...reasoned, chunk({ content: "ok" })])), [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "ok" },
    ]);
    const thinking = ["h", "m"].map((text) =>
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text }] }] }),
    );
    assert.deepEqual(partsOf(sse([...thinking, chunk({ content: "o" }), chunk({ content: "k" })])), [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "ok" },
    ]);
    const audio = ["Uk", "lG"].map((data) => chunk({ audio: { id: "a", data, transcript: "." } }));
    assert.deepEqual(partsOf(sse(audio)), [
      { type: "media", media: "audio", data: "UklG", details: { id: "a" } },
      { type: "text", text: ".." },
    ]);
  });

  it("logprobs of all chunks, fields nobody knows, chunks that are none", () => {
    const [answer] = read(`${sse([probable("a"), probable("b")])}data: what?\n\ndata: [DONE]\n\n`).answers;
    assert.deepEqual(answer?.parts, [
      { type: "text", text: "ab" },
      { type: "unknown", value: { mood: "calm" } },
      { type: "unknown", value: "what?" },
    ]);
    assert.deepEqual(answer?.details, { logprobs: { content: [{ token: "a" }, { token: "b" }] } });
  });

  it("a stream that ends without a finish reason, or within an event, is not complete", () => {
    const stream = sse([chunk({ content: "a" }), chunk({ content: "b" }), chunk({}, "stop")]);
    assert.equal(read(stream).complete, true);
    const unfinished = read(sse([chunk({ content: "a" }), chunk({ content: "b" })]));
    assert.deepEqual([textOf(unfinished.answers[0]), unfinished.complete], ["ab", false]);
    const second = stream.indexOf("data:", 10) + 30;
    const cut = read(stream.slice(0, second));
    assert.deepEqual(cut.answers, [{ role: "assistant", parts: [{ type: "text", text: "a" }] }]);
    assert.equal(cut.complete, false);
    const tail = read(`${stream}data: {"choices":[],"usage":{"prompt_to`);
    assert.deepEqual([tail.answers[0]?.finishReason, tail.complete], ["stop", false]);
    assert.equal(read(`${sse([chunk({ content: "a" })])}data: [DONE]\n\n`).complete, true);
  });

  it("texts that are sent so far, or whole once more in the end", () => {
    const said = (...pieces: string[]) =>
      textOf(read(sse([...pieces.map((content) => chunk({ content })), chunk({}, "stop")])).answers[0]);
    assert.equal(said("It is", "It is cold in Oslo", "It is cold in Oslo today."), "It is cold in Oslo today.");
    assert.equal(said("It is cold", "It is cold in Oslo", "It is cold in Oslo"), "It is cold in Oslo");
    assert.equal(said("", "A", "A cat", "A cat sat."), "A cat sat.");
    const last = sse([
      chunk({ content: "It is " }),
      chunk({ content: "cold." }),
      chunk({ content: "It is cold." }, "stop"),
    ]);
    assert.equal(textOf(read(last).answers[0]), "It is cold.");
    // Repetitions, and pieces with the previous one's beginning by chance.
    assert.equal(said("ha", "haha", "ha"), "hahahaha");
    assert.equal(said("ha", "haha"), "hahaha");
    assert.equal(said("No", "No one", " came"), "NoNo one came");
    const thought = ["So it", "So it is", "So it is then"].map((reasoning) => chunk({ reasoning }));
    assert.deepEqual(partsOf(sse(thought)), [{ type: "reasoning", text: "So it is then" }]);
  });

  it("Groq's own tools, once each, and its errors", () => {
    const search = (rest: object) => ({ type: "search", arguments: '{"q":1}', ...rest });
    const begun = [chunk({ executed_tools: [search({ index: 0, output: "", search_results: { results: [] } })] })];
    const ended = [
      chunk({ executed_tools: [search({ index: 0, output: "Found", search_results: { results: [1] } })] }),
    ];
    assert.deepEqual(partsOf(sse([...begun, ...ended])), [
      { type: "toolCall", name: "search", arguments: { q: 1 } },
      {
        type: "toolResult",
        name: "search",
        parts: [{ type: "text", text: "Found" }],
        details: { search_results: { results: [1] } },
      },
    ]);
    const both = ["a", "b", "a", "b"].map((id) => chunk({ executed_tools: [search({ id })] }));
    assert.equal(partsOf(sse(both))?.filter(({ type }) => type === "toolCall").length, 2);
    for (const error of ["Over capacity", { message: "Over capacity" }]) {
      const failed = read(sse([chunk({ content: "a" }), { choices: [], x_groq: { id: "x", error } }]));
      assert.deepEqual([failed.error?.message, failed.complete], ["Over capacity", false]);
    }
  });

  it("a whole message in the end: it wins for what it holds, the deltas fill the rest", () => {
    const call = { id: "1", type: "function", function: { name: "f", arguments: '{"a":1}' } };
    const end = (message: object) => ({
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop" }],
    });
    const deltas = [
      chunk({ reasoning: "Hm." }),
      chunk({ content: "Helo" }),
      chunk({ tool_calls: [{ index: 0, ...call }] }),
    ];
    const parts = [
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hello" },
      { type: "toolCall", id: "1", name: "f", arguments: { a: 1 } },
    ];
    for (const message of [
      { content: "Hello" },
      { content: "Hello", tool_calls: [call] },
      { content: "Hello", tool_calls: [{ ...call, function: { name: "f", arguments: "" } }] },
      { content: "Hello", reasoning: "Hm.", tool_calls: [{ ...call, id: undefined }] },
    ]) {
      const conversation = read(sse([...deltas, end(message)]));
      assert.deepEqual(conversation.answers[0]?.parts, parts);
      assert.deepEqual([conversation.answers[0]?.finishReason, conversation.complete], ["stop", true]);
    }
  });

  it("an error at the end of a stream that began well", () => {
    const error = { error: { message: "Overloaded", type: "server_error", code: 503, hint: "later" } };
    const conversation = read(`${sse([chunk({ content: "a" })])}event: error\ndata: ${JSON.stringify(error)}\n\n`);
    assert.deepEqual(conversation.error, {
      message: "Overloaded",
      type: "server_error",
      code: 503,
      details: { hint: "later" },
    });
    assert.equal(textOf(conversation.answers[0]), "a");
    assert.equal(conversation.complete, false);
  });
});

describe("OpenAI chat: as the gateway stores streams", () => {
  const chunks = [chunk({ role: "assistant", content: "a" }), chunk({ content: "b" }), chunk({}, "stop")];
  const answer = { role: "assistant", parts: [{ type: "text", text: "ab" }], finishReason: "stop" };
  const forms = {
    "the text in delta": { choices: [{ delta: { role: "assistant", content: "ab" }, finish_reason: "stop" }] },
    "delta, with the chunks": { choices: [{ delta: { content: "ab" } }], streamed_data: chunks },
    "message, with the chunks": { choices: [{ message: { content: "ab" } }], streamed_data: chunks },
    "message empty, the text in the chunks": {
      choices: [{ message: { role: "assistant", content: null, tool_calls: null } }],
      streamed_data: chunks,
    },
    "only the chunks": { id: "c", streamed_data: chunks },
    "an array of chunks": chunks,
    "within a result": { success: true, result: { choices: [{ message: { content: "ab" }, finish_reason: "stop" }] } },
    "within a result that is text": { success: true, result: JSON.stringify({ streamed_data: chunks }) },
    "events within a JSON text": JSON.stringify(sse(chunks)),
    "one JSON a line": chunks.map((one) => JSON.stringify(one)).join("\n"),
    "events with no blank lines between": chunks.map((one) => `data: ${JSON.stringify(one)}`).join("\n"),
    "events with CRLF and comments": `: hello\r\n\r\n${sse(chunks).replaceAll("\n", "\r\n")}data: [DONE]\r\n\r\n`,
    "an event on several lines": `data: {"choices":\ndata: [{"index":0,"delta":{"content":"ab"},"finish_reason":"stop"}]}\n\n`,
  };
  for (const [name, form] of Object.entries(forms)) {
    it(name, () => {
      const conversation = read(form, undefined, { responseContentType: "image/png" });
      assert.deepEqual(conversation.answers, [answer]);
      assert.equal(conversation.complete, true);
      assert.equal(conversation.format, "openai-chat");
    });
  }

  it("content null and nothing else anywhere: an answer without parts, not complete", () => {
    const stored = {
      choices: [{ message: { role: "assistant", content: null, tool_calls: null }, finish_reason: "stop" }],
    };
    const conversation = read(stored);
    assert.deepEqual(conversation.answers, [{ role: "assistant", parts: [], finishReason: "stop" }]);
    assert.equal(conversation.complete, false);
  });

  it("a merged delta that keeps the text and drops the tool calls: the chunks know more", () => {
    const call = { index: 0, id: "1", function: { name: "f", arguments: "{}" } };
    const streamed_data = [chunk({ content: "ab" }), chunk({ tool_calls: [call] }, "tool_calls")];
    const { answers } = read({ choices: [{ delta: { content: "ab" } }], streamed_data });
    assert.deepEqual(answers[0]?.parts, [
      { type: "text", text: "ab" },
      { type: "toolCall", id: "1", name: "f", arguments: {} },
    ]);
  });

  it("a merged delta of a stream that never finished", () => {
    assert.equal(read({ choices: [{ delta: { content: "a" }, finish_reason: null }] }).complete, false);
    const streamed_data = [chunk({ content: "a" })];
    assert.equal(read({ choices: [{ delta: { content: "a" } }], streamed_data }).complete, false);
  });
});
