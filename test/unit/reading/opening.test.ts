import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Message } from "../../../src/chat/conversation.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { openingOf } from "../../../src/reading/core/opening.ts";

const said = (role: Message["role"], text: string): Message => ({ role, parts: [{ type: "text", text }] });

const talk = (messages: Message[], answers: Message[]): Conversation => ({
  ...readConversation({ provider: "", path: "", request: "{}", response: null }),
  messages,
  answers,
});

describe("what is first seen of a conversation", () => {
  it("is all that a short one says, in its order", () => {
    const call: Message = { role: "assistant", parts: [{ type: "toolCall", name: "stock", arguments: { id: 7 } }] };
    const result: Message = { role: "tool", parts: [{ type: "toolResult", parts: [{ type: "text", text: "Two." }] }] };
    const opening = openingOf(
      talk([said("user", "One?"), call, result], [said("assistant", "Yes."), said("assistant", "No.")]),
    );
    assert.deepEqual(opening, {
      messages: [
        { role: "user", texts: ["One?"] },
        { role: "assistant", texts: ['stock\n{\n  "id": 7\n}'] },
        { role: "tool", texts: ["Two."] },
      ],
      // Of several answers one is seen at first.
      answers: [{ role: "assistant", texts: ["Yes."] }],
    });
  });

  it("keeps the digits of numbers as they were recorded", () => {
    const body = '{"messages":[{"role":"user","content":"?"}],"tools":[]}';
    const answer =
      '{"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"n","arguments":"{\\"id\\":12345678901234567890}"}}]}}]}';
    const conversation = readConversation({
      provider: "openai",
      path: "chat/completions",
      request: body,
      response: answer,
    });
    assert.match(openingOf(conversation).answers[0]?.texts[0] ?? "", /12345678901234567890/);
  });

  it("has of long texts of the request what is seen of their fold, of those of the answer all that fits", () => {
    const long = "word ".repeat(700);
    const { messages, answers } = openingOf(talk([said("system", long)], [said("assistant", long)]));
    assert.ok((messages[0]?.texts[0]?.length ?? 0) <= 241);
    assert.equal(answers[0]?.texts[0], long);
  });

  it("has the end of a long request, and of a long answer the beginning", () => {
    const messages = Array.from({ length: 2000 }, (_, index) => said("user", `${index} ${"x".repeat(900)}`));
    const opening = openingOf(talk(messages, [said("assistant", `first ${"x".repeat(1e6)}`)]));
    assert.ok(opening.messages.length >= 4 && opening.messages.length <= 20);
    assert.match(opening.messages.at(-1)?.texts[0] ?? "", /^1999 /);
    assert.equal(opening.answers[0]?.texts[0]?.length, 4000);
    assert.match(opening.answers[0]?.texts[0] ?? "", /^first /);
  });
});
