import { html, type TemplateResult } from "lit";
import type { PageStrings } from "../../src/panel/strings.ts";

/** Asks the host to copy a text. */
export type SayCopy = (intent: { type: "copy"; text: string }) => void;

const statusOf = ({ currentTarget }: Event): Element | null =>
  currentTarget instanceof Element ? currentTarget.nextElementSibling : null;

/** The status disappears when the focus or the pointer leaves. */
const unsay = (event: Event): void => statusOf(event)?.replaceChildren();

/** Renders a button that copies a text, with a status next to it until the user moves on. */
export function copyTemplate(text: () => string, strings: PageStrings, say: SayCopy): TemplateResult {
  const copy = (event: Event): void => {
    say({ type: "copy", text: text() });
    statusOf(event)?.replaceChildren(strings.copied);
  };
  return html`<span class="copying"
    ><button type="button" class="quiet" @click=${copy} @blur=${unsay} @pointerleave=${unsay}>${strings.copy}</button
    ><span class="copied" role="status"></span
  ></span>`;
}
