import { html, nothing, type TemplateResult } from "lit";
import type { Fact, LogView, Sibling, ViewName } from "../../src/panel/protocol.ts";
import { filled, type Context } from "./context.ts";
import { ratingFacts, roundTemplate, thumbsTemplate } from "./rating.ts";
import { tabsTemplate } from "./tabs.ts";
import { visible } from "../../src/panel/visible.ts";

/** ID of the element that the view tabs switch. */
export const PANEL = "view";

/** Renders a short fact. */
export const factTemplate = ({ name, value, title }: Fact): TemplateResult =>
  html`<span class="fact" title=${title ? visible(title) : nothing}
    ><span class="name">${visible(name)}</span> <bdi class="value">${visible(value)}</bdi></span
  >`;

/** Renders an outcome. */
export const statusTemplate = ({ text, outcome }: Sibling["status"]): TemplateResult =>
  html`<span class="chip status ${outcome}">${visible(text)}</span>`;

/** Renders the buttons for the previous and the next item. */
export function goesTemplate(previous: string, next: string, go: (to: "next" | "previous") => void): TemplateResult {
  const button = (to: "next" | "previous", mark: string, words: string): TemplateResult =>
    html`<button class="go" aria-label=${words} title=${words} @click=${() => go(to)}>
      <span aria-hidden="true">${mark}</span>
    </button>`;
  return html`<div class="goes">${button("previous", "↑", previous)} ${button("next", "↓", next)}</div>`;
}

/** Renders the sticky bar: the log's name, its views, and navigation. */
export function barTemplate(view: LogView, context: Context): TemplateResult {
  const { strings, say } = context;
  const { title, status } = view;
  const views: { id: ViewName; name: string }[] = [
    { id: "conversation", name: strings.conversation },
    { id: "raw", name: strings.raw },
    { id: "markdown", name: strings.markdown },
  ];
  return html`<header class="bar" data-log=${view.ref.logId}>
    <div class="title-row">
      <h1 title=${visible(title)}><bdi>${visible(title)}</bdi></h1>
      ${status ? statusTemplate(status) : nothing} ${thumbsTemplate(view, context)}
    </div>
    <div class="bar-row">
      ${tabsTemplate(strings.views, views, view.view, PANEL, (id) => say({ type: "setView", view: id }))}
      ${goesTemplate(strings.previousLog, strings.nextLog, (to) => say({ type: "go", to }))}
    </div>
    ${roundTemplate(view, context)}
  </header>`;
}

function siblingsTemplate({ siblings }: LogView, { strings, say }: Context): TemplateResult | typeof nothing {
  if (siblings.length === 0) return nothing;
  return html`<nav class="siblings" aria-label=${strings.siblings}>
    <span class="name">${strings.siblings}</span>
    ${siblings.map(
      ({ ref, step, title, status }) =>
        html`<button class="link" @click=${() => say({ type: "openLog", ref })}>
          ${visible(step)} · <bdi>${visible(title)}</bdi> ${statusTemplate(status)}
        </button>`,
    )}
  </nav>`;
}

/** Renders the log's facts. */
export function headTemplate(view: LogView, context: Context): TemplateResult {
  const { strings, say } = context;
  return html`<div class="head" id="top">
    <div class="chips">${view.chips.map((chip) => html`<span class="chip"><bdi>${visible(chip)}</bdi></span>`)}</div>
    <div class="facts">
      ${view.facts.map(factTemplate)} ${ratingFacts(view, context)}
      <span class="fact"
        ><span class="name">${strings.logId}</span> <bdi class="value">${visible(view.ref.logId)}</bdi>
        <button class="link" aria-label=${strings.copyId} @click=${() => say({ type: "copyId" })}>
          ${strings.copy}
        </button></span
      >
    </div>
    ${siblingsTemplate(view, context)}
    <div class="actions">
      <vscode-button secondary @click=${() => say({ type: "openBody", side: "request" })}
        >${strings.openRequest}</vscode-button
      >
      <vscode-button secondary @click=${() => say({ type: "openBody", side: "response" })}
        >${strings.openResponse}</vscode-button
      >
    </div>
  </div>`;
}

/** Renders the log's tags: one click lists the logs with the same tag, another edits them. */
export function metadataTemplate(
  { metadata, moreMetadata, rating, can }: LogView,
  { strings, say }: Context,
): TemplateResult | typeof nothing {
  const canTag = can.includes("canTag");
  // Nothing is known of an unknown log.
  if (!rating || (metadata.length === 0 && !canTag)) return nothing;
  return html`<section aria-labelledby="metadata-heading">
    <h2 id="metadata-heading">${strings.metadata}</h2>
    <div class="chips">
      ${metadata.map(
        ({ name, value, title }) =>
          html`<button
            class="chip"
            title=${[filled(strings.filterBy, visible(`${name}: ${value}`)), title].filter(Boolean).join(". ")}
            @click=${() => say({ type: "filterBy", name, value })}
          >
            <bdi>${visible(name)}</bdi>: <bdi>${visible(value)}</bdi>
          </button>`,
      )}
      ${moreMetadata > 0 ? html`<span class="name">${filled(strings.moreMetadata, String(moreMetadata))}</span>` : nothing}
      ${metadata.length === 0 ? html`<span class="name">${strings.noMetadata}</span>` : nothing}
      ${
        canTag
          ? html`<button
              class="link"
              aria-label=${strings.editMetadata}
              title=${strings.editMetadata}
              @click=${() => say({ type: "editMetadata" })}
            >
              ${strings.edit}
            </button>`
          : nothing
      }
    </div>
  </section>`;
}
