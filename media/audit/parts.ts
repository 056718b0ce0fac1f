import { html, nothing, type TemplateResult } from "lit";
import type { EntryContent, EntryView, FromEntryPage, HistoryRow } from "../../src/audit/protocol.ts";
import type { EntryStrings } from "../../src/audit/strings.ts";
import { keyedContent } from "../kit/keyed-content.ts";
import { factTemplate, goesTemplate, statusTemplate } from "../kit/head.ts";
import { jsonTemplate } from "../kit/json.ts";
import { failedTemplate, loadingTemplate } from "../kit/reading-state.ts";
import { visible } from "../../src/panel/visible.ts";

type Say = (intent: FromEntryPage) => void;

function barTemplate({ ref, title, status }: EntryView, strings: EntryStrings, say: Say): TemplateResult {
  return html`<header class="bar" data-entry=${ref.entryId}>
    <div class="title-row">
      <h1 title=${visible(title)}><bdi>${visible(title)}</bdi></h1>
      ${status ? statusTemplate(status) : nothing}
      ${goesTemplate(strings.previous, strings.next, (to) => say({ type: "go", to }))}
    </div>
  </header>`;
}

function actionsTemplate({ gatewayId, history }: EntryView, strings: EntryStrings, say: Say): TemplateResult {
  const button = (words: string, intent: FromEntryPage) =>
    html`<vscode-button secondary @click=${() => say(intent)}>${words}</vscode-button>`;
  return html`<div class="actions">
    ${button(strings.openDocument, { type: "openDocument" })} ${button(strings.copyJson, { type: "copyJson" })}
    ${button(strings.copyMarkdown, { type: "copyMarkdown" })}
    ${history.type === "closed" ? button(strings.showHistory, { type: "showHistory" }) : nothing}
    ${gatewayId === undefined ? nothing : button(strings.showGateway, { type: "showGateway" })}
  </div>`;
}

function groupsTemplate({ groups }: EntryContent): TemplateResult[] {
  return groups.map(
    ({ name, facts }) =>
      html`<section>
        <h2>${visible(name)}</h2>
        <dl class="entry-facts">
          ${facts.map(
            (fact) =>
              html`<div>
                <dt class="name">${visible(fact.name)}</dt>
                <dd title=${fact.title ? visible(fact.title) : nothing}><bdi>${visible(fact.value)}</bdi></dd>
              </div>`,
          )}
        </dl>
      </section>`,
  );
}

function bodyTemplate(name: string, value: unknown, strings: EntryStrings, say: Say): TemplateResult | typeof nothing {
  if (value === undefined) return nothing;
  return html`<section>
    <h2>${name}</h2>
    ${jsonTemplate(value, strings, say)}
  </section>`;
}

function historyRowTemplate(row: HistoryRow, strings: EntryStrings, say: Say): TemplateResult {
  const title = html`<bdi>${visible(row.title)}</bdi>`;
  return html`<li>
    ${
      row.isShown
        ? html`<span>${title} <span class="name">(${strings.shownEntry})</span></span>`
        : html`<button class="link" @click=${() => say({ type: "openEntry", id: row.id })}>${title}</button>`
    }
    ${row.facts.map(factTemplate)}
  </li>`;
}

function historyTemplate({ history }: EntryView, strings: EntryStrings, say: Say): TemplateResult | typeof nothing {
  const inner = (): TemplateResult => {
    switch (history.type) {
      case "failed":
        return failedTemplate(history.message, strings, () => say({ type: "showHistory" }));
      case "ready":
        return html`${history.notes.map((note) => html`<p class="note" role="note">${visible(note)}</p>`)}
        ${
          history.rows.length === 0
            ? nothing
            : html`<ol class="history">
                ${history.rows.map((row) => historyRowTemplate(row, strings, say))}
              </ol>`
        }`;
      case "closed":
      case "loading":
        return loadingTemplate(strings);
    }
  };
  if (history.type === "closed") return nothing;
  return html`<section>
    <h2>${strings.history}</h2>
    ${inner()}
  </section>`;
}

function stateTemplate(view: EntryView, strings: EntryStrings, say: Say): TemplateResult {
  switch (view.state.type) {
    case "loading":
      return loadingTemplate(strings);
    case "failed":
      return failedTemplate(view.state.message, strings, () => say({ type: "retry" }));
    case "ready": {
      const { content } = view.state;
      return html`<div class="head" id="top">${actionsTemplate(view, strings, say)}</div>
        ${historyTemplate(view, strings, say)} ${groupsTemplate(content)}
        ${bodyTemplate(strings.request, content.request, strings, say)}
        ${bodyTemplate(strings.response, content.response, strings, say)}`;
    }
  }
}

/** Renders the whole page of an entry. */
export const entryTemplate = (view: EntryView, strings: EntryStrings, say: Say): TemplateResult =>
  html`${barTemplate(view, strings, say)}
    <div id="view" aria-busy=${view.state.type === "loading"}>
      ${keyedContent(view.ref.entryId, stateTemplate(view, strings, say))}
    </div>`;
