import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { embeddingFacts, PLOT_HEIGHT } from "../../../media/log/embedding-plot.ts";

describe("the plot of an embedding", () => {
  it("knows norm and range", () => {
    const { norm, min, max } = embeddingFacts([3, -4, 0]);
    assert.deepEqual([norm, min, max], [5, -4, 3]);
  });

  it("draws a bar a value, up and down from the line of 0", () => {
    const { path, width, zero } = embeddingFacts([1, -1, 0, 0.5]);
    assert.deepEqual([width, zero], [4, 32]);
    assert.equal(path, "M0 0h1v32h-1zM1 32h1v32h-1zM3 16h1v16h-1z");
  });

  it("has the line of 0 at the edge where all values are on one side of it", () => {
    assert.equal(embeddingFacts([1, 2]).zero, PLOT_HEIGHT);
    assert.equal(embeddingFacts([-1, -2]).zero, 0);
  });

  it("draws 200 bars of many values, none of which is lost", () => {
    const values = Array.from({ length: 3072 }, () => 0);
    values[1500] = 0.25;
    values[3071] = -0.25;
    const { path, width } = embeddingFacts(values);
    assert.equal(width, 200);
    assert.equal(path, "M97 0h1v32h-1zM199 32h1v32h-1z");
  });

  it("takes what no embedding should hold", () => {
    assert.deepEqual(embeddingFacts([]), { norm: 0, min: 0, max: 0, path: "", width: 0, zero: 0 });
    const { path, min, max } = embeddingFacts([Infinity, 1, NaN]);
    assert.deepEqual([min, max], [1, 1]);
    assert.equal(path, `M1 0h1v${PLOT_HEIGHT}h-1z`);
  });
});
