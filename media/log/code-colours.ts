import { noChange } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { type ChildPart, directive } from "lit/directive.js";
import type * as Languages from "./code-languages.ts";

/** Limits, in characters, for highlighting a block and for detecting its language. */
const MAX_LENGTH = 20_000;
const MAX_DETECTED = 4000;

// The language bundle is next to this script. An import inherits the nonce of its script.
const running = document.currentScript;
const languagesScript = running instanceof HTMLScriptElement ? new URL("colours.js", running.src).href : "";

type Coloured = Languages.Coloured;

async function coloured(text: string, language: string): Promise<Coloured[] | undefined> {
  try {
    const { colourCode }: typeof Languages = await import(languagesScript);
    return colourCode(text, language);
  } catch {
    // The text shows without colors.
    return undefined;
  }
}

/** Callbacks for blocks that come near the viewport. */
const near = new WeakMap<Element, () => void>();

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) near.get(target)?.();
  },
  // In a frame, a margin applies only to an explicit root.
  { root: document, rootMargin: "300px" },
);

function nodesOf(children: Coloured[]): Node[] {
  return children.map((child) => {
    if (typeof child === "string") return document.createTextNode(child);
    const span = document.createElement("span");
    span.className = child.classes;
    span.append(...nodesOf(child.children));
    return span;
  });
}

/** A code block's text, highlighted once it's near the viewport and the languages are loaded. */
class Colours extends AsyncDirective {
  #text: string | undefined;
  #language = "";
  #element: Element | undefined;

  override render(text: string, _language: string): unknown {
    return text;
  }

  override update({ parentNode }: ChildPart, [text, language]: [string, string]): unknown {
    if (text === this.#text && language === this.#language) return noChange;
    this.#text = text;
    this.#language = language;
    this.disconnected();
    if (text.length <= (language === "" ? MAX_DETECTED : MAX_LENGTH) && parentNode instanceof Element) {
      this.#element = parentNode;
      this.reconnected();
    }
    return text;
  }

  override disconnected(): void {
    if (this.#element) watcher.unobserve(this.#element);
  }

  override reconnected(): void {
    if (!this.#element) return;
    near.set(this.#element, () => void this.#colour());
    watcher.observe(this.#element);
  }

  async #colour(): Promise<void> {
    this.disconnected();
    this.#element = undefined;
    const text = this.#text ?? "";
    const language = this.#language;
    const runs = await coloured(text, language);
    // The text may have changed meanwhile.
    if (runs && text === this.#text && language === this.#language) this.setValue(nodesOf(runs));
  }
}

/** See Colours; must be its element's only content. */
export const inColours = directive(Colours);
