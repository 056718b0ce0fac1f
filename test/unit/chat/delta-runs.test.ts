import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseServerSentEvents } from "../../../src/chat/stream/events.ts";
import { read, readAnthropic, sse } from "./exchange.ts";

const TEXTS = [
  "a",
  "",
  " b",
  'q"q',
  "\\",
  "\\n",
  "\n\n",
  "data: x\n\n",
  "😀",
  "\u2028",
  "\u0001",
  "日本",
  '"}}',
  "a".repeat(5000),
];

const chunk = (delta: object, rest: object = {}) => ({
  id: "c",
  object: "chat.completion.chunk",
  model: "m",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...rest }],
  usage: null,
});
const call = (argumentsPiece: string, head: object = {}) =>
  chunk({ tool_calls: [{ index: 0, function: { arguments: argumentsPiece }, ...head }] });
const padded = (value: object, length: number) => ({ ...value, obfuscation: "x".repeat(length) });

const chats: Record<string, object[]> = {
  texts: TEXTS.map((content) => chunk({ content })),
  "texts with their role": TEXTS.map((content) => chunk({ role: "assistant", content })),
  reasoning: TEXTS.flatMap((text) => [chunk({ reasoning_content: text }), chunk({ reasoning_content: text })]),
  "tool calls": [
    call("", { id: "1", type: "function", function: { name: "f", arguments: "" } }),
    ...['{"a":', '"x\\', '"y', '"}'].map((piece) => call(piece)),
  ],
  "texts with padding": TEXTS.map((content, index) => padded(chunk({ content }), index)),
  "texts whose log probabilities are said with each": ["a", "a", "a"].map((content) =>
    chunk({ content }, { logprobs: { content: [{ token: content }] } }),
  ),
  "two choices in turn": TEXTS.flatMap((content) => [chunk({ content }), chunk({ content }, { index: 1 })]),
  "usage with each": ["a", "b"].map((content) => ({ ...chunk({ content }), usage: { completion_tokens: 1 } })),
};

const delta = (index: number, value: object) => ({ type: "content_block_delta", index, delta: value });
const blocks = [
  { type: "message_start", message: { type: "message", role: "assistant", content: [], usage: { input_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
  ...TEXTS.map((thinking) => delta(0, { type: "thinking_delta", thinking })),
  delta(0, { type: "signature_delta", signature: "s" }),
  delta(0, { type: "signature_delta", signature: "s" }),
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  ...TEXTS.map((text) => delta(1, { type: "text_delta", text })),
  { type: "content_block_start", index: 2, content_block: { type: "tool_use", id: "1", name: "f", input: {} } },
  ...['{"a":', '"x\\', '"y', '"}'].map((piece) => delta(2, { type: "input_json_delta", partial_json: piece })),
  { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];

/** Events of the Responses API, numbered from so many on. */
const numbered = (first: number, events: { type: string; [field: string]: unknown }[]) =>
  events.map(({ type, ...rest }, index) => ({ type, sequence_number: first + index, ...rest }));
const responses = (first: number, place: object = { content_index: 0 }) => {
  const said = (type: string, own: object) =>
    TEXTS.map((text, index) => ({
      type: `response.${type}.delta`,
      ...own,
      delta: text,
      logprobs: [],
      obfuscation: "x".repeat(index),
    }));
  const call = { type: "function_call", id: "fc_1", call_id: "1", name: "f", arguments: "" };
  return numbered(first, [
    { type: "response.created", response: { id: "r", status: "in_progress", output: [] } },
    ...said("reasoning_summary_text", { item_id: "rs_1", output_index: 0, summary_index: 0 }),
    ...said("output_text", { item_id: "msg_1", output_index: 1, ...place }),
    { type: "response.output_item.added", output_index: 2, item: call },
    ...['{"a":', '"x\\', '"y', '"}'].map((piece) => ({
      type: "response.function_call_arguments.delta",
      item_id: "fc_1",
      output_index: 2,
      delta: piece,
      obfuscation: "x",
    })),
    ...said("output_text", { item_id: "msg_2", output_index: 3, ...place }),
  ]);
};

const readResponses = (response: unknown) => read(response, { model: "m", input: "Hi" }, { path: "responses" });

describe("events that only continue a text", () => {
  const finish = chunk({}, { finish_reason: "stop" });
  for (const [name, chunks] of Object.entries(chats)) {
    it(`say joined what they say one by one: ${name}`, () => {
      const all = [...chunks, finish];
      const expected = read({ streamed_data: all });
      assert.deepEqual(read(sse(all)), expected);
      assert.deepEqual(read(sse(all).replaceAll("\n", "\r\n")), expected);
      assert.deepEqual(read(sse(all).replaceAll("\n\n", "\n: still here\n\n")), expected);
    });
  }

  it("say joined what they say one by one: Anthropic's, named and not", () => {
    const expected = readAnthropic({ streamed_data: blocks });
    for (const stream of [sse(blocks), sse(blocks).replaceAll(/^event: .*\n/gm, "")]) {
      assert.deepEqual(readAnthropic(stream), expected);
    }
  });

  it("say joined what they say one by one: those of the Responses API, which are numbered", () => {
    for (const first of [0, 1, 95, 9_990]) {
      const events = responses(first);
      const expected = readResponses({ streamed_data: events });
      assert.equal(expected.answers.length > 0, true);
      assert.deepEqual(readResponses(sse(events)), expected);
      // Numbers that leave one out, or come twice, and none.
      const others = events.map((event) => ({ ...event, sequence_number: 2 * event.sequence_number }));
      assert.deepEqual(readResponses(sse(others)), expected);
      assert.deepEqual(readResponses(sse(events).replaceAll(/,"sequence_number":\d+/g, "")), expected);
      // What belongs to another place is not what goes on.
      const spread = responses(first).map((event, index) =>
        "content_index" in event ? { ...event, content_index: index % 3 } : event,
      );
      assert.deepEqual(readResponses(sse(spread)), readResponses({ streamed_data: spread }));
    }
  });

  // A model that is caught in a loop says one word over and over; what is said again is not the whole text once more.
  it("say all of a long text that only repeats itself", () => {
    for (const word of ["haha", "ha ha "]) {
      for (const length of [28_000, 31_998, 32_000, 48_000, 63_996, 64_000, 96_000]) {
        const words = Array.from({ length: Math.ceil(length / word.length) }, () => chunk({ content: word }));
        const [answer] = read(sse([...words, finish])).answers;
        const text = answer?.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
        assert.equal(text?.length, words.length * word.length);
      }
    }
  });

  it("are joined, and only they", () => {
    const count = (chunks: object[]) => parseServerSentEvents(sse(chunks)).events.length;
    const text = chunk({ content: "a" });
    assert.equal(count([text, text, text, finish]), 2);
    assert.equal(count([text, padded(text, 3), padded(text, 4), text]), 3);
    assert.equal(count(chats["texts whose log probabilities are said with each"] ?? []), 3);
    assert.equal(count([text, chunk({ content: "a" }, { index: 1 }), text]), 3);
    assert.equal(parseServerSentEvents(sse(blocks)).events.length, 11);
    assert.ok(parseServerSentEvents(sse(responses(7))).events.length < 20);
    const twice = responses(7).map((event) => ({ ...event, sequence_number: 7 }));
    assert.equal(parseServerSentEvents(sse(twice)).events.length, twice.length);
  });

  it("are left alone where one of them is no JSON", () => {
    const stream = sse([chunk({ content: "a" }), chunk({ content: "b" }), chunk({ content: "c" })]);
    for (const broken of ["\\x", "\\u12", "\t", '"', '\\"}}', "\\"]) {
      const text = stream.replace('"b"', `"${broken}"`);
      assert.notEqual(text, stream);
      const { events } = parseServerSentEvents(text);
      const lines = events.map(({ data }) => (typeof data === "string" ? data : JSON.stringify(data)));
      assert.ok(
        lines.some((line) => line.includes(broken)),
        broken,
      );
    }
  });
});
