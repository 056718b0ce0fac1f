import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Message } from "../../../src/chat/conversation.ts";
import { bounded, LIMITS } from "../../../src/reading/core/bounded.ts";

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
    const long = conversation([said("user", "x".repeat(1001))]);
    const { conversation: cut, shortened } = bounded(long, { ...LIMITS, text: 1000 });
    assert.equal(shortened, true);
    assert.deepEqual(cut.messages, [said("user", `${"x".repeat(1000)}…`)]);
  });

  it("shows a text of nearly two million characters whole, and of a longer one two million", () => {
    const whole = conversation([said("user", "x".repeat(1_999_000))]);
    assert.equal(bounded(whole).shortened, false);
    const { conversation: cut, shortened } = bounded(conversation([said("user", "x".repeat(5_000_000))]));
    assert.equal(shortened, true);
    assert.ok(Math.abs(JSON.stringify(cut.messages).length - 2_000_000) < 1000);
  });

  it("does not cut a character in two", () => {
    for (const text of [4, 5]) {
      const { conversation: cut } = bounded(conversation([said("user", "😀".repeat(10))]), { ...LIMITS, text });
      assert.deepEqual(cut.messages, [said("user", "😀😀…")]);
    }
  });

  it("keeps the answers, the system prompt and the latest messages of a long conversation", () => {
    const turns = Array.from({ length: 2000 }, (_, index) => said("user", `${index} ${"x".repeat(2000)}`));
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

  it("leaves what the system says later in its place", () => {
    const messages = [said("system", "s"), said("user", "u"), said("system", "later"), said("user", "v")];
    assert.deepEqual(bounded(conversation(messages)).conversation.messages, messages);
    const rules = [said("system", "s"), said("system", "t")];
    assert.deepEqual(bounded(conversation(rules)).conversation.messages, rules);
  });

  it("turns JSON that is too long into text", () => {
    const value = { list: Array.from({ length: LIMITS.text }, () => 1) };
    const parts: Message["parts"] = [{ type: "unknown", value }];
    const { conversation: cut, shortened } = bounded(conversation([{ role: "user", parts }]));
    assert.equal(shortened, true);
    assert.equal(cut.messages[0]?.parts[0]?.type, "text");
  });

  it("leaves out media that are too big, and says how big", () => {
    const data = "A".repeat(LIMITS.media + 1);
    const picture = { type: "media", media: "image", mimeType: "image/png" } as const;
    const { conversation: cut, shortened } = bounded(conversation([{ role: "user", parts: [{ ...picture, data }] }]));
    assert.equal(shortened, true);
    const leftOutBytes = Math.floor(((LIMITS.media + 1) * 3) / 4);
    assert.deepEqual(cut.messages[0]?.parts, [{ ...picture, details: { leftOutBytes } }]);
  });

  it("keeps the id of a file that is only named", () => {
    const named = { type: "media", media: "image", details: { file_id: "file_1" } } as const;
    const linked = { type: "media", media: "image", url: "https://files.test/1", details: { width: 1 } } as const;
    const { conversation: cut } = bounded(conversation([{ role: "user", parts: [named, linked] }]));
    const { details: _, ...link } = linked;
    assert.deepEqual(cut.messages[0]?.parts, [named, link]);
  });

  it("bounds what is many instead of long, in little time", () => {
    const empty = Array.from({ length: 300_000 }, () => said("user", ""));
    const many = bounded(conversation(empty));
    assert.ok(many.conversation.messages.length <= 20_000);
    assert.equal(many.omitted + many.conversation.messages.length, 300_000);
    const parts = Array.from({ length: 200_000 }, () => ({ type: "text", text: "x" }) as const);
    const one = bounded(conversation([], [{ role: "assistant", parts }]));
    assert.equal(one.shortened, true);
    assert.ok((one.conversation.answers[0]?.parts.length ?? 0) <= 20_000);
  });

  it("writes out what is nested too deeply for a message to the page", () => {
    const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    const parts: Message["parts"] = [
      { type: "data", value: nested(100) },
      { type: "data", value: nested(1000) },
      { type: "toolCall", name: "f", arguments: nested(1000) },
      { type: "unknown", value: nested(100_000) },
    ];
    const { conversation: cut, shortened } = bounded(conversation([], [{ role: "assistant", parts }]));
    assert.equal(shortened, true, "the deepest is not there");
    const [shallow, deep, call, deepest] = cut.answers[0]?.parts ?? [];
    assert.deepEqual(shallow, parts[0]);
    assert.deepEqual(deep, { type: "text", text: "[".repeat(1000) + "]".repeat(1000) });
    assert.equal(call?.type === "toolCall" && typeof call.arguments, "string");
    assert.equal(deepest?.type, "text");
    assert.deepEqual(structuredClone(cut), cut);
  });

  it("bounds parts within parts, and citations", () => {
    let parts: Message["parts"] = [];
    for (let depth = 0; depth < 5000; depth++) parts = [{ type: "toolResult", parts }];
    const citations = [{ text: "x".repeat(3_000_000) }];
    const cited: Message = { role: "assistant", parts: [{ type: "text", text: "t", citations }] };
    const { conversation: cut, shortened } = bounded(conversation([{ role: "user", parts }], [cited]));
    assert.equal(shortened, true);
    assert.ok(JSON.stringify(cut).length < 2 * LIMITS.total);
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
