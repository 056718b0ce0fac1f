import { html, nothing, type TemplateResult } from "lit";
import type { PageStrings } from "../../src/panel/strings.ts";
import { inColours } from "./code-colours.ts";
import { copyTemplate } from "../kit/code-copy.ts";
import type { Say } from "../kit/context.ts";
import { visible } from "../../src/panel/visible.ts";

/**
 * A block of code: what is said of it, a button that copies it as it was recorded, and its text, in colours where that is
 * possible. It scrolls sideways on its own.
 * @param info what the message says of it, the language first ("ts title=x"); "" where it says nothing
 */
export function codeTemplate(text: string, info: string, strings: PageStrings, say: Say): TemplateResult {
  const name = visible(info);
  const label = name === "" ? strings.code : `${strings.code}: ${name}`;
  return html`<div class="code" role="group" aria-label=${label} dir="ltr">
    <div class="code-head">
      ${name === "" ? nothing : html`<span class="name">${name}</span>`} ${copyTemplate(() => text, strings, say)}
    </div>
    <pre tabindex="0"><code>${inColours(visible(text), /^[\w#+-]*/.exec(info)?.[0] ?? "")}</code></pre>
  </div>`;
}
