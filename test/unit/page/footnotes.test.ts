import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { footnotesOf } from "../../../media/log/footnotes.ts";
import type { Citation, Part } from "../../../src/chat/conversation.ts";

const cited = (...citations: Citation[]): Part => ({ type: "text", text: "said", citations });

describe("footnotes", () => {
  it("are numbered through a message, one for a source", () => {
    const { notes, marks } = footnotesOf([
      cited({ url: "https://one.test/", title: "One" }, { url: "https://two.test/" }),
      { type: "text", text: "nothing cited" },
      cited({ url: "https://one.test/" }, { text: "a quotation" }),
    ]);
    assert.deepEqual(notes, [
      { number: 1, url: "https://one.test/", title: "One" },
      { number: 2, url: "https://two.test/" },
      { number: 3, text: "a quotation" },
    ]);
    assert.deepEqual(
      [...marks],
      [
        [0, [1, 2]],
        [2, [1, 3]],
      ],
    );
  });

  it("show a citation whose form is not known as it is", () => {
    assert.deepEqual(footnotesOf([cited({ document: 3 })]).notes, [{ number: 1, text: '{"document":3}' }]);
  });

  it("are none where nothing is cited", () => {
    const { notes, marks } = footnotesOf([cited(), { type: "refusal", text: "no" }]);
    assert.deepEqual([notes, marks.size], [[], 0]);
  });
});
