import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstView, openingOf, type FirstWords } from "../../../src/panel/first-view.ts";
import { markup } from "../../../src/panel/html.ts";
import { CAPABILITIES } from "../../../src/source/capabilities.ts";
import type { Opening } from "../../../src/reading/core/opening.ts";
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
  request: "Request",
  response: "Response",
  system: "System",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

/** A view of a loading log, with each text made by `text`. */
function viewOf(text: () => string): LogView {
  const fact = (): Fact => ({ name: text(), value: text(), title: text() });
  return {
    ref: { sourceId: text(), collectionId: text(), logId: text() },
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
    can: CAPABILITIES,
    state: { type: "loading" },
  };
}

/** A conversation's opening with a message of each role, each text made by `text`. */
const talkOf = (text: () => string): Opening => ({
  messages: (["system", "user", "tool"] as const).map((role) => ({ role, name: text(), texts: [text(), text()] })),
  answers: [{ role: "assistant", texts: [text()] }],
});

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
    // Content that comes later is absent: the account, the gateway, the metadata and the foot.
    const shown = Array.from({ length: count }, (_, index) => index + 1).filter((one) => html.includes(`text ${one}.`));
    assert.deepEqual(shown, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21]);
    const { request, response, system, user, assistant, tool, ...words } = WORDS;
    for (const word of Object.values(words)) assert.ok(html.includes(word), word);
    for (const word of [request, response, system, user, assistant, tool]) assert.ok(!html.includes(word), word);
  });

  it("then has what is first seen of the conversation, where that is what is to be shown", () => {
    let count = 0;
    const opening = talkOf(() => `message ${(count += 1)}.`);
    const view = viewOf(() => "text");
    const html = openingOf(view, WORDS, opening)?.html ?? "";
    for (let one = 1; one <= count; one += 1) assert.ok(html.includes(`message ${one}.`), html);
    const { request, response, system, user, assistant, tool } = WORDS;
    for (const word of [request, response, system, user, assistant, tool]) assert.ok(html.includes(word), word);
    for (const other of ["raw", "markdown"] as const)
      assert.equal(openingOf({ ...view, view: other }, WORDS, opening), undefined);
    assert.equal(openingOf({ ...view, error: { message: "It failed." } }, WORDS, opening), undefined);
  });

  it("has nothing of what is recorded as markup: 2,000 random logs", () => {
    const random = new Random(15);
    const tags = "<script> </script> </main> <style> <!-- --> /> onload=alert(1) javascript: ]]> &lt; ${x}".split(" ");
    const pieces = [...tags, ...Array.from("\"'<>&`=\0\u202e\n "), "a b"];
    const usual = parsed(
      markup`${firstView(
        viewOf(() => "plain"),
        WORDS,
      )}${openingOf(
        viewOf(() => "plain"),
        WORDS,
        talkOf(() => "plain"),
      )}`.html,
    ).elements;
    assert.ok(usual.length > 30);
    for (let round = 0; round < 2000; round += 1) {
      const texts: string[] = [];
      const text = (): string => {
        const made = Array.from({ length: random.between(1, 5) }, () => random.pick(pieces)).join("");
        texts.push(made);
        return made;
      };
      const { html } = markup`${firstView(viewOf(text), WORDS)}${openingOf(viewOf(text), WORDS, talkOf(text))}`;
      const { elements, texts: found } = parsed(html);
      assert.deepEqual(elements, usual, JSON.stringify(texts));
      // An ID, which isn't shown, stays as is.
      assert.ok(!/[\0\u202e]/.test(html.replace(/ data-log="[^"]*"/, "")), JSON.stringify(texts));
      const title = (texts[3] ?? "").replaceAll("\0", "\u2400").replaceAll("\u202e", "[U+202E]");
      assert.ok(found.filter((one) => one === title).length >= 2, JSON.stringify(title));
    }
  });
});
