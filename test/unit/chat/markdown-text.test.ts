import assert from "node:assert/strict";
import { describe, it } from "node:test";
import MarkdownIt from "markdown-it";
import { code, fence, words } from "../../../src/chat/markdown-text.ts";
import { Random } from "../../../src/local/samples/random.ts";

const markdown = new MarkdownIt({ html: true, linkify: false });
const PIECES = ["`", "``", "```", "a", " ", "\\", "*", "_", "<b>", "](x)", "![", "&amp;", "~~~", "$", "|", "#"];

/** Texts with Markdown syntax. */
function* oddTexts(count: number): Generator<string> {
  const random = new Random(14);
  for (let round = 0; round < count; round++)
    yield Array.from({ length: random.between(1, 8) }, () => random.pick(PIECES)).join("");
}

describe("recorded text as Markdown", () => {
  it("is one piece of code within a line, and no more", () => {
    for (const text of oddTexts(2000)) {
      const [, line] = markdown.parse(`before ${code(text)} after`, {});
      const runs = line?.children?.map(({ type, content }) => [type, content.trim()]);
      assert.deepEqual(
        runs,
        [
          ["text", "before"],
          ["code_inline", text.trim().replace(/\s+/g, " ")],
          ["text", "after"],
        ],
        JSON.stringify(text),
      );
    }
  });

  it("is words within a line, and no more", () => {
    for (const text of oddTexts(2000)) {
      const [, line] = markdown.parse(`before ${words(text)} after`, {});
      const runs = line?.children ?? [];
      assert.ok(
        runs.every(({ type }) => type === "text" || type === "text_special"),
        JSON.stringify(text),
      );
      const shown = runs.map(({ content }) => content).join("");
      assert.equal(shown, `before ${text.replace(/\s+/g, " ")} after`);
    }
  });

  it("is one block in a fence, and what follows it is none of it", () => {
    for (const text of oddTexts(2000)) {
      const lines = `${text}\n${text}`;
      const blocks = markdown.parse(`${fence(lines)}\nafter`, {}).map(({ type, content }) => [type, content]);
      assert.deepEqual(blocks.slice(0, 2), [
        ["fence", `${lines}\n`],
        ["paragraph_open", ""],
      ]);
    }
  });
});
