import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleStream } from "../../../src/local/assemble.ts";
import { enough, traffic } from "../../traffic.ts";

type Json = Record<string, unknown>;

function assembled(stream: string): Json {
  return JSON.parse(assembleStream(stream) ?? "null") as Json;
}

const events = (...chunks: unknown[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");

test("chat chunks become one delta per choice, with usage and every chunk", () => {
  const chunk = (delta: Json, finish: string | null = null, index = 0) => ({
    id: "c",
    object: "chat.completion.chunk",
    model: "m",
    choices: [{ index, delta, finish_reason: finish }],
  });
  const call = (more: Json) => ({ tool_calls: [{ index: 0, ...more }] });
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning_content: "Let me " }),
    chunk({ reasoning_content: "think." }),
    chunk({ content: "Hel" }),
    chunk({ content: "lo 🚲" }),
    chunk({ content: "Other" }, null, 1),
    chunk(call({ id: "call_1", type: "function", function: { name: "find", arguments: "" } })),
    chunk(call({ function: { arguments: '{"a":' } })),
    chunk(call({ function: { arguments: "1}" } })),
    chunk({ tool_calls: [{ index: 1, id: "call_2", type: "function", function: { name: "book", arguments: "{}" } }] }),
    chunk({}, "tool_calls"),
    { id: "c", object: "chat.completion.chunk", model: "m", choices: [], usage: { total_tokens: 3 } },
  ];
  const whole = assembled(`: comment\n\n${events(...chunks)}data: [DONE]\n\n`);
  assert.deepEqual(whole["streamed_data"], chunks);
  assert.deepEqual(whole["usage"], { total_tokens: 3 });
  assert.equal(whole["id"], "c");
  assert.deepEqual(whole["choices"], [
    {
      index: 0,
      delta: {
        role: "assistant",
        content: "Hello 🚲",
        reasoning_content: "Let me think.",
        tool_calls: [
          { index: 0, id: "call_1", type: "function", function: { name: "find", arguments: '{"a":1}' } },
          { index: 1, id: "call_2", type: "function", function: { name: "book", arguments: "{}" } },
        ],
      },
      finish_reason: "tool_calls",
    },
    { index: 1, delta: { content: "Other" } },
  ]);
});

test("Anthropic events become the message with whole blocks", () => {
  const delta = (index: number, of: Json) => ({ type: "content_block_delta", index, delta: of });
  const whole = assembled(
    events(
      {
        type: "message_start",
        message: { id: "msg", role: "assistant", content: [], usage: { input_tokens: 5, output_tokens: 1 } },
      },
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      delta(0, { type: "thinking_delta", thinking: "m." }),
      delta(0, { type: "signature_delta", signature: "sig" }),
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
      delta(1, { type: "text_delta", text: "It " }),
      { type: "ping" },
      delta(1, { type: "text_delta", text: "works." }),
      { type: "content_block_start", index: 2, content_block: { type: "tool_use", id: "t", name: "find", input: {} } },
      delta(2, { type: "input_json_delta", partial_json: '{"q":' }),
      delta(2, { type: "input_json_delta", partial_json: '"x"}' }),
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
      { type: "message_stop" },
    ),
  );
  const { streamed_data: chunks, ...message } = whole;
  assert.equal((chunks as unknown[]).length, 15);
  assert.deepEqual(message, {
    id: "msg",
    role: "assistant",
    content: [
      { type: "thinking", thinking: "Hmm.", signature: "sig" },
      { type: "text", text: "It works." },
      { type: "tool_use", id: "t", name: "find", input: { q: "x" } },
    ],
    usage: { input_tokens: 5, output_tokens: 9 },
    stop_reason: "tool_use",
  });
});

test("Gemini, Responses and Workers AI streams, with their line ends and array forms", () => {
  const piece = (text: string, more: Json = {}) => ({
    candidates: [{ content: { parts: [{ text }], role: "model" }, ...more }],
  });
  const gemini = [piece("Bon"), piece("jour", { finishReason: "STOP" })];
  const merged = [{ index: 0, content: { role: "model", parts: [{ text: "Bonjour" }] }, finishReason: "STOP" }];
  assert.deepEqual(assembled(events(...gemini).replaceAll("\n", "\r\n"))["candidates"], merged);
  assert.deepEqual(assembled(JSON.stringify(gemini, null, 1))["candidates"], merged);
  const response = { id: "r", status: "completed", output: [{ type: "message" }] };
  const responses = assembled(
    events(
      { type: "response.created", response: { id: "r", status: "in_progress", output: [] } },
      { type: "response.output_text.delta", delta: "Hi" },
      { type: "response.completed", response },
    ),
  );
  assert.equal(responses["status"], "completed");
  assert.deepEqual(responses["output"], response.output);
  const workers = assembled(
    `${events({ response: "Hi ", p: "ab" }, { response: "there" }, { response: "", usage: { total_tokens: 2 } })}[DONE]`,
  );
  assert.equal(workers["response"], "Hi there");
  assert.deepEqual(workers["usage"], { total_tokens: 2 });
});

test("what is no stream of JSON is undefined; what is unknown keeps its chunks", () => {
  for (const text of ["", "data: [DONE]\n\n", "data: hello\n\n", "plain text", "<html>"]) {
    assert.equal(assembleStream(text), undefined, text);
  }
  assert.deepEqual(assembled('{"x":1}\n{"x":2}\n'), { streamed_data: [{ x: 1 }, { x: 2 }] });
  assert.deepEqual(assembled('data: {"x":1}\n\ndata: {"cut'), { streamed_data: [{ x: 1 }] });
});

test("no stream throws, and each keeps its chunks", () => {
  const streams = traffic().filter(({ streaming }) => streaming);
  assert.ok(streams.length > enough(100));
  for (const { id, kind, response } of streams) {
    const whole = assembleStream(response);
    if (["openai-chat", "anthropic-messages"].includes(kind)) assert.ok(whole !== undefined, id);
    if (whole === undefined) continue;
    assert.ok(((JSON.parse(whole) as Json)["streamed_data"] as unknown[]).length > 0, id);
  }
});
