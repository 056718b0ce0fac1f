import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { toJson } from "../../../src/chat/json/to-json.ts";
import { bodyOf, traffic } from "../../traffic.ts";

const empty: Conversation = {
  format: "unknown",
  messages: [],
  answers: [],
  tools: [],
  settings: {},
  complete: true,
};

function nested(levels: number, inmost: unknown): unknown {
  let value = inmost;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

describe("toJson", () => {
  it("writes what JSON.stringify writes, two spaces a level", () => {
    const conversation: Conversation = {
      ...empty,
      messages: [{ role: "user", parts: [{ type: "text", text: 'a "b"\n\u2028\uD800' }] }],
      settings: { list: [1, null, true, {}, []], "": { x: 1.5e300 } },
    };
    assert.equal(toJson(conversation), JSON.stringify(conversation, null, 2));
  });

  it("puts the contract's fields in order and leaves recorded values in theirs", () => {
    const conversation: Conversation = {
      complete: true,
      envelope: { z: 1, a: 2 },
      usage: { tokensTotal: 3, tokensIn: 1 },
      settings: { z: 1, a: 2 },
      tools: [{ parameters: {}, name: "f" }],
      answers: [
        {
          finishReason: "stop",
          parts: [
            { details: { z: 1, a: 2 }, citations: [{ extra: 1, url: "u" }], text: "t", type: "text" },
            { parts: [{ text: "r", type: "text" }], name: "f", id: "1", type: "toolResult" },
          ],
          role: "assistant",
        },
      ],
      messages: [],
      format: "x",
    };
    const keys = [...toJson(conversation).matchAll(/"(\w+)":/g)].map((match) => match[1]);
    assert.deepEqual(
      keys.join(" "),
      "format messages answers role parts type text citations url extra details z a type id name parts type text " +
        "finishReason tools name parameters settings z a usage tokensIn tokensTotal complete envelope z a",
    );
    assert.deepEqual(JSON.parse(toJson(conversation)), conversation);
  });

  it("keeps numbers that JSON.stringify does not", () => {
    const settings = { list: [-0, JSON.parse("1e400"), JSON.parse("-1e400")] };
    assert.deepEqual(JSON.parse(toJson({ ...empty, settings })), { ...empty, settings });
  });

  it('keeps a recorded "__proto__" and "toJSON"', () => {
    const settings = JSON.parse('{"__proto__":{"a":1},"toJSON":2}') as Record<string, unknown>;
    const back = JSON.parse(toJson({ ...empty, settings })) as Conversation;
    assert.deepEqual(Object.entries(back.settings), [
      ["__proto__", { a: 1 }],
      ["toJSON", 2],
    ]);
  });

  it("takes deep values without growing by their square", () => {
    const settings = {
      deep: nested(
        1200,
        Array.from({ length: 2000 }, () => 1),
      ),
    };
    const text = toJson({ ...empty, settings });
    assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify({ ...empty, settings }));
    assert.ok(text.length < 20_000);
  });

  it("brings each exchange back", () => {
    for (const recorded of traffic()) {
      const conversation = readConversation({
        provider: recorded.provider,
        path: recorded.path,
        request: bodyOf(recorded.request, recorded.request_encoding),
        response: bodyOf(recorded.response, recorded.response_encoding),
      });
      assert.deepEqual(JSON.parse(toJson(conversation)), conversation, recorded.id);
    }
  });
});
