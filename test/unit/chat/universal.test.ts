import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

const step = (provider: string, endpoint: string, query: unknown) => ({
  provider,
  endpoint,
  headers: { "content-type": "application/json" },
  query,
});
const claude = step("anthropic", "v1/messages", {
  model: "claude",
  system: "Be kind.",
  messages: [{ role: "user", content: "Hi, Claude" }],
});
const gpt = step("openai", "chat/completions", { model: "gpt", messages: [{ role: "user", content: "Hi, GPT" }] });
const request = [claude, gpt];
const completion = { choices: [{ message: { role: "assistant", content: "ok" }, finish_reason: "stop" }] };

const shown = (rest: Partial<RecordedExchange>, response: unknown = completion) => read(response, request, rest);

describe("a universal call", () => {
  it("shows the step that the log is about, and lists the others", () => {
    const conversation = shown({ provider: "openai", path: "chat/completions", model: "gpt" });
    assert.equal(conversation.format, "openai-chat");
    assert.equal(textOf(conversation.messages[0]), "Hi, GPT");
    assert.equal(textOf(conversation.answers[0]), "ok");
    assert.equal(conversation.model, "gpt");
    assert.deepEqual(conversation.steps, [
      { provider: "anthropic", path: "v1/messages", shown: false, request: claude },
      { provider: "openai", path: "chat/completions", shown: true, request: gpt },
    ]);
    assert.equal(conversation.complete, true);
  });

  it("tells the step by provider, model or path, else takes the first", () => {
    for (const [rest, text] of [
      [{ provider: "anthropic", path: "" }, "Hi, Claude"],
      [{ provider: "universal", path: "", model: "gpt" }, "Hi, GPT"],
      [{ provider: "universal", path: "openai/chat/completions" }, "Hi, GPT"],
      [{ provider: "universal", path: "" }, "Hi, Claude"],
    ] as const) {
      assert.equal(textOf(shown(rest, null).messages.at(-1)), text, JSON.stringify(rest));
    }
  });

  it("that failed as a whole tells the gateway's error beside the first step", () => {
    const failure = { success: false, error: [{ code: 2001, message: "No such gateway" }] };
    const conversation = shown({ provider: "universal", path: "", statusCode: 400 }, failure);
    assert.equal(conversation.error?.message, "No such gateway");
    assert.equal(conversation.format, "anthropic-messages");
    assert.equal(conversation.steps?.length, 2);
  });

  it("of one request alone, as Workers may send it", () => {
    const { steps, messages } = read(completion, claude, { provider: "anthropic", path: "" });
    assert.deepEqual([steps?.length, textOf(messages.at(-1))], [1, "Hi, Claude"]);
  });

  it("an array of anything else is none", () => {
    for (const other of [[], [1], [{ provider: "openai" }], [claude, { query: {} }]]) {
      const conversation = read(completion, other);
      assert.equal(conversation.steps, undefined);
      assert.deepEqual(conversation.messages[0]?.parts, [{ type: "unknown", value: other }]);
    }
  });
});
