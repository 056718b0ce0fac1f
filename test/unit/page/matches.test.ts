import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matchesOf, nextMatch } from "../../../media/kit/matches.ts";

describe("finding", () => {
  it("does not mind the case unless it is asked to", () => {
    assert.deepEqual(
      matchesOf("One one ONE", "one", false).map(({ start }) => start),
      [0, 4, 8],
    );
    assert.deepEqual(matchesOf("One one ONE", "one", true), [{ start: 4, end: 7 }]);
    assert.deepEqual(matchesOf("Straße İstanbul ÄRGER", "ärger", false), [{ start: 16, end: 21 }]);
  });

  it("takes what is looked for as it is", () => {
    const signs = "a.b*c(d)[e]{f}^$|?\\/-";
    assert.deepEqual(matchesOf(`abc ${signs}`, signs, false), [{ start: 4, end: 4 + signs.length }]);
    assert.deepEqual(matchesOf("abc", ".", false), []);
    assert.deepEqual(matchesOf("abc", "", false), []);
  });

  it("goes on from where it is, both ways, and around", () => {
    const matches = matchesOf("one two one two one", "one", false);
    const start = (from: number, backwards: boolean, wrap = true) => nextMatch(matches, from, backwards, wrap)?.start;
    assert.equal(start(0, false), 0);
    assert.equal(start(3, false), 8);
    assert.equal(start(19, false), 0);
    assert.equal(start(19, false, false), undefined);
    assert.equal(start(8, true), 0);
    assert.equal(start(0, true), 16);
    assert.equal(start(0, true, false), undefined);
    assert.equal(nextMatch([], 0, false, true), undefined);
  });
});
