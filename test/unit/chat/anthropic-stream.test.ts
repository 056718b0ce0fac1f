import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Part } from "../../../src/chat/conversation.ts";
import { readAnthropic, sse, textOf } from "./exchange.ts";

const message = (content: unknown, around: object = {}) => ({
  type: "message",
  role: "assistant",
  id: "msg_1",
  model: "m-1",
  content,
  stop_reason: "end_turn",
  ...around,
});
const start = (around: object = {}) => ({
  type: "message_start",
  message: { ...message([], { stop_reason: null }), usage: { input_tokens: 5, output_tokens: 1 }, ...around },
});
/** A text as is, a call by name and arguments, others by type. */
const brief = (part: Part) =>
  part.type === "text"
    ? part.text
    : part.type === "toolCall"
      ? `${part.name} ${JSON.stringify(part.arguments)}`
      : part.type;
const begin = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, part: object) => ({ type: "content_block_delta", index, delta: part });

describe("Anthropic messages: streams", () => {
  const finish = [
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
    { type: "message_stop" },
  ];
  const events = [
    start(),
    { type: "ping" },
    begin(0, { type: "thinking", thinking: "", signature: "" }),
    delta(0, { type: "thinking_delta", thinking: "h" }),
    delta(0, { type: "thinking_delta", thinking: "m" }),
    delta(0, { type: "signature_delta", signature: "s" }),
    begin(1, { type: "text", text: "" }),
    begin(2, { type: "tool_use", id: "1", name: "f", input: {} }),
    delta(1, { type: "text_delta", text: "o" }),
    delta(2, { type: "input_json_delta", partial_json: "" }),
    delta(2, { type: "input_json_delta", partial_json: '{"a":' }),
    delta(1, { type: "text_delta", text: "k" }),
    delta(1, { type: "citations_delta", citation: { type: "char_location", cited_text: "c" } }),
    delta(2, { type: "input_json_delta", partial_json: "1}" }),
    { type: "content_block_stop", index: 0 },
    begin(3, { type: "tool_use", id: "2", name: "g", input: {} }),
    ...finish,
  ];
  const parts = [
    { type: "reasoning", text: "hm", details: { signature: "s" } },
    { type: "text", text: "ok", citations: [{ type: "char_location", text: "c" }] },
    { type: "toolCall", id: "1", name: "f", arguments: { a: 1 } },
    { type: "toolCall", id: "2", name: "g", arguments: {} },
  ];

  for (const [name, response] of Object.entries({
    "as events": sse(events),
    "as events with CRLF": sse(events).replaceAll("\n", "\r\n"),
    "named by the event line only": events
      .map(({ type, ...data }) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
      .join(""),
    "as kept by the gateway, beside an empty message": { ...message(null), streamed_data: events },
    "as a list of events alone": { streamed_data: events },
  })) {
    it(`blocks side by side, ${name}`, () => {
      const conversation = readAnthropic(response);
      assert.deepEqual(conversation.answers[0]?.parts, parts);
      assert.equal(conversation.answers[0]?.finishReason, "tool_use");
      assert.equal(conversation.complete, true);
      assert.equal(conversation.format, "anthropic-messages");
      assert.deepEqual(conversation.usage, { tokensIn: 5, tokensOut: 9 });
      assert.deepEqual([conversation.model, conversation.envelope?.model], ["m", "m-1"]);
    });
  }

  it("cut short: what is there, not complete", () => {
    const stream = sse(events);
    const unstopped = readAnthropic(sse(events.slice(0, -1)));
    assert.deepEqual([unstopped.answers[0]?.parts, unstopped.complete], [parts, false]);
    const cut = readAnthropic(stream.slice(0, stream.indexOf('"text":"k"')));
    assert.deepEqual([textOf(cut.answers[0]), cut.complete], ["o", false]);
    const half = cut.answers[0]?.parts.find((part) => part.type === "toolCall");
    assert.equal(half?.arguments, '{"a":');
  });

  it("an error in between, and an unknown event", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const conversation = readAnthropic(
      sse([start(), delta(0, { type: "text_delta", text: "a" }), { type: "aura", level: 1 }, error]),
    );
    assert.deepEqual(conversation.error, { message: "Overloaded", type: "overloaded_error" });
    assert.deepEqual(conversation.answers[0]?.parts, [
      { type: "text", text: "a" },
      { type: "unknown", value: { type: "aura", level: 1 } },
    ]);
    assert.equal(conversation.complete, false);
  });

  const said = (...all: unknown[]) => readAnthropic(sse(all)).answers[0]?.parts.map(brief);

  it("blocks that the start of a message brings, and what comes of them", () => {
    const call = { type: "tool_use", id: "1", name: "f", input: { a: 1 } };
    const result = {
      type: "code_execution_tool_result",
      tool_use_id: "0",
      content: { type: "x_result", stdout: "42" },
    };
    assert.deepEqual(said(start({ content: [result, call] }), ...finish), ["toolResult", 'f {"a":1}']);
    const text = (value: string) => ({ type: "text", text: value });
    const more = delta(1, { type: "text_delta", text: "More." });
    assert.deepEqual(said(start({ content: [text("Is.")] }), begin(1, text("")), more), ["Is.", "More."]);
    // Of the same block, which is announced again, or not at all.
    const again = delta(0, { type: "input_json_delta", partial_json: '{"a":1}' });
    assert.deepEqual(said(start({ content: [call] }), begin(0, { ...call, input: {} }), again), ['f {"a":1}']);
    assert.deepEqual(said(start({ content: [text("Is")] }), delta(0, { type: "text_delta", text: " so." })), [
      "Is so.",
    ]);
  });

  it("a second message that was spliced in, after the first and in its own order", () => {
    const both = (id: string, text: string, json: string) => [
      begin(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text }),
      begin(1, { type: "tool_use", id, name: "f", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: json }),
    ];
    const twice = [start(), ...both("a", "One.", '{"d":"M'), start({ id: "msg_2" }), ...both("b", "Two.", '{"d":1}')];
    const parts = ["One.", 'f "{\\"d\\":\\"M"', "Two.", 'f {"d":1}'];
    assert.deepEqual(said(...twice, ...finish), parts);
    // The final whole adds nothing.
    const content = [
      { type: "text", text: "Two." },
      { type: "tool_use", id: "b", name: "f", input: { d: 1 } },
    ];
    assert.deepEqual(said(...twice, ...finish, message(content, { stop_reason: "tool_use" })), parts);
    assert.deepEqual(said(...twice, message(content)), parts);
  });

  it("a message that ends the stream: it fills what the events lack", () => {
    const hello = [start(), begin(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text: "Hel" })];
    const end = message([{ type: "text", text: "Hello" }]);
    const conversation = readAnthropic(sse([...hello, end]));
    assert.deepEqual(conversation.answers, [
      { role: "assistant", parts: [{ type: "text", text: "Hello" }], finishReason: "end_turn" },
    ]);
    assert.equal(conversation.complete, true);
  });

  it("why it refused, plain and streamed", () => {
    const why = { stop_reason: "refusal", stop_details: { type: "refusal", category: "c", explanation: "Not that." } };
    const refusal = [{ type: "refusal", text: "Not that.", details: { category: "c" } }];
    assert.deepEqual(readAnthropic(message([], why)).answers[0]?.parts, refusal);
    const streamed = readAnthropic(sse([start(), { type: "message_delta", delta: why }, { type: "message_stop" }]));
    assert.deepEqual([streamed.answers[0]?.parts, streamed.answers[0]?.finishReason], [refusal, "refusal"]);
    const paused = { stop_reason: "pause", stop_details: { type: "pause", explanation: "Later." } };
    assert.deepEqual(readAnthropic(message([], paused)).answers[0]?.parts, [
      { type: "data", value: { stop_details: paused.stop_details } },
    ]);
  });

  it("content null and nothing else anywhere", () => {
    const conversation = readAnthropic(message(null));
    assert.deepEqual(conversation.answers, [{ role: "assistant", parts: [], finishReason: "end_turn" }]);
    assert.equal(conversation.complete, false);
  });
});
