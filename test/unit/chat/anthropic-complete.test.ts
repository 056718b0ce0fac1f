import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { readAnthropic, sse, textOf } from "./exchange.ts";

const REQUEST = { model: "c", max_tokens_to_sample: 9, prompt: "\n\nHuman: Hi\n\nAssistant:" };
const PLAIN = {
  type: "completion",
  id: "1",
  completion: " Hello you",
  stop_reason: "stop_sequence",
  model: "c-1",
  stop: "x",
};
const EVENTS = [
  { type: "completion", id: "1", completion: " Hel", stop_reason: null, model: "c-1", stop: null },
  { type: "ping" },
  { type: "completion", id: "1", completion: "lo you", stop_reason: null, model: "c-1", stop: null },
  { type: "completion", id: "1", completion: "", stop_reason: "stop_sequence", model: "c-1", stop: "x" },
];

function read(response: unknown, request: unknown = REQUEST, rest: Partial<RecordedExchange> = {}): Conversation {
  return readAnthropic(response, request, { path: "v1/complete", ...rest });
}

describe("Anthropic's text completions", () => {
  it("read the turns of a prompt", () => {
    const prompt = "Be brief.\n\nHuman: One\ntwo\n\nAssistant: Three\n\nHuman: Four\n\nAssistant: Well,";
    assert.deepEqual(
      read(PLAIN, { ...REQUEST, prompt }).messages.map((message) => [message.role, textOf(message)]),
      [
        ["system", "Be brief."],
        ["user", "One\ntwo"],
        ["assistant", "Three"],
        ["user", "Four"],
        ["assistant", "Well,"],
      ],
    );
    assert.deepEqual(read(PLAIN).messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
    assert.equal(read(PLAIN, { prompt: "No turns" }).messages[0]?.role, "user");
  });

  it("read the answer, its stop reason and the settings", () => {
    const { format, answers, settings, model, envelope, complete } = read(PLAIN);
    assert.equal(format, "anthropic-complete");
    assert.deepEqual(answers, [
      { role: "assistant", parts: [{ type: "text", text: " Hello you" }], finishReason: "stop_sequence" },
    ]);
    assert.deepEqual(settings, { max_tokens_to_sample: 9 });
    assert.equal(model, "c");
    assert.deepEqual(envelope, { id: "1", model: "c-1", stop: "x" });
    assert.equal(complete, true);
  });

  it("streamed say the same as plain, in each form the gateway stores", () => {
    const plain = read(PLAIN);
    for (const form of [sse(EVENTS), { streamed_data: EVENTS }, EVENTS, sse(EVENTS).replaceAll(/^event:.*\n/gm, "")]) {
      assert.deepEqual(read(form), plain);
    }
  });

  it("cut give a beginning and are not complete", () => {
    const { answers, complete } = read(sse(EVENTS.slice(0, 3)));
    assert.equal(textOf(answers[0]), " Hello you");
    assert.equal(complete, false);
  });

  it("give a stream's error", () => {
    const error = { type: "overloaded_error", message: "Busy" };
    const conversation = read(sse([...EVENTS.slice(0, 1), { type: "error", error }]));
    assert.deepEqual(conversation.error, { message: "Busy", type: "overloaded_error" });
    assert.deepEqual(conversation.answers[0]?.parts, [{ type: "text", text: " Hel" }]);
  });

  it("are known by their shape, Bedrock's without a type", () => {
    const bedrock = { completion: " Yes", stop_reason: "stop_sequence", stop: "x" };
    assert.equal(read(bedrock, null, { path: "x", provider: "aws-bedrock" }).format, "anthropic-complete");
    assert.equal(read(null, REQUEST, { path: "x" }).format, "anthropic-complete");
  });

  it("keep what is no completion in its place", () => {
    const { answers } = read(sse([EVENTS[0], { type: "new_event", a: 1 }]));
    assert.deepEqual(answers[0]?.parts.at(-1), { type: "unknown", value: { type: "new_event", a: 1 } });
  });
});

describe("Anthropic's count of tokens", () => {
  it("is data and usage, asked for like a message", () => {
    const request = { model: "c", system: "S", messages: [{ role: "user", content: "Hi" }] };
    const value = { input_tokens: 7, context_management: { original_input_tokens: 9 } };
    const { format, messages, answers, usage } = read(value, request, { path: "v1/messages/count_tokens?beta=true" });
    assert.equal(format, "anthropic-count-tokens");
    assert.deepEqual(
      messages.map((message) => [message.role, textOf(message)]),
      [
        ["system", "S"],
        ["user", "Hi"],
      ],
    );
    assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "data", value }] }]);
    assert.deepEqual(usage, { tokensIn: 7 });
  });
});
