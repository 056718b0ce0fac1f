import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange, sse, textOf } from "./exchange.ts";

function read(
  response: unknown,
  request: unknown = { model: "m", prompt: "Once" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return readExchange(response, request, { path: "v1/completions", ...rest });
}

const PLAIN = {
  id: "c1",
  object: "text_completion",
  created: 1,
  model: "m-1",
  choices: [
    { text: " upon a time", index: 0, logprobs: null, finish_reason: "stop" },
    { text: " more", index: 1, logprobs: { tokens: [" more"], token_logprobs: [-1] }, finish_reason: "length" },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 5, total_tokens: 6, prompt_tokens_details: { cached_tokens: 1 } },
};

function chunk(text: string, index = 0, more: object = {}): object {
  return { id: "c1", object: "text_completion", created: 1, model: "m-1", choices: [{ text, index, ...more }] };
}

const CHUNKS = [
  chunk(" upon"),
  chunk(" mo", 1, { logprobs: { tokens: [" mo"], token_logprobs: [-0.5] } }),
  chunk(" a time", 0, { finish_reason: null }),
  chunk("", 0, { finish_reason: "stop" }),
  chunk("re", 1, { logprobs: { tokens: ["re"], token_logprobs: [-0.25] }, finish_reason: "length" }),
  { id: "c1", object: "text_completion", created: 1, model: "m-1", choices: [], usage: PLAIN.usage },
];

describe("legacy completions", () => {
  it("read a prompt, the settings and each choice", () => {
    const conversation = read(PLAIN, { model: "m", prompt: "Once", temperature: 0, echo: false });
    assert.equal(conversation.format, "openai-completions");
    assert.deepEqual(conversation.messages, [{ role: "user", parts: [{ type: "text", text: "Once" }] }]);
    assert.deepEqual(conversation.settings, { temperature: 0, echo: false });
    assert.equal(conversation.model, "m");
    assert.deepEqual(conversation.answers, [
      { role: "assistant", parts: [{ type: "text", text: " upon a time" }], finishReason: "stop" },
      {
        role: "assistant",
        parts: [{ type: "text", text: " more" }],
        finishReason: "length",
        details: { logprobs: { tokens: [" more"], token_logprobs: [-1] } },
      },
    ]);
    assert.deepEqual(conversation.usage, { tokensIn: 1, tokensOut: 5, tokensTotal: 6, tokensCached: 1 });
    assert.equal(conversation.envelope?.id, "c1");
    assert.equal(conversation.complete, true);
  });

  it("read several prompts, prompts in tokens, and what comes after the gap", () => {
    const partsOf = (request: object): unknown => read(PLAIN, request).messages.map((message) => message.parts);
    assert.deepEqual(partsOf({ prompt: ["a", "b"] }), [[{ type: "text", text: "a" }], [{ type: "text", text: "b" }]]);
    assert.deepEqual(partsOf({ prompt: [1, 2] }), [[{ type: "data", value: [1, 2] }]]);
    assert.deepEqual(partsOf({ prompt: [[1], [2]] }), [[{ type: "data", value: [1] }], [{ type: "data", value: [2] }]]);
    assert.deepEqual(partsOf({ prompt: "def f(", suffix: "return x" }), [
      [
        { type: "text", text: "def f(" },
        { type: "text", text: "return x", details: { field: "suffix" } },
      ],
    ]);
    assert.deepEqual(partsOf({ prompt: { odd: 1 } }), [[{ type: "unknown", value: { odd: 1 } }]]);
  });

  it("keep what other servers add to a choice", () => {
    const value = { choices: [{ text: "x", prompt_logprobs: [{ 1: 2 }], stop_reason: 7, finish_reason: "stop" }] };
    assert.deepEqual(read(value).answers[0]?.details, { prompt_logprobs: [{ 1: 2 }], stop_reason: 7 });
  });

  it("streamed say the same as plain, in each form the gateway stores", () => {
    const plain = read(PLAIN);
    const forms = [
      sse(CHUNKS, "data: [DONE]\n\n"),
      { streamed_data: CHUNKS },
      CHUNKS,
      sse(CHUNKS).replaceAll("\n", "\r\n"),
    ];
    for (const form of forms) {
      const { answers, usage, envelope, complete } = read(form);
      assert.deepEqual(answers.map(textOf), [" upon a time", " more"]);
      assert.deepEqual(
        answers.map((answer) => answer.finishReason),
        ["stop", "length"],
      );
      const logprobs = { tokens: [" mo", "re"], token_logprobs: [-0.5, -0.25] };
      assert.deepEqual(answers[1]?.details, { logprobs });
      assert.deepEqual(usage, plain.usage);
      assert.deepEqual(envelope, plain.envelope);
      assert.equal(complete, true);
    }
  });

  it("merged by the gateway are taken whole", () => {
    const { answers, usage, complete } = read({ ...PLAIN, streamed_data: CHUNKS });
    assert.deepEqual(answers.map(textOf), [" upon a time", " more"]);
    assert.equal(usage?.tokensOut, 5);
    assert.equal(complete, true);
  });

  it("stored without their text say so", () => {
    const { unstored, complete } = read({
      object: "text_completion",
      choices: [{ text: null, finish_reason: "stop" }],
    });
    assert.equal(unstored, true);
    assert.equal(complete, false);
  });

  it("cut give a beginning and are not complete", () => {
    const stream = sse([chunk(" upon"), chunk(" a"), chunk(" time"), chunk("", 0, { finish_reason: "stop" })]);
    const first = stream.indexOf("\n\n");
    for (let length = first; length < stream.indexOf('"stop"'); length += 5) {
      const { answers, complete } = read(stream.slice(0, length));
      assert.equal(complete, false, `at ${length}`);
      assert.ok(textOf(answers[0]).startsWith(" upon"), `at ${length}`);
      assert.ok(" upon a time".startsWith(textOf(answers[0])), `at ${length}`);
    }
  });

  it("are known by their shape at any address, and leave chat completions alone", () => {
    assert.equal(read(PLAIN, null, { path: "somewhere" }).format, "openai-completions");
    assert.equal(read(sse(CHUNKS), null, { path: "somewhere" }).format, "openai-completions");
    const chat = { choices: [{ index: 0, text: "x", delta: { content: "x" } }] };
    assert.equal(read(sse([chat]), null, { path: "somewhere" }).format, "openai-chat");
    assert.equal(read(null, { model: "m", prompt: "x", max_tokens: 1 }, { path: "x" }).format, "openai-completions");
  });

  it("read the prompt of a fill-in-the-middle call that is answered as a chat", () => {
    const answer = { object: "chat.completion", choices: [{ message: { role: "assistant", content: "x" } }] };
    const { messages, answers } = read(
      answer,
      { model: "m", prompt: "a", suffix: "b" },
      { path: "v1/fim/completions" },
    );
    assert.equal(textOf(messages[0]), "ab");
    assert.equal(textOf(answers[0]), "x");
  });

  it("keep what is not as it should be", () => {
    const { answers } = read({ object: "text_completion", choices: [{ text: { a: 1 }, finish_reason: 3 }, 4] });
    assert.deepEqual(answers, [
      { role: "assistant", parts: [{ type: "unknown", value: { text: { a: 1 } } }], details: { finish_reason: 3 } },
      { role: "assistant", parts: [{ type: "unknown", value: 4 }] },
    ]);
  });
});
