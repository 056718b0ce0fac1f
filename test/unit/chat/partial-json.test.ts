import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePartialJson } from "../../../src/chat/json/partial-json.ts";

describe("a JSON document whose end is missing", () => {
  const cases: [text: string, value: unknown][] = [
    ["{", {}],
    ["[", []],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":"b', { a: "b" }],
    ['{"a":"b"', { a: "b" }],
    ['{"a":"b","c', { a: "b" }],
    ['{"a":"b","c":"', { a: "b", c: "" }],
    ['["a","b"', ["a", "b"]],
    ['["a", {"b": [1, 2', ["a", { b: [1] }]],
    ['{"a":{"b":1},"c":tru', { a: { b: 1 } }],
    ['{"a":[{"b":{}}', { a: [{ b: {} }] }],
    ['{"a":"}],[{', { a: "}],[{" }],
    [' \n[{"a" : "b\\"c', [{ a: 'b"c' }]],
  ];
  for (const [text, value] of cases) it(text, () => assert.deepEqual(parsePartialJson(text), value));

  it("half a number, a word or a key is left out", () => {
    assert.deepEqual(parsePartialJson('{"a":1,"b":12'), { a: 1 });
    assert.deepEqual(parsePartialJson("[true,fal"), [true]);
    assert.deepEqual(parsePartialJson('{"a":null,"b":nul'), { a: null });
  });

  it("half a character is left out, however it is written", () => {
    for (const half of ["\\", "\\u", "\\u00", "\\u00e", "\\ud83d", "\\ud83d\\", "\\ud83d\\ude0", "\ud83d", "\uFFFD"]) {
      assert.deepEqual(parsePartialJson(`{"a":"x${half}`), { a: "x" }, half);
    }
    for (const [whole, text] of [
      ["\\\\", "\\"],
      ["\\u00e9", "é"],
      ["\\ud83d\\ude00", "😀"],
      ["\\\\ud83d", "\\ud83d"],
      ["😀", "😀"],
    ]) {
      assert.deepEqual(parsePartialJson(`{"a":"x${whole}`), { a: `x${text}` }, whole);
    }
  });

  it("any cut of a document gives a beginning of its texts, and nothing that was not there", () => {
    const whole = JSON.stringify({
      a: 'q"\\ \u2028é😀',
      b: [{ c: "one" }, "two", 12, true, null],
      d: { e: { f: "g" } },
    });
    const texts = (value: unknown): string[] =>
      typeof value === "string"
        ? [value]
        : typeof value === "object" && value !== null
          ? Object.values(value).flatMap(texts)
          : [];
    const all = texts(JSON.parse(whole));
    for (let length = 1; length < whole.length; length++) {
      const found = texts(parsePartialJson(whole.slice(0, length)));
      for (const [index, text] of found.entries()) {
        const isLast = index === found.length - 1;
        assert.ok(isLast ? all[index]?.startsWith(text) : all[index] === text, whole.slice(0, length));
      }
    }
  });

  it("no beginning of one", () => {
    for (const text of ["", "x", "{x", '{"a":1}x', "[1]]", "[INFO] started", "{'a': 'b", '"a', "1", '{"a":"b" "c'])
      assert.equal(parsePartialJson(text), undefined, text);
  });
});
