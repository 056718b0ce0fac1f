import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange } from "./exchange.ts";

const RESULT = { flagged: true, categories: { hate: true }, category_scores: { hate: 0.9 } };

function read(response: unknown, request: unknown, rest: Partial<RecordedExchange> = {}): Conversation {
  return readExchange(response, request, { path: "v1/moderations", ...rest });
}

describe("moderations", () => {
  it("give each verdict as data", () => {
    const { format, messages, answers, envelope, model } = read(
      { id: "modr-1", model: "mod-1", results: [RESULT, { ...RESULT, flagged: false }] },
      { model: "mod", input: ["a", "b"] },
    );
    assert.equal(format, "openai-moderations");
    assert.equal(model, "mod");
    assert.deepEqual(messages, [
      {
        role: "user",
        parts: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    ]);
    assert.deepEqual(answers, [
      {
        role: "assistant",
        parts: [
          { type: "data", value: RESULT },
          { type: "data", value: { ...RESULT, flagged: false } },
        ],
      },
    ]);
    assert.deepEqual(envelope, { id: "modr-1", model: "mod-1" });
  });

  it("read texts with images", () => {
    const url = "https://host.example/a.png";
    const input = [
      { type: "text", text: "a" },
      { type: "image_url", image_url: { url } },
    ];
    assert.deepEqual(read({ results: [RESULT] }, { input }).messages[0]?.parts, [
      { type: "text", text: "a" },
      { type: "media", media: "image", url },
    ]);
  });

  it("read Mistral's chats, alone and in a list, its usage and its classifications", () => {
    const chat = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    for (const input of [chat, [chat]]) {
      const usage = { prompt_tokens: 3, total_tokens: 3, completion_tokens: 0 };
      const { messages, usage: counted } = read(
        { results: [RESULT], usage },
        { input },
        { path: "v1/chat/moderations" },
      );
      assert.deepEqual(
        messages.map(({ role, parts }) => [role, parts]),
        [
          ["user", [{ type: "text", text: "a" }]],
          ["assistant", [{ type: "text", text: "b" }]],
        ],
      );
      assert.deepEqual(counted, { tokensIn: 3, tokensOut: 0, tokensTotal: 3 });
    }
    const intent = { intent: { scores: { buy: 0.7 } } };
    const { answers } = read({ results: [intent] }, { input: "a" }, { path: "v1/classifications" });
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: intent }]);
  });

  it("are known by their shape; other results are not theirs", () => {
    assert.equal(read({ results: [RESULT] }, null, { path: "x" }).format, "openai-moderations");
    assert.equal(read({ results: [{ relevance_score: 1 }] }, null, { path: "x" }).format, "unknown");
  });
});
