import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Query } from "../../../src/source/query.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { Log } from "../../../src/source/log.ts";
import { findPrevious } from "../../../src/logs/previous.ts";

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
const beginning = (...digests: string[]) => ({ digests, first: 2 });

/** Searches for the preceding log, and reports requests and reads. */
async function find(of: Log, page: Log[], begins: Record<string, string[]> = {}, own = beginning("s", "u", "a", "w")) {
  const queries: Query[] = [];
  const read: string[] = [];
  const found = await findPrevious(
    of,
    own,
    (query) => {
      queries.push(query);
      return Promise.resolve(page);
    },
    ({ id }) => {
      read.push(id);
      const digests = begins[id];
      return Promise.resolve(digests && beginning(...digests));
    },
  );
  assert.equal(found.read, read.length);
  return { queries, read, id: found.previous?.id };
}

describe("the log before", () => {
  it("is asked for by what the API filters, up to the end of the log's second: one call", async () => {
    const { queries, read, id } = await find(own, []);
    assert.equal(queries.length, 1);
    assert.deepEqual(queries[0], {
      conditions: [
        { key: "provider", operator: "eq", value: ["openai"] },
        { key: "model", operator: "eq", value: ["m"] },
      ],
      range: { end: new Date("2026-03-14T13:30:06.000Z") },
      order: "newest",
    });
    assert.deepEqual([read, id], [[], undefined]);
    assert.equal((await find(log("x", 0, { model: null }), [])).queries[0]?.conditions?.length, 1);
  });

  it("is looked for among thirty: those with the same tags, then the newest, none after it and none of another path", async () => {
    const page = [
      log("later", 300),
      own,
      log("other path", -1, { path: "embeddings" }),
      ...Array.from({ length: 40 }, (_, index) => log(`n${index}`, -100 - index)),
      log("same user", -90_000, { metadata: { user: "u1" } }),
      log("same both", -95_000, { metadata: { user: "u1", app: "shop" } }),
      log("another's", -50, { metadata: { user: "u2" } }),
    ];
    const { read } = await find(own, page);
    assert.deepEqual(read.slice(0, 5), ["same both", "same user", "another's", "n0", "n1"]);
    assert.deepEqual([read.length, read.at(-1)], [30, "n26"]);
  });

  it("is read for no further than it is found: ten at once", async () => {
    const page = Array.from({ length: 40 }, (_, index) => log(`n${index}`, -100 - index));
    const { read, id } = await find(own, page, { n12: ["s", "u"], n25: ["s", "u", "a"] });
    assert.deepEqual([id, read.length], ["n12", 20]);
  });

  it("has the most messages in common, and is the newest of those that have", async () => {
    const page = ["newest", "longest", "longest, older", "other", "deleted meanwhile"].map((id, index) =>
      log(id, -1 - index),
    );
    const begins = {
      newest: ["s", "u"],
      longest: ["s", "u", "a", "x"],
      "longest, older": ["s", "u", "a"],
      other: ["s", "v", "a", "w"],
    };
    assert.equal((await find(own, page, begins)).id, "longest");
    assert.equal((await find(own, page, begins, beginning("s", "u"))).id, "newest");
    assert.equal((await find(own, page, begins, beginning("t", "u"))).id, undefined);
  });
});
