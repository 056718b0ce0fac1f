import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cutAt, isLong, preview, sizeOf } from "../../../src/reading/core/folding.ts";
import { textBlocks } from "../../../media/log/text-blocks.ts";

describe("the size of a text", () => {
  it("counts characters and lines", () => {
    assert.deepEqual(sizeOf(""), { characters: 0, lines: 0 });
    assert.deepEqual(sizeOf("one"), { characters: 3, lines: 1 });
    assert.deepEqual(sizeOf("one\ntwo"), { characters: 7, lines: 2 });
    assert.deepEqual(sizeOf("one\n\n"), { characters: 5, lines: 2 });
  });

  it("decides what is folded: more than 1,200 characters or 20 lines, of a system prompt less", () => {
    assert.ok(!isLong(sizeOf("x".repeat(1200)), "user"));
    assert.ok(isLong(sizeOf("x".repeat(1201)), "user"));
    assert.ok(!isLong(sizeOf("x\n".repeat(20)), "tool"));
    assert.ok(isLong(sizeOf("x\n".repeat(21)), "tool"));
    assert.ok(isLong(sizeOf("x".repeat(401)), "system"));
  });
});

describe("the preview of a text", () => {
  it("is its first lines, and nothing is lost", () => {
    assert.deepEqual(preview("1\n2\n3\n4\n5"), { head: "1\n2\n3\n", rest: "4\n5" });
    assert.deepEqual(preview("1\n2"), { head: "1\n2", rest: "" });
  });

  it("ends at a space of one long line", () => {
    const text = "word ".repeat(200);
    const { head, rest } = preview(text);
    assert.equal(head + rest, text);
    assert.ok(head.length <= 240 && head.endsWith("word "));
  });

  it("never cuts a character in two", () => {
    const text = "😀".repeat(200);
    for (const end of [99, 100, 101]) assert.equal(cutAt(text, end) % 2, 0);
    const { head, rest } = preview(`x${text}`);
    assert.equal(head + rest, `x${text}`);
    assert.ok(head.isWellFormed() && rest.isWellFormed());
  });
});

describe("a long text in blocks", () => {
  it("is one block when it is short, and none when it is empty", () => {
    assert.deepEqual(textBlocks("short\ntext"), ["short\ntext"]);
    assert.deepEqual(textBlocks(""), []);
  });

  it("is cut at the ends of lines, and nothing is lost", () => {
    const text = Array.from({ length: 2000 }, (_, line) => `line ${line} of the text`).join("\n");
    const blocks = textBlocks(text);
    assert.equal(blocks.join(""), text);
    assert.ok(blocks.length > 8);
    for (const block of blocks) assert.ok(block.length <= 4001);
    for (const block of blocks.slice(0, -1)) assert.ok(block.endsWith("\n"));
  });

  it("is cut elsewhere where a line has no end, never in a character", () => {
    for (const text of ["x".repeat(9001), `x${"😀".repeat(9000)}`, `${"word ".repeat(3000)}\nend`]) {
      const blocks = textBlocks(text);
      assert.equal(blocks.join(""), text);
      for (const block of blocks) assert.ok(block.length <= 4001 && block.isWellFormed());
    }
  });
});
