import type { Anchor, Place } from "./places.ts";

/** Returns the bottom of the sticky bar, in pixels from the top. */
const topOfReading = (): number => document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;

/** Returns the element at the top; undefined at the beginning of the page. */
export function anchorNow(): Anchor | undefined {
  if (scrollY === 0) return undefined;
  const top = topOfReading();
  const outer = firstBelow(
    top,
    document.querySelectorAll("#log .group, #log :not(.group) > article[id], #log h2[id], #log footer[id]"),
  );
  const element = outer?.id === "" ? firstBelow(top, outer.querySelectorAll("article[id]")) : outer;
  return element && { id: element.id, offset: element.getBoundingClientRect().top - top };
}

/** Finds the first of stacked elements that ends below `top`. Uses binary search, because measuring forces layout. */
function firstBelow(top: number, elements: NodeListOf<Element>): Element | undefined {
  let [from, to] = [0, elements.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((elements[middle]?.getBoundingClientRect().bottom ?? 0) > top) to = middle;
    else from = middle + 1;
  }
  return elements[from];
}

/** A request up to this share of the window is shown whole, with the beginning of its answer below. */
const SHORT = 0.6;

/** Share of the window for the end of the request when a log opens at its answer. */
const ABOVE = 0.3;

/**
 * Returns where an unread log opens: at its answer or error; undefined for the beginning, if the answer is visible from
 * there.
 */
export function answerAnchor(): Anchor | undefined {
  const answer = document.querySelector("#response-heading, #error-heading");
  if (!answer || answer.getBoundingClientRect().top + scrollY < innerHeight * SHORT) return undefined;
  return { id: answer.id, offset: (innerHeight - topOfReading()) * ABOVE };
}

/** Scrolls to an anchor, if its element exists. */
export function goTo({ id, offset }: Anchor): void {
  const element = document.getElementById(id);
  if (element) scrollBy(0, element.getBoundingClientRect().top - topOfReading() - offset);
}

/** Frames until new content is rendered in full and has its height. */
const SETTLING = 6;

/** Events of a user's own scrolling, among other things. */
const INPUTS = ["wheel", "keydown", "pointerdown", "touchstart"];

/** Returns to where a log was left, until the user scrolls on. */
export class Return {
  readonly #anchor: Anchor | undefined;
  readonly #person = new AbortController();
  /** Frames left to settle. */
  #frames = 0;
  #restedAt = 0;

  /** An unread log opens at its answer. */
  constructor({ anchor }: Place) {
    this.#anchor = anchor;
    const { signal } = this.#person;
    for (const type of INPUTS) addEventListener(type, () => this.end(), { once: true, passive: true, signal });
    scrollTo(0, 0);
    this.again();
  }

  /** Whether the user has scrolled since; small shifts also happen when content above gets its height. */
  get isOver(): boolean {
    if (this.#frames === 0 && Math.abs(scrollY - this.#restedAt) > innerHeight / 2) this.end();
    return this.#person.signal.aborted;
  }

  /** Stops, leaving the page where it is. */
  end(): void {
    this.#person.abort();
  }

  /** Starts again: a new snapshot may hold more of the log. */
  again(): void {
    const isSettling = this.#frames > 0;
    this.#frames = SETTLING;
    if (!isSettling) this.#settle();
  }

  #settle(): void {
    if (this.#person.signal.aborted) {
      this.#frames = 0;
      return;
    }
    const anchor = this.#anchor ?? answerAnchor();
    if (anchor) goTo(anchor);
    this.#restedAt = scrollY;
    this.#frames -= 1;
    if (this.#frames > 0) requestAnimationFrame(() => this.#settle());
  }
}
