import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

const QUERY = { text: "birth year", generation_id: "q" };
const RESULT = { search_query: QUERY, document_ids: ["d1"], connector: { id: "web-search" } };
const DOCUMENT = { id: "d1", title: "A life", url: "https://example.com/life", snippet: "Born 1642" };
const CITATION = { start: 0, end: 4, text: "1642", document_ids: ["d1", "gone"] };
const META = { tokens: { input_tokens: 5, output_tokens: 2 }, billed_units: { input_tokens: 1, output_tokens: 2 } };
const WHOLE = {
  response_id: "r",
  generation_id: "g",
  text: "1642.",
  citations: [CITATION],
  documents: [DOCUMENT],
  search_queries: [QUERY],
  search_results: [RESULT],
  finish_reason: "COMPLETE",
  meta: META,
};
const STREAM: Record<string, unknown>[] = [
  { is_finished: false, event_type: "stream-start", generation_id: "g" },
  { is_finished: false, event_type: "search-queries-generation", search_queries: [QUERY] },
  { is_finished: false, event_type: "search-results", search_results: [RESULT], documents: [DOCUMENT] },
  { is_finished: false, event_type: "text-generation", text: "16" },
  { is_finished: false, event_type: "text-generation", text: "42." },
  { is_finished: false, event_type: "citation-generation", citations: [CITATION] },
  { is_finished: true, event_type: "stream-end", response: WHOLE, finish_reason: "COMPLETE" },
];

function readV1(
  response: unknown,
  request: unknown = { message: "Hi" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return read(response, request, { provider: "cohere", path: "v1/chat", ...rest });
}

const lines = (events: unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");

test("a request: preamble, history, question, and the results of its tools", () => {
  const call = { name: "find", parameters: { q: "a" } };
  const { messages, tools, settings } = readV1(WHOLE, {
    preamble: "Be brief",
    chat_history: [
      { role: "USER", message: "Who?" },
      { role: "CHATBOT", message: "Newton", tool_calls: [call] },
      { role: "TOOL", tool_results: [{ call, outputs: [{ a: 1 }] }] },
      { role: "SYSTEM", message: "Careful" },
    ],
    message: "When?",
    tool_results: [{ call: { ...call, generation_id: "g" }, outputs: [{ b: 2 }, "text"] }],
    tools: [{ name: "find", description: "Finds", parameter_definitions: { q: { type: "str", required: true } } }],
    connectors: [{ id: "web-search" }],
    documents: [{ title: "T" }],
  });
  assert.deepEqual(messages, [
    { role: "system", parts: [{ type: "text", text: "Be brief" }] },
    { role: "user", parts: [{ type: "text", text: "Who?" }] },
    {
      role: "assistant",
      parts: [
        { type: "text", text: "Newton" },
        { type: "toolCall", name: "find", arguments: { q: "a" } },
      ],
    },
    {
      role: "tool",
      parts: [
        {
          type: "toolResult",
          name: "find",
          parts: [{ type: "data", value: { a: 1 } }],
          details: { call: { parameters: { q: "a" } } },
        },
      ],
    },
    { role: "system", parts: [{ type: "text", text: "Careful" }] },
    { role: "user", parts: [{ type: "text", text: "When?" }] },
    {
      role: "tool",
      parts: [
        {
          type: "toolResult",
          name: "find",
          parts: [
            { type: "data", value: { b: 2 } },
            { type: "text", text: "text" },
          ],
          details: { call: { parameters: { q: "a" }, generation_id: "g" } },
        },
      ],
    },
  ]);
  assert.deepEqual(tools, [{ name: "find", description: "Finds", parameters: { q: { type: "str", required: true } } }]);
  assert.deepEqual(settings, { connectors: [{ id: "web-search" }], documents: [{ title: "T" }] });
});

test("an answer with what it searched for and where its citations are from", () => {
  const { answers, usage, envelope, complete } = readV1(WHOLE);
  assert.deepEqual(answers, [
    {
      role: "assistant",
      parts: [
        {
          type: "text",
          text: "1642.",
          citations: [{ ...CITATION, url: "https://example.com/life", title: "A life" }],
        },
        { type: "data", value: { search_queries: [QUERY], search_results: [RESULT] } },
      ],
      finishReason: "COMPLETE",
    },
  ]);
  assert.deepEqual(usage, { tokensIn: 5, tokensOut: 2 });
  assert.deepEqual(envelope, { response_id: "r", generation_id: "g", documents: [DOCUMENT], meta: META });
  assert.equal(complete, true);
});

test("a stream reads as its plain twin, however it is stored", () => {
  const plain = readV1(WHOLE);
  for (const stored of [lines(STREAM), { streamed_data: STREAM }, STREAM]) assert.deepEqual(readV1(stored), plain);
});

test("a stream cut anywhere is a beginning and not complete", () => {
  const whole = lines(STREAM);
  const end = whole.indexOf(JSON.stringify(STREAM.at(-1))) + JSON.stringify(STREAM.at(-1)).length;
  for (let length = 10; length < end; length += 7) {
    const { answers, complete } = readV1(whole.slice(0, length));
    assert.ok("1642.".startsWith(textOf(answers[0])), `at ${length}`);
    assert.equal(complete, false, `at ${length}`);
  }
  const [answer] = readV1(lines(STREAM.slice(0, 6))).answers;
  assert.deepEqual(answer?.parts, readV1(WHOLE).answers[0]?.parts);
});

test("calls that come in pieces", () => {
  const events = [
    { is_finished: false, event_type: "tool-calls-chunk", text: "I " },
    { is_finished: false, event_type: "tool-calls-chunk", text: "will" },
    { is_finished: false, event_type: "tool-calls-chunk", tool_call_delta: { name: "find", index: 0 } },
    { is_finished: false, event_type: "tool-calls-chunk", tool_call_delta: { index: 0, parameters: '{"q":' } },
    { is_finished: false, event_type: "tool-calls-chunk", tool_call_delta: { index: 0, parameters: '"a"}' } },
    {
      is_finished: false,
      event_type: "tool-calls-generation",
      text: "I will",
      tool_calls: [{ name: "find", parameters: { q: "a" } }],
    },
  ];
  const parts = [
    { type: "text", text: "I will" },
    { type: "toolCall", name: "find", arguments: { q: "a" } },
  ];
  assert.deepEqual(readV1(lines(events)).answers[0]?.parts, parts);
  assert.deepEqual(readV1(lines(events.slice(0, 5))).answers[0]?.parts, parts);
  assert.deepEqual(readV1(lines(events.slice(0, 4))).answers[0]?.parts[1], {
    type: "toolCall",
    name: "find",
    arguments: '{"q":',
  });
});

test("without an address the shape tells", () => {
  const rest = { provider: "custom-x", path: "" };
  const { format, messages, answers } = readV1(WHOLE, { message: "Hi" }, rest);
  assert.equal(format, "cohere-chat");
  assert.equal(textOf(messages[0]), "Hi");
  assert.equal(textOf(answers[0]), "1642.");
  assert.equal(textOf(readV1(lines(STREAM), { message: "Hi" }, rest).answers[0]), "1642.");
});

test("what is not known, or of the wrong type, is kept", () => {
  const { messages, answers } = readV1(
    { text: "x", tool_calls: [1], mood: "good" },
    { message: "Hi", chat_history: [2, { role: "KING", message: { a: 1 } }], tool_results: [3] },
  );
  assert.deepEqual(answers[0]?.parts, [
    { type: "text", text: "x" },
    { type: "unknown", value: 1 },
  ]);
  assert.deepEqual(messages, [
    { role: "user", parts: [{ type: "unknown", value: 2 }] },
    { role: "user", parts: [{ type: "unknown", value: { a: 1 } }], details: { role: "KING" } },
    { role: "user", parts: [{ type: "text", text: "Hi" }] },
    { role: "tool", parts: [{ type: "unknown", value: 3 }] },
  ]);
});
