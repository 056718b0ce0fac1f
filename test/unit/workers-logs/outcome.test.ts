import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "../../../src/sources/workers-logs/facts.ts";
import { failureKeys, fieldKeys, held, succeeded, type FailureKind } from "../../../src/sources/workers-logs/fields.ts";

const isSuccess = (source: object, overrides: unknown = {}): boolean =>
  succeeded(factsOf({ source }).facts, fieldKeys(overrides));

/** A value that is a failure, and one that isn't. */
const VALUES: Record<FailureKind, [failure: unknown, success: unknown]> = {
  false: [false, true],
  atLeast400: [400, 399],
  present: ["Overloaded", ""],
  error: ["error", "info"],
};

describe("the outcome of a call", () => {
  it("is told by each key that a filter for failures has", () => {
    const keys = failureKeys(fieldKeys({ success: "went.well", statusCode: "code" }));
    assert.ok(keys.some(({ key }) => key === "went.well") && keys.some(({ key }) => key === "$metadata.level"));
    for (const { key, kind } of keys) {
      const outcomes = VALUES[kind].map((value) =>
        isSuccess({ [key]: value }, { success: "went.well", statusCode: "code" }),
      );
      assert.deepEqual(outcomes, [false, true], key);
    }
  });

  it("is what the surest of them says", () => {
    assert.equal(isSuccess({ success: true, status_code: 500, error: "x" }), true);
    assert.equal(isSuccess({ success: "false", status_code: 200 }), false);
    assert.equal(isSuccess({ success: "maybe", status_code: "200", error: "x" }), true);
    assert.equal(isSuccess({ error: { message: "x" }, level: "info" }), false);
    assert.equal(isSuccess({}), true);
  });
});

describe("the keys of a field", () => {
  const known = fieldKeys(undefined);

  it("are those of the setting and then the known ones, each once", () => {
    const keys = fieldKeys({ model: [" llm ", "Model", "source.call.model"], path: "url" });
    assert.deepEqual(keys.model, ["llm", "Model", "call.model", ...known.model.filter((key) => key !== "Model")]);
    assert.deepEqual([keys.path, keys.provider], [["url", ...known.path], known.provider]);
  });

  it("are the known ones for odd settings", () => {
    const odd: unknown[] = [null, 1, "model", [], ["model"], { model: null }, { model: [1, {}, "", " ", [["x"]]] }];
    for (const setting of [...odd, JSON.parse('{"__proto__":{"model":"x"},"constructor":"y"}'), { unknown: "x" }])
      assert.deepEqual(fieldKeys(setting), known);
  });

  it("find the first value that there is", () => {
    const { facts } = factsOf({ source: { model: null, Model: "", "gen_ai.request.model": 0 } });
    assert.deepEqual(held(facts, known, "model"), { key: "gen_ai.request.model", value: 0 });
    assert.equal(held(facts, known, "path"), undefined);
  });
});
