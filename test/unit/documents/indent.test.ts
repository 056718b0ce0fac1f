import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { indentJson } from "../../../src/documents/indent.ts";

describe("indentJson", () => {
  for (const value of [
    {},
    [],
    [[]],
    { a: [1, 2, { b: 'x"\\', c: {} }], d: null },
    "s\\",
    3,
    [[], [{}], ""],
    { "{": ",:]" },
  ]) {
    it(`lays out ${JSON.stringify(value)} as printing would`, () => {
      const printed = `${JSON.stringify(value, undefined, 2)}\n`;
      assert.equal(indentJson(JSON.stringify(value)), printed);
      assert.equal(indentJson(printed), printed);
    });
  }

  it("keeps every token as it stands", () => {
    const text = '{"id":12345678901234567890,"cost":1.10,"a":1,"a":2,"e":"\\u0041","n":1E5}';
    assert.equal(
      indentJson(text),
      '{\n  "id": 12345678901234567890,\n  "cost": 1.10,\n  "a": 1,\n  "a": 2,\n  "e": "\\u0041",\n  "n": 1E5\n}\n',
    );
  });

  it("leaves what is no whole JSON alone", () => {
    for (const text of ['{"a":1', "data: {}\n\n", "", "<html>"]) assert.equal(indentJson(text), text);
  });

  it("does not grow a deeply nested body without bound", () => {
    const deep = "[".repeat(16_000) + "]".repeat(16_000);
    assert.ok(indentJson(deep).length < 32_000 * 202);
  });

  it("lays out a string of several megabytes", () => {
    const long = 'a"\\'.repeat(2_000_000);
    assert.deepEqual(JSON.parse(indentJson(JSON.stringify({ long }))), { long });
  });
});
