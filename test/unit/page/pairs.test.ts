import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pairsOf } from "../../../media/kit/pairs.ts";
import type { Message, Part } from "../../../src/chat/conversation.ts";

const call = (name: string, id?: string): Part => ({
  type: "toolCall",
  name,
  arguments: {},
  ...(id === undefined ? {} : { id }),
});
const result = (fields: { id?: string; name?: string }): Part => ({ type: "toolResult", parts: [], ...fields });

/** The pairs of messages that hold these parts, call → result. */
function pairs(...messages: Part[][]): Record<string, string> {
  const all = pairsOf(
    messages.map((parts, index) => ({ id: `m${index}`, message: { role: "user", parts } satisfies Message })),
  );
  for (const [one, other] of all) assert.equal(all.get(other), one);
  return Object.fromEntries([...all].filter(([, other]) => partAt(messages, other)?.type === "toolResult"));
}

function partAt(messages: Part[][], id: string): Part | undefined {
  const [message = "", part = ""] = id.slice(1).split(".");
  return messages[Number(message)]?.[Number(part)];
}

describe("pairs of tool calls and results", () => {
  it("go by id, in whatever order the results come", () => {
    assert.deepEqual(pairs([call("a", "1"), call("a", "2")], [result({ id: "2" })], [result({ id: "1" })]), {
      "m0.0": "m2.0",
      "m0.1": "m1.0",
    });
  });

  it("take the latest call before the result of those that share an id", () => {
    assert.deepEqual(pairs([call("a", "1")], [call("a", "1")], [result({ id: "1" })]), { "m1.0": "m2.0" });
    assert.deepEqual(pairs([call("a", "1")], [result({ id: "1" })], [call("a", "1")], [result({ id: "1" })]), {
      "m0.0": "m1.0",
      "m2.0": "m3.0",
    });
  });

  it("go by the order of the calls of that name where there is no id", () => {
    assert.deepEqual(pairs([call("a"), call("b"), call("a")], [result({ name: "b" })], [result({ name: "a" })]), {
      "m0.1": "m1.0",
      "m0.0": "m2.0",
    });
  });

  it("go by the order of the calls where there is not even a name", () => {
    assert.deepEqual(pairs([call("a"), call("b")], [result({}), result({})]), { "m0.0": "m1.0", "m0.1": "m1.1" });
  });

  it("leave alone what has no other half", () => {
    assert.deepEqual(pairs([result({ id: "1" })], [call("a", "1")], [result({ id: "2" }), result({ name: "b" })]), {});
  });

  it("do not give a call with another id to a result of its name", () => {
    assert.deepEqual(pairs([call("a", "1")], [result({ id: "2", name: "a" })]), {});
  });
});
