// A comparison counts as known only if it found the very event that it must find.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Learned } from "../../../src/sources/workers-logs/learned.ts";

const event = (id: string) => ({ timestamp: 1_790_000_000_000, source: { model: "gpt-5" }, $metadata: { id } });

/** What is learned of an event, with an API that answers each question with the same events. */
function learnedFrom(found: readonly unknown[]): Learned {
  const page = { events: found, received: found.length, isSampled: false };
  const keys = [{ key: "model", type: "string" }];
  const learned = new Learned({ events: () => Promise.resolve(page), keys: () => Promise.resolve(keys) });
  learned.note([event("own")], ["ai-gateway"]);
  return learned;
}

describe("a comparison", () => {
  const comparable = (found: readonly unknown[]) => learnedFrom(found).comparable(["model"], "eq", "string", undefined);

  it("is known if it finds the event that has the value", async () => {
    assert.deepEqual(await comparable([event("other"), event("own")]), ["model"]);
  });

  it("isn't known if it finds another event only, as one of another data set, or none", async () => {
    assert.equal(await comparable([event("other")]), undefined);
    assert.equal(await comparable([]), undefined);
  });

  it("with an event without an ID isn't known", async () => {
    const learned = learnedFrom([event("own")]);
    learned.note([{ timestamp: 1, source: { provider: "openai" } }], []);
    assert.equal(await learned.comparable(["provider"], "eq", "string", undefined), undefined);
  });
});
