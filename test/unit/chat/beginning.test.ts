import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { beginningOf, commonMessages } from "../../../src/chat/beginning.ts";
import { read, readAnthropic } from "./exchange.ts";

type Turn = { role: string; content: unknown };
const system = { role: "system", content: "You sell bicycles." };
const asked = { role: "user", content: "Is the blue frame in stock?" };
const begun = (...messages: Turn[]) => beginningOf(read(null, { model: "m", messages }));

describe("how a conversation begins", () => {
  it("counts the messages in common, once all the first ones are", () => {
    const one = begun(system, asked);
    assert.deepEqual([one.first, one.digests.length], [2, 2]);
    const longer = begun(system, asked, { role: "assistant", content: "Yes" }, { role: "user", content: "And red?" });
    assert.equal(commonMessages(longer, one), 2);
    assert.equal(commonMessages(one, longer), 2);
    assert.equal(commonMessages(longer, longer), 4);
    assert.equal(commonMessages(one, begun(system, { role: "user", content: "Other" })), 0);
    assert.equal(commonMessages(one, begun(system)), 0);
    assert.equal(commonMessages(one, begun(asked)), 0);
  });

  it("takes no notice of cache marks, and of how a text is written down", () => {
    const of = (content: unknown) =>
      beginningOf(readAnthropic(null, { model: "m", max_tokens: 1, messages: [{ role: "user", content }] }));
    const marked = of([{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }]);
    assert.equal(commonMessages(of("Hi"), marked), 1);
    assert.equal(commonMessages(of("Ho"), marked), 0);
  });

  it("tells apart what a tool was called with, but not its id", () => {
    const called = (id: string, given: object) =>
      begun(asked, {
        role: "assistant",
        content: "",
        tool_calls: [{ id, type: "function", function: { name: "f", arguments: JSON.stringify(given) } }],
      } as Turn);
    assert.equal(commonMessages(called("a", { id: 1 }), called("b", { id: 1 })), 2);
    assert.equal(commonMessages(called("a", { id: 1 }), called("b", { id: 2 })), 1);
  });

  it("without a user is all that was sent, and without anything common to none", () => {
    assert.equal(begun(system).first, 1);
    const nothing = beginningOf(read(null, null));
    assert.deepEqual(nothing, { digests: [], first: 0 });
    assert.equal(commonMessages(nothing, nothing), 0);
  });
});
