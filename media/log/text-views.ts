import { html, nothing, type TemplateResult } from "lit";
import type { Side } from "../../src/source/log.ts";
import type { LogContent } from "../../src/panel/protocol.ts";
import type { RawBody } from "../../src/reading/core/body-state.ts";
import type { Context } from "../kit/context.ts";
import { longText } from "./long-text.ts";
import { missingTemplate, noteTemplate } from "./sections.ts";

function bodyTemplate(
  side: Side,
  heading: string,
  body: RawBody | undefined,
  content: LogContent,
  context: Context,
): TemplateResult {
  const { strings, say } = context;
  return html`<section aria-labelledby="raw-${side}">
    <div class="section-head">
      <h2 id="raw-${side}">${heading}</h2>
      ${
        body
          ? html`<button class="link" @click=${() => say({ type: "openBody", side })}>${strings.openDocument}</button>`
          : nothing
      }
    </div>
    ${missingTemplate(content[side], side, context)}
    ${
      body
        ? html`<div class="source">${longText(body.text)}</div>
            ${body.cut ? noteTemplate(strings.goesOn) : nothing}`
        : content[side].missing
          ? nothing
          : html`<p class="name">${strings.nothingStored}</p>`
    }
  </section>`;
}

/** Renders the bodies as recorded; undefined until the host sends them. */
export function rawTemplate(content: LogContent, context: Context): TemplateResult | undefined {
  const { raw } = content;
  const { strings } = context;
  if (!raw) return undefined;
  return html`${bodyTemplate("request", strings.request, raw.request, content, context)}
  ${bodyTemplate("response", strings.response, raw.response, content, context)}
  ${raw.fields ? fieldsTemplate(raw.fields, context) : nothing}`;
}

/** Renders the log as its source gives it: fields that aren't recognized are only here. */
function fieldsTemplate({ text, cut }: RawBody, { strings, say }: Context): TemplateResult {
  return html`<section aria-labelledby="raw-fields">
    <div class="section-head">
      <h2 id="raw-fields">${strings.fields}</h2>
      <button class="link" @click=${() => say({ type: "copy", text })}>${strings.copy}</button>
    </div>
    <div class="source">${longText(text)}</div>
    ${cut ? noteTemplate(strings.fieldsGoOn) : nothing}
  </section>`;
}

/** Renders the conversation as Markdown source; undefined until the host sends it. */
export function markdownViewTemplate({ markdown }: LogContent, { strings, say }: Context): TemplateResult | undefined {
  if (!markdown) return undefined;
  return html`<section aria-labelledby="markdown-heading">
    <div class="section-head">
      <h2 id="markdown-heading">${strings.markdown}</h2>
      <button class="link" @click=${() => say({ type: "copy", text: markdown.text })}>${strings.copy}</button>
    </div>
    <div class="source">${longText(markdown.text)}</div>
    ${markdown.cut ? noteTemplate(strings.markdownGoesOn) : nothing}
  </section>`;
}
