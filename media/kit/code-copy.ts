import { html, type TemplateResult } from "lit";
import type { PageStrings } from "../../src/panel/strings.ts";

/** Tells the host what is to be copied. */
export type SayCopy = (intent: { type: "copy"; text: string }) => void;

const statusOf = ({ currentTarget }: Event): Element | null =>
  currentTarget instanceof Element ? currentTarget.nextElementSibling : null;

/** What was said goes when the person does. */
const unsay = (event: Event): void => statusOf(event)?.replaceChildren();

/** A button that copies a text, and says so beside it until the person turns elsewhere. */
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
