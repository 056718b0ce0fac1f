import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jsonIn, type JsonLine, jsonLines } from "../../../media/kit/json-lines.ts";

/** A line as shown; formatted texts and placeholders are in angle brackets. */
function written({ depth, key, value, comma }: JsonLine): string {
  const name = key === undefined ? "" : `${key}: `;
  const end = comma ? "," : "";
  switch (value.type) {
    case "row": {
      const values = value.values.map(({ text }) => text).join(", ");
      return `${"  ".repeat(depth)}${name}${value.bracketed ? `[${values}]` : values}${end}`;
    }
    case "text":
      return `${"  ".repeat(depth)}${name}<${value.text}>${end}`;
    case "base64":
      return `${"  ".repeat(depth)}${name}<${value.bytes} bytes>${end}`;
    default:
      return `${"  ".repeat(depth)}${name}${value.text}${end}`;
  }
}

const linesOf = (value: unknown): string[] => Array.from(jsonLines(value), written);

describe("a value as lines", () => {
  it("reads as indented JSON", () => {
    const value = { a: 1, b: { 'c"d': [true, null, { e: "f" }], empty: {} }, none: [], last: -1.5e-7 };
    assert.deepEqual(linesOf(value), [
      "{",
      '  "a": 1,',
      '  "b": {',
      '    "c\\"d": [',
      "      true,",
      "      null,",
      "      {",
      '        "e": "f"',
      "      }",
      "    ],",
      '    "empty": {}',
      "  },",
      '  "none": [],',
      '  "last": -1.5e-7',
      "}",
    ]);
    assert.deepEqual(JSON.parse(linesOf(value).join("\n")), value);
  });

  it("may be no object", () => {
    for (const value of ["a", 1, true, null, [], {}]) assert.deepEqual(linesOf(value), [JSON.stringify(value)]);
  });

  it("leaves out what JSON leaves out", () => {
    assert.deepEqual(linesOf({ a: undefined, b: [undefined] }), ["{", '  "b": [null]', "}"]);
    assert.deepEqual(linesOf(undefined), ["null"]);
  });

  it("puts short lists in a line, and the numbers of long ones in rows", () => {
    assert.deepEqual(linesOf(["a", 1, true, null]), ['["a", 1, true, null]']);
    assert.deepEqual(linesOf(["a", "b\nc"]), ["[", '  "a",', "  <b\nc>", "]"]);
    const numbers = Array.from({ length: 1536 }, (_, index) => index / 7);
    const lines = linesOf({ numbers });
    assert.ok(lines.length < 1536 / 3 && lines.every((line) => line.length < 110));
    assert.deepEqual(JSON.parse(lines.join("\n")), { numbers });
  });

  it("lays out strings with line breaks, and long ones", () => {
    assert.deepEqual(linesOf({ a: "b\nc", d: "e" }), ["{", '  "a": <b\nc>,', '  "d": "e"', "}"]);
    const long = "word ".repeat(500);
    assert.deepEqual(linesOf([long]), ["[", `  <${long}>`, "]"]);
  });

  it("tells bytes by their number", () => {
    const bytes = Buffer.alloc(301, "picture");
    const base64 = bytes.toString("base64");
    for (const text of [base64, `data:image/png;base64,${base64}`, bytes.toString("base64url")]) {
      assert.deepEqual(linesOf(text), ["<301 bytes>"]);
    }
    const words = "no base64 at all ".repeat(20);
    assert.deepEqual(linesOf(words), [JSON.stringify(words)]);
    assert.deepEqual(linesOf("shortAndPlain"), ['"shortAndPlain"']);
  });

  it("has the keys that objects have by themselves as any other", () => {
    const value: unknown = JSON.parse('{"__proto__": {"constructor": 1}, "toString": 2}');
    assert.deepEqual(linesOf(value), ["{", '  "__proto__": {', '    "constructor": 1', "  },", '  "toString": 2', "}"]);
  });

  it("is made however deep it is, as far as it is asked for", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 50_000; depth++) deep = [{ deep }];
    const lines = jsonLines(deep);
    const first = Array.from({ length: 4 }, () => lines.next().value?.depth);
    assert.deepEqual(first, [0, 1, 2, 3]);
    let count = first.length;
    for (const _ of lines) count++;
    assert.equal(count, 200_001);
  });
});

describe("a text that is JSON as a whole", () => {
  it("is read as what it is", () => {
    assert.deepEqual(jsonIn(' {"a": [1, 2.50, "b\\"c: 1"]}\n'), { a: [1, 2.5, 'b"c: 1'] });
    assert.deepEqual(jsonIn("[1]"), [1]);
    assert.deepEqual(jsonIn('{"a":"\\u00e9\\/"}'), { a: "é/" });
  });

  it("is not a text that only begins so, nor a plain value", () => {
    for (const text of [
      '{"a": 1} and more',
      "[see](b)",
      "[1] and [2]",
      "{a}",
      '"a"',
      "1",
      "null",
      "",
      "{",
      "[".repeat(100_000),
    ]) {
      assert.equal(jsonIn(text), undefined, text.slice(0, 20));
    }
  });

  it("is shown with the digits of its numbers", () => {
    const shown = [...jsonLines(jsonIn('{"id": 12345678901234567890, "list": [1.50, -0, 1e400]}'))];
    assert.deepEqual(
      shown
        .flatMap(({ value }) => (value.type === "row" ? value.values : [value]))
        .filter(({ type }) => type === "number"),
      ["12345678901234567890", "1.50", "-0", "1e400"].map((text) => ({ type: "number", text })),
    );
  });

  it("is not what would be shown otherwise than it was recorded", () => {
    assert.equal(jsonIn('{"a": 1, "a": 2}'), undefined, "a value would be hidden");
    assert.equal(jsonIn('{"a": {"b": 1, "\\u0062": 2}}'), undefined, "a value would be hidden");
    assert.deepEqual(jsonIn('{"a": "12345678901234567890", "b": "\\"a\\": 1"}'), {
      a: "12345678901234567890",
      b: '"a": 1',
    });
  });

  it("may be nested deep", () => {
    const text = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    assert.equal(jsonLines(jsonIn(text)).next().value?.depth, 0);
  });
});
