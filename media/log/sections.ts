import { html, nothing, type TemplateResult } from "lit";
import type { Conversation, Message } from "../../src/chat/conversation.ts";
import { ExactNumber, withSpelling } from "../../src/chat/json/exact-number.ts";
import type { Side } from "../../src/source/log.ts";
import type { CallError, LogContent } from "../../src/panel/protocol.ts";
import type { BodyState } from "../../src/reading/core/body-state.ts";
import { counted, filled, type Context } from "../kit/context.ts";
import { foldTemplate } from "../kit/fold.ts";
import { messageTemplate } from "./message.ts";
import { jsonTemplate } from "../kit/json.ts";
import { estimatedHeight, jsonText } from "../../src/reading/core/plain-text.ts";
import { tabsTemplate } from "../kit/tabs.ts";
import { visible } from "../../src/panel/visible.ts";

/** Request messages around the reading position that are initially shown in full. */
const AT_ONCE = 16;

/** Renders a sentence about something unexpected. */
export const noteTemplate = (text: string): TemplateResult => html`<p class="note" role="note">${visible(text)}</p>`;

/** Renders why a side is missing or incomplete, and what to do. */
export function missingTemplate(
  { missing }: BodyState,
  side: Side,
  { strings, say }: Context,
): TemplateResult | typeof nothing {
  if (!missing) return nothing;
  return html`<div class="note" role="note">
    <span>${visible(missing.text)}</span>
    ${
      missing.retry
        ? html`<button class="link" @click=${() => say({ type: "retry" })}>
            ${missing.isPart ? strings.loadAll : strings.retry}
          </button>`
        : nothing
    }
    ${
      missing.openDocument
        ? html`<button class="link" @click=${() => say({ type: "openBody", side })}>${strings.openDocument}</button>`
        : nothing
    }
  </div>`;
}

function valueFold(id: string, summary: unknown, value: unknown, context: Context): unknown {
  return foldTemplate({
    id,
    summary: () => summary,
    plain: () => jsonText(value),
    content: () => jsonTemplate(value, context.strings, context.say),
    context,
  });
}

function stepsTemplate({ steps }: Conversation, context: Context): unknown {
  if (!steps) return nothing;
  const { strings } = context;
  return html`<div class="beside">
    ${foldTemplate({
      id: "steps",
      summary: () => html`<span class="label">${strings.steps} (${counted(steps.length)})</span>`,
      plain: () => jsonText(steps),
      content: () =>
        steps.map(
          ({ provider, path, shown, request }, index) =>
            html`<div class="call-head">
                ${index + 1}. <bdi>${visible(provider)}</bdi> <bdi class="name">${visible(path)}</bdi>
                ${shown ? html`<span class="chip">${strings.shownStep}</span>` : nothing}
              </div>
              ${shown ? nothing : jsonTemplate(request, strings, context.say)}`,
        ),
      context,
    })}
  </div>`;
}

/** Formats a setting for reading at a glance: short values next to their name. */
function settingText([name, value]: [string, unknown]): string {
  const shown = value instanceof ExactNumber ? value.digits : value;
  const text = typeof shown === "object" && shown !== null ? "" : String(shown);
  return text === "" || text.length > 30 ? name : `${name} ${text}`;
}

const labelled = (label: string, text: string): TemplateResult[] => [
  html`<span class="label">${label}</span>`,
  html`<span class="name">${visible(text)}</span>`,
];

function declaredTemplate({ tools, settings }: Conversation, context: Context): TemplateResult | typeof nothing {
  const { strings } = context;
  const set = Object.entries(withSpelling(settings));
  if (tools.length === 0 && set.length === 0) return nothing;
  const names = tools.map(({ name }) => name).join(", ");
  return html`<div class="beside">
    ${
      tools.length > 0
        ? valueFold("tools", labelled(`${strings.tools} (${counted(tools.length)})`, names), tools, context)
        : nothing
    }
    ${
      set.length > 0
        ? valueFold("settings", labelled(strings.settings, set.map(settingText).join(" · ")), settings, context)
        : nothing
    }
  </div>`;
}

/** Messages per layout group: a change in one moves only the others in its group, then whole groups. */
const GROUP = 40;

function groupsOf(messages: readonly Message[], one: (message: Message, index: number) => unknown): TemplateResult[] {
  return Array.from({ length: Math.ceil(messages.length / GROUP) }, (_, group) => {
    const start = group * GROUP;
    const members = messages.slice(start, start + GROUP);
    const height = members.reduce((sum, message) => sum + estimatedHeight(message), 0);
    // As a property, because the page's policy blocks style attributes.
    return html`<div class="group" .style=${`contain-intrinsic-height: auto ${height}px`}>
      ${members.map((message, index) => one(message, start + index))}
    </div>`;
  });
}

/** Renders the request. */
export function requestTemplate({ conversation, omitted, request }: LogContent, context: Context): TemplateResult {
  const { messages } = conversation;
  // Where the user left the log, else the end, above the answer.
  const left = Number(/^m(\d+)$/.exec(context.place.anchor?.id ?? "")?.[1] ?? messages.length);
  const firstOther = messages.findIndex(({ role }) => role !== "system");
  const one = (message: Message, index: number) => [
    omitted > 0 && index === firstOther ? noteTemplate(filled(context.strings.omitted, counted(omitted))) : nothing,
    messageTemplate(message, { id: `m${index}`, folds: true, near: Math.abs(index - left) <= AT_ONCE }, context),
  ];
  return html`<section aria-labelledby="request-heading">
    <h2 id="request-heading">${context.strings.request}</h2>
    ${missingTemplate(request, "request", context)} ${stepsTemplate(conversation, context)}
    ${messages.length > GROUP ? groupsOf(messages, one) : messages.map(one)} ${declaredTemplate(conversation, context)}
  </section>`;
}

function answersTemplate(answers: readonly Message[], context: Context, changed: () => void): unknown {
  const { strings, place } = context;
  const one = (answer: Message, index: number) =>
    messageTemplate(answer, { id: `a${index}`, folds: false, near: true }, context);
  const [first] = answers;
  if (!first) return nothing;
  if (answers.length === 1) return html`<div class="answers">${one(first, 0)}</div>`;
  const shown = Math.min(place.choice, answers.length - 1);
  const tabs = answers.map((_, index) => ({ id: index, name: filled(strings.choice, index + 1) }));
  const select = (choice: number): void => {
    place.choice = choice;
    context.keep();
    changed();
  };
  return html`${tabsTemplate(strings.choices, tabs, shown, "choice", select)}
    <div class="answers" id="choice" role="tabpanel" aria-labelledby="choice-tab-${shown}">
      ${one(answers[shown] ?? first, shown)}
    </div>`;
}

/** Renders a note that the log is shortened, with a link to all of it. */
function shortenedTemplate({ strings, say }: Context): TemplateResult {
  const open = (side: Side, words: string): TemplateResult =>
    html`<button class="link" @click=${() => say({ type: "openBody", side })}>${words}</button>`;
  return html`<div class="note" role="note">
    <span>${strings.shortened}</span> ${open("request", strings.openRequest)} ${open("response", strings.openResponse)}
  </div>`;
}

/** Renders the response. `changed`: another choice was selected. */
export function responseTemplate(
  { conversation, request, response, shortened }: LogContent,
  context: Context,
  changed: () => void,
): TemplateResult | typeof nothing {
  const { strings } = context;
  const { answers, complete, unstored } = conversation;
  // A recording without its request is also incomplete; an answer with a finish reason isn't.
  const isEnded =
    !request.stored &&
    !unstored &&
    answers.length > 0 &&
    answers.every(({ finishReason }) => finishReason !== undefined);
  const short = shortened ? shortenedTemplate(context) : nothing;
  // A failed call's response is shown under Error.
  if (answers.length === 0 && !response.missing && conversation.error) return short;
  return html`<section aria-labelledby="response-heading">
    <h2 id="response-heading">${strings.response}</h2>
    ${missingTemplate(response, "response", context)} ${answersTemplate(answers, context, changed)}
    ${
      !complete && !isEnded && response.stored && !response.missing
        ? noteTemplate(unstored ? strings.unstored : strings.cut)
        : nothing
    }
    ${short}
  </section>`;
}

/** Renders the call's error. */
export function errorTemplate(error: CallError | undefined, { strings }: Context): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const { message, code, meaning } = error;
  return html`<section class="error" aria-labelledby="error-heading">
    <h2 id="error-heading">${strings.error}</h2>
    <pre dir="auto">${visible(message)}</pre>
    ${code ? html`<p class="error-code">${filled(strings.errorCode, visible(code))}</p>` : nothing}
    ${meaning ? html`<p class="meaning">${visible(meaning)}</p>` : nothing}
  </section>`;
}
