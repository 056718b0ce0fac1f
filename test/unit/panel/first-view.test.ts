import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstView, type FirstWords } from "../../../src/panel/first-view.ts";
import type { Fact, LogView } from "../../../src/panel/protocol.ts";
import { Random } from "../../../src/local/samples/random.ts";

const WORDS: FirstWords = {
  conversation: "Conversation",
  raw: "Raw",
  markdown: "Markdown",
  views: "Views",
  rating: "rating",
  score: "score",
  set: "Set…",
  logId: "log id",
  copy: "Copy",
  loading: "Loading…",
  deleting: "This log is being deleted.",
};

/** A view of a log that is being read; each of its texts is made by `text`. */
function viewOf(text: () => string): LogView {
  const fact = (): Fact => ({ name: text(), value: text(), title: text() });
  return {
    ref: { accountId: text(), gatewayId: text(), logId: text() },
    title: text(),
    chips: [text(), text()],
    status: { text: text(), outcome: "error" },
    facts: [fact(), fact()],
    metadata: [fact()],
    moreMetadata: 0,
    foot: [fact()],
    rating: { verdict: "up", words: text(), score: text() },
    round: undefined,
    siblings: [],
    error: undefined,
    media: {},
    view: "conversation",
    isDeleting: true,
    state: { type: "loading" },
  };
}

/** The elements of an HTML with their attributes' names, as a browser would find them; then its text, and that in attributes. */
function parsed(html: string): { elements: string[]; texts: string[] } {
  const elements: string[] = [];
  const texts: string[] = [];
  const decoded = (text: string): string =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  for (const [, tag = "", text = ""] of html.matchAll(/<((?:"[^"]*"|[^">])*)>([^<]*)/g)) {
    elements.push(tag.replace(/"[^"]*"/g, '""'));
    texts.push(...[...tag.matchAll(/"([^"]*)"/g)].map(([, value = ""]) => decoded(value)), decoded(text));
  }
  return { elements, texts };
}

describe("what a log's page begins with", () => {
  it("has all that its row tells, in the words of the page", () => {
    let count = 0;
    const { html } = firstView(
      viewOf(() => `text ${(count += 1)}.`),
      WORDS,
    );
    // What comes with the content is not there: the account, the gateway, the metadata and the foot.
    const shown = Array.from({ length: count }, (_, index) => index + 1).filter((one) => html.includes(`text ${one}.`));
    assert.deepEqual(shown, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21]);
    for (const words of Object.values(WORDS)) assert.ok(html.includes(words), words);
  });

  it("has nothing of what is recorded as markup: 2,000 random logs", () => {
    const random = new Random(15);
    const tags = "<script> </script> </main> <style> <!-- --> /> onload=alert(1) javascript: ]]> &lt; ${x}".split(" ");
    const pieces = [...tags, ...Array.from("\"'<>&`=\0\u202e\n "), "a b"];
    const usual = parsed(
      firstView(
        viewOf(() => "plain"),
        WORDS,
      ).html,
    ).elements;
    assert.ok(usual.length > 30);
    for (let round = 0; round < 2000; round += 1) {
      const texts: string[] = [];
      const text = (): string => {
        const made = Array.from({ length: random.between(1, 5) }, () => random.pick(pieces)).join("");
        texts.push(made);
        return made;
      };
      const { html } = firstView(viewOf(text), WORDS);
      const { elements, texts: found } = parsed(html);
      assert.deepEqual(elements, usual, JSON.stringify(texts));
      // An id that is no text for anybody is as it was.
      assert.ok(!/[\0\u202e]/.test(html.replace(/ data-log="[^"]*"/, "")), JSON.stringify(texts));
      const title = (texts[3] ?? "").replaceAll("\0", "\u2400").replaceAll("\u202e", "[U+202E]");
      assert.ok(found.filter((one) => one === title).length >= 2, JSON.stringify(title));
    }
  });
});
