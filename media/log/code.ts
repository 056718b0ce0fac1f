import { html, nothing, type TemplateResult } from "lit";
import type { PageStrings } from "../../src/panel/strings.ts";
import { inColours } from "./code-colours.ts";
import { copyTemplate } from "../kit/code-copy.ts";
import type { Say } from "../kit/context.ts";
import { visible } from "../../src/panel/visible.ts";

/**
 * Renders a code block: its caption, a button that copies it as recorded, and its text, highlighted if possible.
 * Scrolls sideways on its own.
 * @param info the fence's info string, language first ("ts title=x"), or ""
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
