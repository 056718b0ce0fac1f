import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Message } from "../../../src/chat/conversation.ts";
import { bounded, LIMITS } from "../../../src/panel/bounded.ts";

const said = (role: Message["role"], text: string): Message => ({ role, parts: [{ type: "text", text }] });

function conversation(messages: Message[], answers: Message[] = []): Conversation {
  return { format: "openai-chat", messages, answers, tools: [], settings: {}, complete: true };
}

describe("bounded", () => {
  it("leaves what fits as it is", () => {
    const whole = conversation([said("system", "s"), said("user", "u")], [said("assistant", "a")]);
    assert.deepEqual(bounded(whole), { conversation: whole, shortened: false, omitted: 0 });
  });

  it("cuts one long text and says so", () => {
    const { conversation: cut, shortened } = bounded(conversation([said("user", "x".repeat(LIMITS.text + 1))]));
    assert.equal(shortened, true);
    assert.deepEqual(cut.messages, [said("user", `${"x".repeat(LIMITS.text)}…`)]);
  });

  it("does not cut a character in two", () => {
    for (const text of [4, 5]) {
      const { conversation: cut } = bounded(conversation([said("user", "😀".repeat(10))]), { ...LIMITS, text });
      assert.deepEqual(cut.messages, [said("user", "😀😀…")]);
    }
  });

  it("keeps the answers, the system prompt and the latest messages of a long conversation", () => {
    const turns = Array.from({ length: 2000 }, (_, index) => said("user", `${index} ${"x".repeat(1000)}`));
    const { conversation: cut, omitted } = bounded(
      conversation([said("system", "rules"), ...turns], [said("assistant", "answer")]),
    );
    assert.deepEqual(cut.answers, [said("assistant", "answer")]);
    assert.deepEqual(cut.messages[0], said("system", "rules"));
    assert.equal(cut.messages.length - 1 + omitted, 2000);
    assert.ok(omitted > 0);
    assert.deepEqual(cut.messages.at(-1), turns.at(-1));
    assert.ok(JSON.stringify(cut).length < 2 * LIMITS.total);
  });

  it("turns JSON that is too long into text, and leaves out pictures that are too big", () => {
    const value = { list: Array.from({ length: LIMITS.text }, () => 1) };
    const data = "A".repeat(LIMITS.media + 1);
    const parts: Message["parts"] = [
      { type: "unknown", value },
      { type: "media", media: "image", mimeType: "image/png", data },
    ];
    const { conversation: cut, shortened } = bounded(conversation([{ role: "user", parts }]));
    assert.equal(shortened, true);
    const [json, picture] = cut.messages[0]?.parts ?? [];
    assert.equal(json?.type, "text");
    assert.deepEqual(picture, { type: "media", media: "image", mimeType: "image/png" });
  });

  it("bounds what is many instead of long, in little time", () => {
    const empty = Array.from({ length: 300_000 }, () => said("user", ""));
    const many = bounded(conversation(empty));
    assert.ok(many.conversation.messages.length < 10_000);
    assert.equal(many.omitted + many.conversation.messages.length, 300_000);
    const parts = Array.from({ length: 200_000 }, () => ({ type: "text", text: "x" }) as const);
    const one = bounded(conversation([], [{ role: "assistant", parts }]));
    assert.equal(one.shortened, true);
    assert.ok((one.conversation.answers[0]?.parts.length ?? 0) < 10_000);
  });

  it("bounds every other text that was recorded", () => {
    const long = "x".repeat(9_000_000);
    const { conversation: cut } = bounded({
      ...conversation([
        {
          role: "user",
          name: long,
          finishReason: long,
          parts: [{ type: "media", media: "image", url: long, name: long }],
        },
        { role: "tool", parts: [{ type: "toolResult", id: long, name: long, parts: [] }] },
        { role: "assistant", parts: [{ type: "toolCall", id: long, name: long, arguments: long, details: { long } }] },
      ]),
      error: { message: long, type: long, code: long, details: { long } },
      envelope: { long },
    });
    assert.ok(JSON.stringify(cut).length < 2 * LIMITS.total);
    assert.ok(cut.error?.message.startsWith("xxx"));
  });
});
