import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLog, type Log } from "../../../src/cloudflare/schema.ts";
import { bestOf, candidatesFor, queryBefore } from "../../../src/logs/previous.ts";

const start = Date.parse("2026-03-14T13:30:05.400Z");
const log = (id: string, ms: number, fields: Record<string, unknown> = {}): Log => {
  const parsed = parseLog({
    id,
    created_at: new Date(start + ms).toISOString(),
    provider: "openai",
    model: "m",
    path: "chat/completions",
    success: true,
    cached: false,
    ...fields,
  });
  assert.ok(parsed);
  return parsed;
};
const own = log("own", 0, { metadata: { user: "u1", app: "shop" } });
const ids = (logs: readonly Log[]) => logs.map(({ id }) => id);

describe("the log before", () => {
  it("is asked for by what the API filters, up to the end of the log's second", () => {
    const { filters, direction } = queryBefore(own);
    assert.equal(direction, "desc");
    assert.deepEqual(filters, [
      { key: "provider", operator: "eq", value: ["openai"] },
      { key: "model", operator: "eq", value: ["m"] },
      { key: "created_at", operator: "lt", value: ["2026-03-14T13:30:06.000Z"] },
    ]);
    assert.equal(queryBefore(log("x", 0, { model: null })).filters?.length, 2);
  });

  it("is looked for among ten: those with the same tags, then the newest, none after it and none of another path", () => {
    const page = [
      log("later", 300),
      own,
      log("other path", -1, { path: "embeddings" }),
      ...Array.from({ length: 15 }, (_, index) => log(`n${index}`, -100 - index)),
      log("same user", -90_000, { metadata: { user: "u1" } }),
      log("same both", -95_000, { metadata: { user: "u1", app: "shop" } }),
      log("another's", -50, { metadata: { user: "u2" } }),
    ];
    const found = ids(candidatesFor(own, page));
    assert.deepEqual(found, ["same both", "same user", "another's", "n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
  });

  it("has the most messages in common, and is the newest of those that have", () => {
    const beginning = (...digests: string[]) => ({ digests, first: 2 });
    const read = [
      { log: log("newest", -1), beginning: beginning("s", "u") },
      { log: log("longest, older", -3), beginning: beginning("s", "u", "a") },
      { log: log("longest", -2), beginning: beginning("s", "u", "a", "x") },
      { log: log("other", 0), beginning: beginning("s", "v", "a", "w") },
    ];
    assert.equal(bestOf(beginning("s", "u", "a", "w"), read)?.id, "longest");
    assert.equal(bestOf(beginning("s", "u"), read)?.id, "newest");
    assert.equal(bestOf(beginning("t", "u"), read), undefined);
  });
});
