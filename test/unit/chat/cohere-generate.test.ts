import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

function generate(response: unknown, request: unknown, rest: Partial<RecordedExchange> = {}): Conversation {
  return read(response, request, { provider: "cohere", path: "v1/generate", ...rest });
}

const META = { billed_units: { input_tokens: 1, output_tokens: 2 } };
const lines = (events: unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

test("several generations are several answers", () => {
  const { format, messages, answers, settings, model, usage, envelope } = generate(
    {
      id: "1",
      prompt: "Hi",
      generations: [
        { id: "a", text: "One", finish_reason: "COMPLETE" },
        { id: "b", text: "Two", likelihood: -1 },
      ],
      meta: META,
    },
    { model: "m", prompt: "Hi", num_generations: 2 },
  );
  assert.equal(format, "cohere-generate");
  assert.equal(model, "m");
  assert.deepEqual(messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
  assert.deepEqual(answers, [
    { role: "assistant", parts: [{ type: "text", text: "One" }], finishReason: "COMPLETE", details: { id: "a" } },
    { role: "assistant", parts: [{ type: "text", text: "Two" }], details: { id: "b", likelihood: -1 } },
  ]);
  assert.deepEqual(settings, { num_generations: 2 });
  assert.deepEqual(usage, { tokensIn: 1, tokensOut: 2 });
  assert.deepEqual(envelope, { id: "1", prompt: "Hi", meta: META });
});

const STREAM = [
  { text: "Hel", is_finished: false, event_type: "text-generation" },
  { text: "lo", is_finished: false, event_type: "text-generation" },
  {
    is_finished: true,
    event_type: "stream-end",
    finish_reason: "COMPLETE",
    response: { id: "1", generations: [{ id: "a", text: "Hello", finish_reason: "COMPLETE" }] },
  },
];

test("a stream reads as its plain twin; cut, it is a beginning", () => {
  const plain = generate(STREAM[2]?.response, { prompt: "Hi" });
  assert.equal(textOf(plain.answers[0]), "Hello");
  for (const stored of [lines(STREAM), { streamed_data: STREAM }]) {
    assert.deepEqual(generate(stored, { prompt: "Hi" }), plain);
  }
  for (let count = 1; count < STREAM.length; count++) {
    const { answers, complete } = generate(lines(STREAM.slice(0, count)), { prompt: "Hi" });
    assert.equal(textOf(answers[0]), "Hello".slice(0, count === 1 ? 3 : 5));
    assert.equal(complete, false);
  }
});

test("Bedrock's events have no type; each generation has its index", () => {
  const events = [
    { index: 0, is_finished: false, text: "One" },
    { index: 1, is_finished: false, text: "Two" },
    { finish_reason: "COMPLETE", is_finished: true },
  ];
  const path = "model/cohere.command-text-v14/invoke-with-response-stream";
  const { format, answers, complete } = generate(
    { streamed_data: events },
    { prompt: "Hi" },
    { provider: "aws-bedrock", path },
  );
  assert.equal(format, "cohere-generate");
  assert.deepEqual(answers.map(textOf), ["One", "Two"]);
  assert.equal(complete, true);
});

test("a stream that fails says why", () => {
  const { error, answers } = generate(
    lines([STREAM[0], { is_finished: true, event_type: "stream-error", finish_reason: "ERROR", err: "Broken" }]),
    { prompt: "Hi" },
  );
  assert.equal(error?.message, "Broken");
  assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "text", text: "Hel" }], finishReason: "ERROR" }]);
});

test("a summary", () => {
  const { messages, answers, settings } = generate(
    { id: "1", summary: "Short", meta: META },
    { text: "Long", length: "short" },
    { path: "v1/summarize" },
  );
  assert.equal(textOf(messages[0]), "Long");
  assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "text", text: "Short" }] }]);
  assert.deepEqual(settings, { length: "short" });
});
