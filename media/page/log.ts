import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../../src/chat/conversation.ts";
import type { Fact, FromPage, LogContent, LogView } from "../../src/panel/protocol.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { jsonTemplate, messageTemplate } from "./message.ts";
import { visible } from "./visible.ts";

type Say = (intent: FromPage) => void;

const fact = ({ name, value, title }: Fact): TemplateResult =>
  html`<span class="fact" title=${title ?? nothing}
    ><span class="name">${visible(name)}</span> <bdi class="value">${visible(value)}</bdi></span
  >`;

function headTemplate(view: LogView, strings: PageStrings, say: Say): TemplateResult {
  const { title, status, chips, facts } = view;
  return html`<header data-log=${view.ref.logId}>
    <div class="title-row">
      <h1><bdi>${visible(title)}</bdi></h1>
      ${status ? html`<span class="chip status ${status.outcome}">${status.text}</span>` : nothing}
      ${chips.map((chip) => html`<span class="chip"><bdi>${visible(chip)}</bdi></span>`)}
    </div>
    <div class="facts">${facts.map(fact)}</div>
    <div class="actions">
      <vscode-button secondary @click=${() => say({ type: "openBody", side: "request" })}
        >${strings.openRequest}</vscode-button
      >
      <vscode-button secondary @click=${() => say({ type: "openBody", side: "response" })}
        >${strings.openResponse}</vscode-button
      >
      <vscode-button secondary @click=${() => say({ type: "copyId" })}>${strings.copyId}</vscode-button>
    </div>
  </header>`;
}

const note = (text: string | undefined): TemplateResult | typeof nothing =>
  text ? html`<p class="note" role="note">${visible(text)}</p>` : nothing;

function stepsTemplate({ steps }: Conversation, strings: PageStrings): TemplateResult | typeof nothing {
  if (!steps) return nothing;
  return html`<details class="fold">
    <summary>${strings.steps} (${steps.length})</summary>
    ${steps.map(
      ({ provider, path, shown, request }, index) =>
        html`<div class="tool-head">
            ${index + 1}. <bdi>${visible(provider)}</bdi> <bdi class="name">${visible(path)}</bdi>
            ${shown ? html`<span class="chip">${strings.shownStep}</span>` : nothing}
          </div>
          ${shown ? nothing : jsonTemplate(request)}`,
    )}
  </details>`;
}

function requestTemplate({ conversation, omitted, request }: LogContent, strings: PageStrings): TemplateResult {
  const { messages, tools, settings } = conversation;
  const firstOther = messages.findIndex(({ role }) => role !== "system");
  const list = messages.map((message, index) => [
    omitted > 0 && index === firstOther ? note(strings.omitted.replace("{0}", String(omitted))) : nothing,
    messageTemplate(message, strings),
  ]);
  const names = tools.map(({ name }) => name).join(", ");
  const set = Object.keys(settings).join(", ");
  return html`<section aria-labelledby="request-heading">
    <h2 id="request-heading">${strings.request}</h2>
    ${note(request.note)} ${stepsTemplate(conversation, strings)} ${list}
    ${
      tools.length > 0
        ? html`<details class="fold">
            <summary>${strings.tools} (${tools.length}) <span class="name">${visible(names)}</span></summary>
            ${jsonTemplate(tools)}
          </details>`
        : nothing
    }
    ${
      set
        ? html`<details class="fold">
            <summary>${strings.settings} <span class="name">${visible(set)}</span></summary>
            ${jsonTemplate(settings)}
          </details>`
        : nothing
    }
  </section>`;
}

function responseTemplate(
  { conversation, response, shortened }: LogContent,
  strings: PageStrings,
): TemplateResult | typeof nothing {
  const { answers, complete, unstored } = conversation;
  // What a failed call answered stands under Error.
  if (answers.length === 0 && !response.note && conversation.error) return nothing;
  return html`<section aria-labelledby="response-heading">
    <h2 id="response-heading">${strings.response}</h2>
    ${note(response.note)}
    <div class="answers" tabindex="0" role="group" aria-labelledby="response-heading">
      ${answers.map((answer, index) => [
        answers.length > 1 ? html`<h3>${strings.choice.replace("{0}", String(index + 1))}</h3>` : nothing,
        messageTemplate(answer, strings),
      ])}
    </div>
    ${!complete && response.stored && !response.note ? note(unstored ? strings.unstored : strings.cut) : nothing}
    ${shortened ? note(strings.shortened) : nothing}
  </section>`;
}

function stateTemplate({ state }: LogView, strings: PageStrings, say: Say): TemplateResult {
  switch (state.type) {
    case "loading":
      return html`<p class="loading" role="status">
        <vscode-progress-ring></vscode-progress-ring> ${strings.loading}
      </p>`;
    case "failed":
      return html`<div class="failed" role="alert">
        <p>${visible(state.message)}</p>
        <vscode-button @click=${() => say({ type: "retry" })}>${strings.retry}</vscode-button>
      </div>`;
    case "ready":
      return html`${requestTemplate(state.content, strings)} ${responseTemplate(state.content, strings)}`;
  }
}

/** A way to ask again, where something of the log is not there (yet). */
function retryTemplate({ state }: LogView, strings: PageStrings, say: Say): TemplateResult | typeof nothing {
  if (state.type !== "ready" || !(state.content.request.note ?? state.content.response.note)) return nothing;
  return html`<vscode-button secondary @click=${() => say({ type: "retry" })}>${strings.retry}</vscode-button>`;
}

/** The whole page for one log. */
export function logTemplate(view: LogView, strings: PageStrings, say: Say): TemplateResult {
  return html`${headTemplate(view, strings, say)} ${stateTemplate(view, strings, say)}
    ${retryTemplate(view, strings, say)}
    ${
      view.error
        ? html`<section class="error" aria-labelledby="error-heading">
            <h2 id="error-heading">${strings.error}</h2>
            <pre dir="auto">${visible(view.error)}</pre>
          </section>`
        : nothing
    }
    ${
      view.metadata.length > 0
        ? html`<section aria-labelledby="metadata-heading">
            <h2 id="metadata-heading">${strings.metadata}</h2>
            <div class="chips">
              ${view.metadata.map(
                ({ name, value }) =>
                  html`<span class="chip"><bdi>${visible(name)}</bdi>: <bdi>${visible(value)}</bdi></span>`,
              )}
            </div>
          </section>`
        : nothing
    }
    <footer>${view.foot.map(fact)}</footer>`;
}
