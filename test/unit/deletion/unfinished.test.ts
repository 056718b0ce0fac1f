import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { UnfinishedDeletions, type NotedDeletion } from "../../../src/deletion/core/unfinished.ts";
import { GATEWAY } from "../../gateway.ts";
import { aFolder } from "../export/exported.ts";

const PLAN: NotedDeletion = { gateway: GATEWAY, ids: ["a", "b", "c", "d"], words: "failed" };

describe("unfinished deletions", () => {
  let folder: ReturnType<typeof aFolder>;
  let unfinished: UnfinishedDeletions;

  beforeEach(() => {
    folder = aFolder();
    unfinished = new UnfinishedDeletions(folder.file("deletions"));
  });

  afterEach(() => folder.remove());

  it("are remembered with the logs that are left, by gateway, until they end", async () => {
    assert.deepEqual(await unfinished.of(GATEWAY), []);
    const key = await unfinished.begin(PLAN);
    await unfinished.begin({ ...PLAN, gateway: { ...GATEWAY, collectionId: "other" } });
    unfinished.moveOn(key, 3);
    // Another window reads the same folder.
    const again = new UnfinishedDeletions(folder.file("deletions"));
    assert.deepEqual(await again.of(GATEWAY), [{ ...PLAN, key, ids: ["d"], count: 4 }]);
    await again.end(key);
    assert.deepEqual(await unfinished.of(GATEWAY), []);
  });

  it("start from the beginning when their place is lost, and are over when nothing is left", async () => {
    const key = await unfinished.begin(PLAN);
    for (const place of ["", "-1", "1e99", "NaN", "two"]) {
      writeFileSync(join(folder.file("deletions"), `${key}.place`), place);
      assert.deepEqual((await unfinished.of(GATEWAY))[0]?.ids, PLAN.ids);
    }
    unfinished.moveOn(key, 4);
    assert.deepEqual(await unfinished.of(GATEWAY), []);
  });

  it("are passed over when they cannot be read", async () => {
    await unfinished.begin(PLAN);
    for (const text of ["", "{", "[]", "null", '{"gateway":{},"ids":["a"],"words":""}', '{"ids":[1]}'])
      writeFileSync(join(folder.file("deletions"), `${text.length}.json`), text);
    assert.equal((await unfinished.of(GATEWAY)).length, 1);
  });

  it("are forgotten with their account, and are only for the person's own eyes", async () => {
    const key = await unfinished.begin(PLAN);
    await unfinished.begin({ ...PLAN, gateway: { ...GATEWAY, sourceId: "other" } });
    unfinished.moveOn(key, 1);
    for (const name of readdirSync(folder.file("deletions")))
      assert.equal(statSync(join(folder.file("deletions"), name)).mode & 0o077, 0);
    await unfinished.forget(GATEWAY.sourceId);
    assert.equal(readdirSync(folder.file("deletions")).length, 1);
  });
});
