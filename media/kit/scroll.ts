import type { Anchor, Place } from "./places.ts";

/** Where reading begins below the bar that stays, in pixels from the top. */
const topOfReading = (): number => document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;

/** What stands at the top now; undefined at the very beginning. */
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

/** Of what stands one below the other, the first that ends below the top: by halves, since looking lays it out. */
function firstBelow(top: number, elements: NodeListOf<Element>): Element | undefined {
  let [from, to] = [0, elements.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((elements[middle]?.getBoundingClientRect().bottom ?? 0) > top) to = middle;
    else from = middle + 1;
  }
  return elements[from];
}

/** Share of the window above which a short request is seen whole, with the beginning of its answer below it. */
const SHORT = 0.6;

/** Share of the window below its bar that stays for what was asked, when a log opens at its answer. */
const ABOVE = 0.3;

/** Where a log opens that was not read yet: at its answer, or its error; undefined: at its beginning, where that is seen. */
export function answerAnchor(): Anchor | undefined {
  const answer = document.querySelector("#response-heading, #error-heading");
  if (!answer || answer.getBoundingClientRect().top + scrollY < innerHeight * SHORT) return undefined;
  return { id: answer.id, offset: (innerHeight - topOfReading()) * ABOVE };
}

/** Scrolls to where an anchor says, where its element is there. */
export function goTo({ id, offset }: Anchor): void {
  const element = document.getElementById(id);
  if (element) scrollBy(0, element.getBoundingClientRect().top - topOfReading() - offset);
}

/** Frames in which what has come near is shown in full and takes its own height. */
const SETTLING = 6;

/** What a person scrolls with, among others. */
const INPUTS = ["wheel", "keydown", "pointerdown", "touchstart"];

/** Goes to where a log was left, and says whether the person has gone on from there. */
export class Return {
  readonly #anchor: Anchor | undefined;
  readonly #person = new AbortController();
  /** Frames that are left to settle in. */
  #frames = 0;
  #restedAt = 0;

  /** A log that was not read yet is shown at its answer. */
  constructor({ anchor }: Place) {
    this.#anchor = anchor;
    const { signal } = this.#person;
    for (const type of INPUTS) addEventListener(type, () => this.end(), { once: true, passive: true, signal });
    scrollTo(0, 0);
    this.again();
  }

  /** Whether the person has scrolled since; a page moves a little by itself when what is above takes its height. */
  get isOver(): boolean {
    if (this.#frames === 0 && Math.abs(scrollY - this.#restedAt) > innerHeight / 2) this.end();
    return this.#person.signal.aborted;
  }

  /** Leaves the page where it is. */
  end(): void {
    this.#person.abort();
  }

  /** Goes there once more: another snapshot may hold more of the log. */
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
