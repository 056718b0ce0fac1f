import assert from "node:assert/strict";
import { test } from "node:test";
import { estimatedCost } from "../../../src/resend/cost.ts";

const log = { costUsd: 0.01, success: true, cached: false, tokensIn: 300, tokensOut: 100 };
const of = (length: number, model = "m") => ({ text: "x".repeat(length), model });

test("the recorded cost, its input scaled by what is sent", () => {
  assert.equal(estimatedCost(log, of(100), of(100)), 0.01);
  assert.equal(estimatedCost(log, of(100), of(200)), 0.0175);
  assert.equal(estimatedCost(log, of(100), of(0)), 0.0025);
  const { tokensIn: _, ...uncounted } = log;
  assert.equal(estimatedCost(uncounted, of(100), of(200)), 0.02);
});

test("where the recorded cost says nothing there is no estimate", () => {
  const { costUsd: _, ...uncosted } = log;
  assert.equal(estimatedCost(uncosted, of(100), of(100)), undefined);
  assert.equal(estimatedCost({ ...log, costUsd: 0 }, of(100), of(100)), undefined);
  assert.equal(estimatedCost({ ...log, cached: true }, of(100), of(100)), undefined);
  assert.equal(estimatedCost({ ...log, success: false }, of(100), of(100)), undefined);
  assert.equal(estimatedCost(log, of(100), of(100, "another")), undefined);
  assert.equal(estimatedCost(log, of(0), of(100)), undefined);
});
