import assert from "node:assert/strict";
import { Expanded } from "../../src/tree/expanded.ts";
import { filterNode, filtersNode } from "../../src/tree/node-kinds.ts";
import { groupNode } from "../../src/tree/nodes.ts";
import { node } from "./filter-bench.ts";
import { MemoryState } from "./secrets.ts";

describe("the open nodes", () => {
  it("are kept for the window's workspace, the last ones opened, and none whose id is long", () => {
    const state = new MemoryState();
    const expanded = new Expanded(state);
    const long = `a/${"x".repeat(500)}`;
    for (const id of ["a/first", long, "a/closed"]) expanded.set(id, true);
    expanded.set("a/closed", false);
    assert.ok(expanded.has(long));
    const restored = () => new Expanded(state);
    assert.deepEqual(
      ["a/first", long, "a/closed"].map((id) => restored().has(id)),
      [true, false, false],
    );
    for (let index = 0; index < 500; index++) expanded.set(`a/${index}`, true);
    assert.deepEqual([restored().has("a/first"), restored().has("a/0")], [false, true]);
  });

  it("of an account are forgotten, and of no other", () => {
    const state = new MemoryState();
    const expanded = new Expanded(state);
    for (const id of ["a/production", "a/production/meta.user/%22ann%22", "ab/production"]) expanded.set(id, true);
    expanded.forget("a");
    for (const known of [expanded, new Expanded(state)]) {
      assert.ok(!known.has("a/production"));
      assert.ok(!known.has("a/production/meta.user/%22ann%22"));
      assert.ok(known.has("ab/production"));
    }
  });

  it("have ids whatever was recorded, half a character too", () => {
    const name = "half \ud800";
    const known = {
      key: JSON.stringify(name),
      logs: [],
      loaded: 0,
      total: 0,
      hasMore: false,
      opened: false,
      malformed: 0,
    };
    const saved = filterNode(filtersNode(node), { name, filter: "cached", ready: false });
    assert.deepEqual(
      [groupNode(node, `meta.${name}`, known).id, saved.id],
      [`${node.id}/meta.half%20%EF%BF%BD/%22half%20%5Cud800%22`, `${node.id}/filters/all/half%20%EF%BF%BD`],
    );
  });
});
