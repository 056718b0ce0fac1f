import { openFold } from "./fold.ts";
import { matchesOf, nextMatch } from "./matches.ts";
import { bringNear } from "./nearness.ts";

/** Elements that a word may span. */
const INLINE = new Set(["A", "B", "BDI", "CODE", "DEL", "EM", "I", "MARK", "S", "SPAN", "STRONG", "SUB", "SUP", "U"]);

type Segment = { node: Text; start: number };
type Match = { start: number; end: number };

/** The text below an element in document order, mapped to its nodes. */
class SearchedText {
  readonly text: string;
  readonly #segments: Segment[] = [];

  constructor(root: Node) {
    let text = "";
    let block: Element | null = null;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
      const here = blockOf(node);
      if (here !== block) text += "\n";
      block = here;
      this.#segments.push({ node, start: text.length });
      text += node.data;
    }
    this.text = text;
  }

  /** Returns the text offset of a document position. */
  offsetOf(container: Node, offset: number): number {
    const own = this.#segments.find(({ node }) => node === container);
    if (own) return own.start + offset;
    const range = new Range();
    range.setStart(container, offset);
    const next = this.#segments.find(({ node }) => range.comparePoint(node, 0) >= 0);
    return next ? next.start : this.text.length;
  }

  /** Returns a range of the text as a document range. */
  rangeOf({ start, end }: Match): Range {
    const range = new Range();
    const first = this.#segments.findLast((segment) => segment.start <= start);
    const last = this.#segments.findLast((segment) => segment.start < end);
    if (first && last) {
      range.setStart(first.node, start - first.start);
      range.setEnd(last.node, end - last.start);
    }
    return range;
  }
}

function blockOf(node: Node): Element | null {
  let element = node.parentElement;
  while (element && INLINE.has(element.tagName)) element = element.parentElement;
  return element;
}

/** Limit on nested folds that are opened for a match. */
const DEEPEST = 10;

const elementOf = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement);

/**
 * Makes a range visible: its message in full, all enclosing folds open. That changes their text, so the match is found
 * again by its count from the message's beginning.
 */
function revealed(range: Range, wanted: string, caseSensitive: boolean): Range {
  const article = elementOf(range.startContainer)?.closest("article, .beside");
  if (!article) return range;
  const before = new SearchedText(article);
  const at = before.offsetOf(range.startContainer, range.startOffset);
  const count = matchesOf(before.text, wanted, caseSensitive).filter(({ start }) => start < at).length;
  const find = (): Range | undefined => {
    const searched = new SearchedText(article);
    const matches = matchesOf(searched.text, wanted, caseSensitive);
    const match = matches[Math.min(count, matches.length - 1)];
    return match && searched.rangeOf(match);
  };
  bringNear(article);
  let found = find();
  // A fold may contain another; a closed fold's summary is visible.
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const element = found && elementOf(found.startContainer);
    const closed = element?.closest<HTMLDetailsElement>("details:not([open])");
    if (!closed || element?.closest("summary")?.parentElement === closed) break;
    openFold(closed);
    found = find();
  }
  if (found) return found;
  range.selectNodeContents(article);
  range.collapse(false);
  return range;
}

/** Frames until the content around a match is laid out. */
const SETTLING = 6;

function scrollToRange(range: Range, frames: number): void {
  const { top, bottom } = range.getBoundingClientRect();
  const bar = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
  if (top < bar || bottom > innerHeight) scrollBy(0, (top + bottom) / 2 - innerHeight / 2);
  if (frames > 0) requestAnimationFrame(() => scrollToRange(range, frames - 1));
}

const HIGHLIGHT = "current-find-highlight";

// Highlights the match like the editor does, while it's selected.
document.addEventListener("selectionchange", () => {
  if (getSelection()?.isCollapsed) CSS.highlights.delete(HIGHLIGHT);
});

/** Replaces `window.find`: also finds and shows text in folds and in distant messages. */
export function findInPage(wanted: string, caseSensitive = false, backwards = false, wrap = false): boolean {
  const root = document.querySelector("#log");
  const selection = getSelection();
  if (!root || !selection) return false;
  const searched = new SearchedText(root);
  const matches = matchesOf(searched.text, wanted, caseSensitive);
  const current = selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;
  const from =
    current === undefined
      ? 0
      : backwards
        ? searched.offsetOf(current.startContainer, current.startOffset)
        : searched.offsetOf(current.endContainer, current.endOffset);
  const match = nextMatch(matches, from, backwards, wrap);
  if (!match) return false;
  const range = revealed(searched.rangeOf(match), wanted, caseSensitive);
  selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  CSS.highlights.set(HIGHLIGHT, new Highlight(range));
  // Scroll containers first, then the page.
  elementOf(range.startContainer)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrollToRange(range, SETTLING);
  return true;
}
