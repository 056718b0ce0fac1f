import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { estimatedHeight, plainText } from "../../../src/reading/core/plain-text.ts";
import type { Part } from "../../../src/chat/conversation.ts";

const message = (...parts: Part[]) => ({ role: "user" as const, parts });

describe("a message as plain text", () => {
  it("holds what there is to find in it", () => {
    const text = plainText(
      message(
        { type: "text", text: "a text" },
        { type: "reasoning", text: "a thought" },
        { type: "toolCall", name: "a_tool", arguments: { city: "Rome" } },
        { type: "toolCall", name: "another", arguments: "not json" },
        { type: "toolResult", name: "a_tool", parts: [{ type: "text", text: "a result" }] },
        { type: "refusal", text: "a refusal" },
        { type: "media", media: "image", url: "https://example.test/a.png" },
        { type: "data", value: { flagged: true } },
        { type: "unknown", value: undefined },
      ),
    );
    for (const words of ["a text", "a thought", "a_tool", '"city": "Rome"', "another", "not json", "a result"])
      assert.ok(text.includes(words), words);
    for (const words of ["a refusal", "a.png", '"flagged": true']) assert.ok(text.includes(words), words);
  });

  it("leaves out the bytes of media and the numbers of embeddings", () => {
    const text = plainText(
      message(
        { type: "media", media: "image", data: "AAAA", mimeType: "image/png" },
        { type: "embedding", values: [0.5] },
      ),
    );
    assert.equal(text.trim(), "");
  });
});

describe("the height of a message that was never shown", () => {
  it("grows with its text, as far as that is not folded", () => {
    const of = (text: string) => estimatedHeight(message({ type: "text", text }));
    assert.ok(of("") > 0);
    assert.ok(of("word ".repeat(50)) > of("word"));
    assert.equal(of("word ".repeat(50_000)), of("word ".repeat(5_000)));
    assert.ok(estimatedHeight(message()) > 0);
  });
});
