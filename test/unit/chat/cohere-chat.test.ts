import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, sse, textOf } from "./exchange.ts";

const USAGE = {
  billed_units: { input_tokens: 2, output_tokens: 3 },
  tokens: { input_tokens: 20, output_tokens: 30, reasoning_tokens: 10 },
  cached_tokens: 16,
};

function readCohere(
  response: unknown,
  request: unknown = { model: "m", messages: [{ role: "user", content: "Hi" }] },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return read(response, request, { provider: "cohere", path: "v2/chat", ...rest });
}

function answer(message: object, rest: object = {}): object {
  return { id: "1", message: { role: "assistant", ...message }, finish_reason: "COMPLETE", ...rest };
}

test("a plain exchange: the model's own counts before the billed ones", () => {
  const content = [{ type: "text", text: "Hello" }];
  const conversation = readCohere(answer({ content }, { usage: USAGE, logprobs: [{ text: "H", token_ids: [1] }] }), {
    model: "m",
    messages: [
      { role: "system", content: "Be brief" },
      {
        role: "user",
        content: [
          { type: "text", text: "What?" },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        ],
      },
    ],
    documents: ["A document"],
    response_format: { type: "json_object" },
  });
  assert.deepEqual(conversation, {
    format: "cohere-chat",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief" }] },
      {
        role: "user",
        parts: [
          { type: "text", text: "What?" },
          { type: "media", media: "image", url: "https://example.com/a.png" },
        ],
      },
    ],
    answers: [
      {
        role: "assistant",
        parts: [{ type: "text", text: "Hello" }],
        finishReason: "COMPLETE",
        details: { logprobs: [{ text: "H", token_ids: [1] }] },
      },
    ],
    tools: [],
    settings: { documents: ["A document"], response_format: { type: "json_object" } },
    model: "m",
    usage: { tokensIn: 20, tokensOut: 30, tokensCached: 16, tokensReasoning: 10 },
    envelope: { id: "1", usage: USAGE },
    complete: true,
  });
});

test("a plan, calls and their results with documents", () => {
  const call = { id: "c1", type: "function", function: { name: "find", arguments: '{"q":"a"}' } };
  const conversation = readCohere(answer({ tool_plan: "I will find it.", tool_calls: [call] }), {
    messages: [
      { role: "assistant", content: [{ type: "text", text: "" }], tool_plan: "First.", tool_calls: [call] },
      {
        role: "tool",
        tool_call_id: "c1",
        content: [
          { type: "document", document: { id: "d", data: { text: "Found", title: "T", url: "https://example.com" } } },
          { type: "document", document: { id: "e", data: { output: "5" } } },
          { type: "document", document: { data: "Plain" } },
          { type: "text", text: "More" },
        ],
      },
    ],
    tools: [{ type: "function", function: { name: "find", description: "Finds", parameters: { type: "object" } } }],
  });
  assert.deepEqual(conversation.tools, [{ name: "find", description: "Finds", parameters: { type: "object" } }]);
  assert.deepEqual(conversation.messages, [
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "First." },
        { type: "toolCall", id: "c1", name: "find", arguments: { q: "a" } },
      ],
    },
    {
      role: "tool",
      parts: [
        {
          type: "toolResult",
          id: "c1",
          name: "find",
          parts: [
            { type: "text", text: "Found", details: { document: { id: "d", title: "T", url: "https://example.com" } } },
            { type: "data", value: { output: "5" }, details: { document: { id: "e" } } },
            { type: "text", text: "Plain" },
            { type: "text", text: "More" },
          ],
        },
      ],
    },
  ]);
  assert.deepEqual(conversation.answers[0]?.parts, [
    { type: "reasoning", text: "I will find it." },
    { type: "toolCall", id: "c1", name: "find", arguments: { q: "a" } },
  ]);
});

test("citations go to what they are of: a text by its index, the plan, a thought", () => {
  const sources = [{ type: "document", id: "d", document: { title: "T", url: "https://example.com", text: "…" } }];
  const { answers } = readCohere(
    answer({
      tool_plan: "Plan",
      content: [
        { type: "thinking", thinking: "Thought" },
        { type: "text", text: "One" },
        { type: "text", text: "Two" },
      ],
      citations: [
        { start: 0, end: 3, text: "One", sources, type: "TEXT_CONTENT", content_index: 1 },
        { start: 0, end: 3, text: "Two", sources: [] },
        { start: 0, end: 4, text: "Plan", type: "PLAN" },
        { start: 0, end: 7, text: "Thought", type: "THINKING_CONTENT", content_index: 0 },
      ],
    }),
  );
  assert.deepEqual(answers[0]?.parts, [
    { type: "reasoning", text: "Plan", details: { citations: [{ text: "Plan", start: 0, end: 4, type: "PLAN" }] } },
    {
      type: "reasoning",
      text: "Thought",
      details: { citations: [{ text: "Thought", start: 0, end: 7, type: "THINKING_CONTENT", content_index: 0 }] },
    },
    {
      type: "text",
      text: "One",
      citations: [
        {
          text: "One",
          url: "https://example.com",
          title: "T",
          start: 0,
          end: 3,
          sources,
          type: "TEXT_CONTENT",
          content_index: 1,
        },
      ],
    },
    { type: "text", text: "Two", citations: [{ text: "Two", start: 0, end: 3, sources: [] }] },
  ]);
});

const CITED = { start: 0, end: 5, text: "Hello", sources: [{ type: "tool", id: "c0:0", tool_output: { a: 1 } }] };
const said = (message: object): object => ({ delta: { message } });
const STREAM: Record<string, unknown>[] = [
  {
    type: "message-start",
    id: "1",
    ...said({ role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] }),
  },
  { type: "tool-plan-delta", ...said({ tool_plan: "I " }) },
  { type: "tool-plan-delta", ...said({ tool_plan: "will." }) },
  { type: "content-start", index: 0, ...said({ content: { type: "thinking", thinking: "" } }) },
  { type: "content-delta", index: 0, ...said({ content: { thinking: "Hm" } }) },
  { type: "content-end", index: 0 },
  { type: "content-start", index: 1, ...said({ content: { type: "text", text: "" } }) },
  { type: "content-delta", index: 1, logprobs: { text: "Hel", token_ids: [1] }, ...said({ content: { text: "Hel" } }) },
  { type: "content-delta", index: 1, ...said({ content: { text: "lo" } }) },
  { type: "citation-start", index: 0, ...said({ citations: CITED }) },
  { type: "citation-end", index: 0 },
  { type: "content-end", index: 1 },
  {
    type: "tool-call-start",
    index: 0,
    ...said({ tool_calls: { id: "c1", type: "function", function: { name: "find", arguments: "" } } }),
  },
  { type: "tool-call-delta", index: 0, ...said({ tool_calls: { function: { arguments: '{"q":' } } }) },
  { type: "tool-call-delta", index: 0, ...said({ tool_calls: { function: { arguments: '"a"}' } } }) },
  { type: "tool-call-end", index: 0 },
  {
    type: "tool-call-start",
    index: 1,
    ...said({ tool_calls: { id: "c2", type: "function", function: { name: "stop", arguments: "" } } }),
  },
  { type: "tool-call-end", index: 1 },
  { type: "message-end", delta: { finish_reason: "TOOL_CALL", usage: USAGE } },
];

test("a stream reads as its plain twin, however it is stored", () => {
  const plain = readCohere(
    answer(
      {
        tool_plan: "I will.",
        content: [
          { type: "thinking", thinking: "Hm" },
          { type: "text", text: "Hello" },
        ],
        tool_calls: [
          { id: "c1", type: "function", function: { name: "find", arguments: '{"q":"a"}' } },
          { id: "c2", type: "function", function: { name: "stop", arguments: "{}" } },
        ],
        citations: [CITED],
      },
      { finish_reason: "TOOL_CALL", usage: USAGE, logprobs: [{ text: "Hel", token_ids: [1] }] },
    ),
  );
  assert.equal(plain.answers[0]?.parts.length, 5);
  const unnamed = STREAM.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join("");
  for (const stored of [sse(STREAM, "data: [DONE]\n\n"), unnamed, { streamed_data: STREAM }, STREAM]) {
    assert.deepEqual(readCohere(stored), plain);
  }
  assert.deepEqual(readCohere(sse(STREAM), undefined, { path: "", provider: "custom-x" }).answers, plain.answers);
});

test("a stream cut after any event is a beginning and not complete", () => {
  for (let count = 1; count < STREAM.length; count++) {
    const { answers, complete } = readCohere(sse(STREAM.slice(0, count)));
    assert.ok("Hello".startsWith(textOf(answers[0])), `after ${count}`);
    assert.equal(complete, false, `after ${count}`);
  }
});

test("an answer that ends in an error", () => {
  const end = { finish_reason: "ERROR", usage: {}, error: "Invalid tool", error_type: "INVALID_TOOL_GENERATION" };
  const { answers, error } = readCohere(sse([...STREAM.slice(0, 3), { type: "message-end", delta: end }]));
  assert.deepEqual(error, { message: "Invalid tool", type: "INVALID_TOOL_GENERATION" });
  assert.deepEqual(answers, [
    { role: "assistant", parts: [{ type: "reasoning", text: "I will." }], finishReason: "ERROR" },
  ]);
});

test("a refused call is an error, its request is still read", () => {
  const { format, messages, answers, error } = readCohere({ id: "1", message: "No key" }, undefined, {
    statusCode: 401,
  });
  assert.equal(format, "cohere-chat");
  assert.equal(textOf(messages[0]), "Hi");
  assert.deepEqual(answers, []);
  assert.deepEqual(error, { message: "No key", details: { id: "1" } });
});

test("what is not known, or of the wrong type, is kept", () => {
  const { answers, messages, tools } = readCohere(
    answer({ content: [3, { type: "dance" }], tool_plan: 4, citations: [{ text: "x", type: "PLAN" }], mood: "good" }),
    { messages: [5, { role: "king", content: "Hi" }], tools: ["t"] },
  );
  assert.deepEqual(answers[0]?.parts, [
    { type: "unknown", value: 3 },
    { type: "unknown", value: { type: "dance" } },
    { type: "unknown", value: { mood: "good", tool_plan: 4, citations: [{ text: "x", type: "PLAN" }] } },
  ]);
  assert.deepEqual(messages, [
    { role: "user", parts: [{ type: "unknown", value: 5 }] },
    { role: "user", parts: [{ type: "text", text: "Hi" }], details: { role: "king" } },
  ]);
  assert.deepEqual(tools, [{ name: "", parameters: "t" }]);
  const streamed = readCohere({ streamed_data: [STREAM[0], { type: "content-party", index: 0 }] });
  assert.deepEqual(streamed.answers[0]?.parts, [{ type: "unknown", value: { type: "content-party", index: 0 } }]);
});

test("keeps what stands beside a tool and in the events of a stream", () => {
  const start = { type: "message-start", id: "1", region: "r", delta: { message: { role: "assistant" } } };
  const text = { type: "content-delta", index: 0, delta: { message: { content: { text: "Hi" } }, seen: 1 } };
  const end = { type: "message-end", delta: { finish_reason: "COMPLETE" } };
  const { tools, envelope, answers, complete } = readCohere(sse([start, text, end]), {
    messages: [{ role: "user", content: "Hi" }],
    tools: [{ type: "function", strict: true, function: { name: "f" } }],
  });
  assert.deepEqual(tools, [{ name: "f", details: { strict: true } }]);
  assert.deepEqual([textOf(answers[0]), answers[0]?.finishReason, complete], ["Hi", "COMPLETE", true]);
  assert.deepEqual(envelope, { id: "1", region: "r", seen: 1 });
});
