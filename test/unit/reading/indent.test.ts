import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { indentJson } from "../../../src/reading/core/indent.ts";

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

  // Each level around a value is two more spaces before it: of 2 MB they made 203 million characters, of 9.8 MB more than a string holds.
  const nested = (levels: number, values: number) =>
    `${"[".repeat(levels)}${"1,".repeat(values)}1${"]".repeat(levels)}`;
  const named = (levels: number, values: number) =>
    `${'{"a":'.repeat(levels)}[${"{},".repeat(values)}0]${"}".repeat(levels)}`;
  const bombs = {
    "a million numbers in 100 lists": nested(100, 1_000_000),
    "9.8 MB of numbers in 100 lists": nested(100, 4_889_000),
    "9.8 MB of objects in 99 objects": named(99, 3_230_000),
    "9.8 MB of numbers in 5,000 lists": nested(5000, 4_889_000),
    "lists in lists": nested(16_000, 0),
    "numbers six lists deep": nested(6, 100_000),
  };
  for (const [name, text] of Object.entries(bombs)) {
    it(`gives ${name} as they are, since the layout would be several times as large`, () => {
      assert.ok(text.length <= 9_800_000);
      const laidOut = indentJson(text);
      assert.ok(laidOut === text, `${laidOut.length} characters of ${text.length}`);
    });
  }

  it("lays out what grows to less than four times its size, and what is small in any case", () => {
    const printed = (text: string) => `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
    const small = nested(90, 200);
    assert.ok(printed(small).length > 4 * small.length);
    for (const text of [nested(2, 100_000), small]) assert.ok(indentJson(text) === printed(text));
  });

  it("takes no memory for a layout that is not made, and little more than its size for one that is", () => {
    const source = `
      import { indentJson } from ${JSON.stringify(new URL("../../../src/reading/core/indent.ts", import.meta.url).href)};
      const bomb = "[".repeat(100) + "1,".repeat(4_889_000) + "1" + "]".repeat(100);
      const plain = "[" + '{"a":1},'.repeat(1_200_000) + "0]";
      console.log(indentJson(bomb).length, indentJson(plain).length);`;
    // The old layout of the first took gigabytes. JSON.parse alone takes about 100 MB for the second.
    const options = ["--max-old-space-size=400", "--input-type=module", "-e", source];
    assert.equal(execFileSync(process.execPath, options, { encoding: "utf8" }), "9778201 24000008\n");
  });

  it("lays out a string of several megabytes", () => {
    const long = 'a"\\'.repeat(2_000_000);
    assert.deepEqual(JSON.parse(indentJson(JSON.stringify({ long }))), { long });
  });
});
