import { html, nothing, type TemplateResult } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { directive, PartType, type PartInfo } from "lit/directive.js";
import { ref } from "lit/directives/ref.js";
import type { Context } from "./context.ts";
import { visible } from "../../src/panel/visible.ts";

export type FoldOptions = {
  /** ID among the log's folds, to remember whether it's open. */
  id: string;
  /** The summary's content, for both states. */
  summary: (open: boolean) => unknown;
  /** The content as plain text, so that a closed fold can be found. */
  plain: () => string;
  content: () => unknown;
  context: Context;
};

const folds = new WeakMap<Element, FoldBody>();

/** Opens a fold, and renders its content in full. */
export function openFold(details: HTMLDetailsElement): void {
  const fold = folds.get(details);
  if (fold) fold.turn(true);
  else details.open = true;
}

/** A fold that keeps its content as plain text until it's opened. */
class FoldBody extends AsyncDirective {
  #options: FoldOptions | undefined;
  /** Opened by the browser's search, which found something in the plain text; that must stay. */
  #plain = false;

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error("a fold is a child");
  }

  override render(options: FoldOptions): unknown {
    this.#options = options;
    return this.#template();
  }

  get #open(): boolean {
    return this.#options?.context.place.open.includes(this.#options.id) ?? false;
  }

  /** Opens or closes the fold. */
  turn(open: boolean, plain = false): void {
    if (!this.#options || open === this.#open) return;
    const { id, context } = this.#options;
    const { place } = context;
    place.open = open ? [...place.open, id] : place.open.filter((other) => other !== id);
    this.#plain = plain;
    context.keep();
    this.setValue(this.#template());
  }

  #template(): TemplateResult | typeof nothing {
    if (!this.#options) return nothing;
    const { summary, plain, content } = this.#options;
    const open = this.#open;
    return html`<details
      class="fold"
      ?open=${open}
      @toggle=${({ currentTarget }: Event) =>
        currentTarget instanceof HTMLDetailsElement && this.turn(currentTarget.open, true)}
      ${ref((details) => details && folds.set(details, this))}
    >
      <summary
        @click=${(event: Event) => {
          event.preventDefault();
          this.turn(!this.#open);
        }}
      >
        ${summary(open && !this.#plain)}
      </summary>
      ${open && !this.#plain ? content() : html`<div class="text">${visible(plain())}</div>`}
    </details>`;
  }
}

/** A fold, initially closed, that remembers how the user left it. */
export const foldTemplate = directive(FoldBody);
