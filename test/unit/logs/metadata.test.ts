import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  changedMetadata,
  hasChange,
  MOST_ENTRIES,
  nameProblem,
  valuesIn,
  writtenValue,
} from "../../../src/logs/metadata.ts";
import { scoreIn } from "../../../src/logs/score.ts";

describe("a metadata value that is typed", () => {
  const readings: Record<string, unknown[]> = {
    "": [],
    blue: ["blue"],
    "42": [42, "42"],
    "-1.50": [-1.5, "-1.50"],
    "1e3": [1000, "1e3"],
    "007": ["007"],
    "+1": ["+1"],
    "0x10": ["0x10"],
    "1e999": ["1e999"],
    Infinity: ["Infinity"],
    "12345678901234567890": ["12345678901234567890"],
    true: [true, "true"],
    false: [false, "false"],
    True: ["True"],
    '"42"': ["42", '"42"'],
    '"true"': ["true", '"true"'],
    '" x "': [" x ", '" x "'],
    '""': ["", '""'],
    '"': ['"'],
    null: ["null"],
  };
  for (const [text, values] of Object.entries(readings))
    it(`${text || "nothing"} is ${JSON.stringify(values)}`, () => assert.deepEqual(valuesIn(text), values));

  it("is written so that it is read as the same", () => {
    for (const value of [42, -1.5, true, false, "blue", "42", "true", "", '"quoted"', '"', "a b", 1e21])
      assert.equal(valuesIn(writtenValue(value))[0], value, writtenValue(value));
  });
});

describe("a change of metadata", () => {
  const full = Object.fromEntries(Array.from({ length: MOST_ENTRIES }, (_, index) => [`e${index}`, index]));

  it("adds, changes in its place, and removes one entry", () => {
    const before = { a: 1, b: "x" };
    assert.deepEqual(Object.entries(changedMetadata(before, { name: "a", value: "1" }) ?? {}), [
      ["a", "1"],
      ["b", "x"],
    ]);
    assert.deepEqual(changedMetadata(before, { name: "c", value: true }), { a: 1, b: "x", c: true });
    assert.deepEqual(changedMetadata(before, { name: "a", value: undefined }), { b: "x" });
    assert.deepEqual(changedMetadata(before, { name: "z", value: undefined }), before);
    assert.deepEqual(before, { a: 1, b: "x" });
  });

  it("adds no sixth entry, but changes and removes one of five", () => {
    assert.equal(changedMetadata(full, { name: "f", value: 1 }), undefined);
    assert.equal(changedMetadata(full, { name: "e0", value: 9 })?.["e0"], 9);
    assert.equal(Object.keys(changedMetadata(full, { name: "e0", value: undefined }) ?? {}).length, 4);
  });

  it("takes any name for a name", () => {
    const changed = changedMetadata({}, { name: "__proto__", value: "x" });
    assert.equal(JSON.stringify(changed), '{"__proto__":"x"}');
    assert.ok(changed && hasChange(changed, { name: "__proto__", value: "x" }));
    assert.ok(hasChange({}, { name: "toString", value: undefined }));
  });

  it("has happened when the log says so, by value and type", () => {
    assert.ok(hasChange({ a: 42 }, { name: "a", value: 42 }));
    assert.ok(!hasChange({ a: "42" }, { name: "a", value: 42 }));
    assert.ok(!hasChange({ a: 42 }, { name: "a", value: undefined }));
    assert.ok(hasChange({ b: 1 }, { name: "a", value: undefined }));
  });

  it("needs a name that is not taken", () => {
    assert.equal(nameProblem("  ", []), "empty");
    assert.equal(nameProblem(" team ", ["team"]), "taken");
    assert.equal(nameProblem("x".repeat(257), []), "long");
    assert.equal(nameProblem("Team", ["team"]), undefined);
  });
});

describe("a score that is typed", () => {
  it("is a number from 0 to 100, or none", () => {
    const read = ["0", " 87.5 ", "100", "", "  ", "100.1", "-1", "1e1", "0x1", "many", "1,5"].map(scoreIn);
    assert.deepEqual(read, [0, 87.5, 100, null, null, ...Array.from({ length: 6 }, () => undefined)]);
  });
});
