import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

const interaction = (
  response: unknown,
  request: unknown = { model: "gemini-x", input: "Hi" },
  rest: Partial<RecordedExchange> = {},
) => read(response, request, { provider: "google-ai-studio", path: "v1beta/interactions", ...rest });

const usage = {
  total_input_tokens: 10,
  total_tool_use_tokens: 2,
  total_output_tokens: 3,
  total_thought_tokens: 4,
  total_cached_tokens: 1,
  total_tokens: 19,
};
const stream = (events: object[], isNamed = true) =>
  events
    .map((event) => {
      const name = isNamed && "event_type" in event ? `event: ${String(event.event_type)}\n` : "";
      return `${name}data: ${JSON.stringify(event)}\n\n`;
    })
    .join("");
const event = (event_type: string, fields: object) => ({ ...fields, event_type });

const steps = [
  { type: "thought", summary: [{ type: "text", text: "Let me see." }], signature: "sig" },
  { type: "function_call", id: "1", name: "f", arguments: { a: 1 } },
  {
    type: "model_output",
    content: [
      {
        type: "text",
        text: "Grüße!",
        annotations: [{ type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 7 }],
      },
    ],
  },
];
const said = [
  { type: "reasoning", text: "Let me see.", details: { signature: "sig" } },
  { type: "toolCall", id: "1", name: "f", arguments: { a: 1 } },
  {
    type: "text",
    text: "Grüße!",
    citations: [{ type: "url_citation", url: "https://a.example", title: "A", segments: [{ start: 0, end: 5 }] }],
  },
];
const events = [
  event("interaction.created", { interaction: { id: "i", status: "in_progress", model: "gemini-x" } }),
  event("step.start", { index: 0, step: { type: "thought" } }),
  event("step.delta", { index: 0, delta: { type: "thought_summary", content: { type: "text", text: "Let me " } } }),
  event("step.delta", { index: 0, delta: { type: "thought_summary", content: { type: "text", text: "see." } } }),
  event("step.delta", { index: 0, delta: { type: "thought_signature", signature: "sig" } }),
  event("step.stop", { index: 0 }),
  event("step.start", { index: 1, step: { type: "function_call", id: "1", name: "f", arguments: {} } }),
  event("step.delta", { index: 1, delta: { type: "arguments_delta", arguments: '{"a"' } }),
  event("step.delta", { index: 1, delta: { type: "arguments_delta", arguments: ":1}" } }),
  event("step.start", { index: 2, step: { type: "model_output" } }),
  event("step.delta", { index: 2, delta: { type: "text", text: "Grü" } }),
  event("step.delta", { index: 2, delta: { type: "text", text: "ße!" } }),
  event("step.delta", {
    index: 2,
    delta: { type: "text_annotation_delta", annotations: steps[2]?.content?.[0]?.annotations },
  }),
  event("interaction.completed", { interaction: { id: "i", status: "completed", usage } }),
];

describe("an interaction", () => {
  it("shows its steps as one answer, with its status and usage", () => {
    const conversation = interaction({
      id: "i",
      object: "interaction",
      status: "completed",
      model: "gemini-x",
      steps,
      usage,
    });
    assert.equal(conversation.format, "gemini-interactions");
    assert.deepEqual(conversation.answers, [{ role: "assistant", parts: said, finishReason: "completed" }]);
    assert.deepEqual(conversation.usage, {
      tokensIn: 12,
      tokensOut: 7,
      tokensTotal: 19,
      tokensCached: 1,
      tokensReasoning: 4,
    });
    assert.equal(conversation.envelope?.id, "i");
  });

  it("streamed says the same, whether its events are named or not", () => {
    for (const body of [stream(events), stream(events, false), events]) {
      const { answers, complete, usage: counted } = interaction(body);
      assert.deepEqual(answers, [{ role: "assistant", parts: said, finishReason: "completed" }]);
      assert.deepEqual([complete, counted?.tokensTotal], [true, 19]);
    }
    assert.equal(interaction(stream(events), null, { path: "", provider: "custom" }).format, "gemini-interactions");
  });

  it("as it first was streamed: contents without steps", () => {
    const { answers, complete } = interaction(
      stream([
        event("interaction.start", { interaction: { id: "i", status: "in_progress" } }),
        event("content.start", { index: 0, content: { type: "thought" } }),
        event("content.delta", { index: 0, delta: { type: "thought_signature", signature: "s" } }),
        event("content.start", { index: 1, content: { type: "text", text: "" } }),
        event("content.delta", { index: 1, delta: { type: "text", text: "Hel" } }),
        event("content.delta", { index: 1, delta: { type: "text", text: "lo" } }),
        event("content.stop", { index: 1 }),
        event("interaction.complete", { interaction: { id: "i", status: "completed" } }),
      ]),
    );
    assert.deepEqual(answers[0]?.parts, [
      { type: "reasoning", text: "", redacted: true, details: { signature: "s" } },
      { type: "text", text: "Hello" },
    ]);
    assert.equal(complete, true);
  });

  it("that is cut is incomplete, and reads what is there even where a step's start is missing", () => {
    const { answers, complete } = interaction(stream(events.slice(0, -3)));
    assert.deepEqual([textOf(answers[0]), complete, answers[0]?.finishReason], ["Grü", false, undefined]);
    const late = interaction(stream([events[7] ?? {}, events[8] ?? {}, events[10] ?? {}]));
    assert.deepEqual(late.answers[0]?.parts, [
      { type: "toolCall", name: "function", arguments: { a: 1 } },
      { type: "text", text: "Grü" },
    ]);
  });

  it("tells its error, and keeps an event nobody knows", () => {
    const { answers, error, complete } = interaction(
      stream([
        ...events.slice(0, 11),
        { event_type: "news", data: 1 },
        event("error", { error: { code: "internal", message: "Broke." } }),
      ]),
    );
    assert.deepEqual([error, complete], [{ message: "Broke.", code: "internal" }, false]);
    assert.deepEqual(answers[0]?.parts.at(-1), { type: "unknown", value: { event_type: "news", data: 1 } });
  });

  it("sends a text, contents, steps or turns", () => {
    const sent = (input: unknown) => interaction(null, { model: "gemini-x", input }).messages;
    assert.deepEqual(sent("Hi"), [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
    assert.deepEqual(
      sent([
        { type: "text", text: "See" },
        { type: "image", uri: "u", mime_type: "image/png" },
      ]),
      [
        {
          role: "user",
          parts: [
            { type: "text", text: "See" },
            { type: "media", media: "image", url: "u", mimeType: "image/png" },
          ],
        },
      ],
    );
    const turns = sent([
      { role: "user", content: "One" },
      { role: "model", content: [{ type: "text", text: "Two" }] },
    ]);
    assert.deepEqual(
      turns.map((message) => [message.role, textOf(message)]),
      [
        ["user", "One"],
        ["assistant", "Two"],
      ],
    );
    const history = sent([
      { type: "user_input", content: [{ type: "text", text: "Q" }] },
      ...steps.slice(0, 2),
      { type: "function_result", call_id: "1", result: [{ type: "text", text: "R" }], is_error: false },
    ]);
    assert.deepEqual(
      history.map(({ role }) => role),
      ["user", "assistant", "tool"],
    );
    assert.deepEqual(history[2]?.parts, [
      { type: "toolResult", id: "1", name: "f", isError: false, parts: [{ type: "text", text: "R" }] },
    ]);
  });

  it("pairs what Google's own tools found with their calls", () => {
    const { answers } = interaction({
      id: "i",
      status: "completed",
      steps: [
        { type: "google_search_call", id: "g", arguments: { queries: ["q"] } },
        { type: "google_search_result", call_id: "g", result: [{ search_suggestions: "<b>" }] },
        { type: "code_execution_result", call_id: "c", result: "2", is_error: false },
      ],
    });
    assert.deepEqual(answers[0]?.parts, [
      { type: "toolCall", id: "g", name: "google_search", arguments: { queries: ["q"] } },
      {
        type: "toolResult",
        id: "g",
        name: "google_search",
        parts: [{ type: "data", value: [{ search_suggestions: "<b>" }] }],
      },
      { type: "toolResult", id: "c", name: "code_execution", isError: false, parts: [{ type: "text", text: "2" }] },
    ]);
  });

  it("declares its tools, and has everything else among its settings", () => {
    const { tools, settings, messages } = interaction(null, {
      agent: "deep-research",
      input: "Hi",
      system_instruction: "Be brief.",
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" } },
        { type: "google_search" },
        { type: "mcp_server", name: "docs", url: "https://a.example" },
      ],
      generation_config: { temperature: 0 },
    });
    assert.deepEqual(tools, [
      { name: "f", description: "d", parameters: { type: "object" } },
      { name: "google_search" },
      { name: "docs", details: { type: "mcp_server", url: "https://a.example" } },
    ]);
    assert.deepEqual(settings, { agent: "deep-research", generation_config: { temperature: 0 } });
    assert.equal(messages[0]?.role, "system");
  });
});
