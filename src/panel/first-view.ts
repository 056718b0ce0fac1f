import { visible } from "./visible.ts";
import type { MessageOpening, Opening } from "../reading/core/opening.ts";
import { markup, type Markup } from "./html.ts";
import type { Role } from "../chat/conversation.ts";
import type { Fact, LogView } from "./protocol.ts";
import type { PageStrings } from "./strings.ts";

/** The strings it uses. */
export type FirstWords = Pick<
  PageStrings,
  | "conversation"
  | "raw"
  | "markdown"
  | "views"
  | "rating"
  | "score"
  | "set"
  | "logId"
  | "copy"
  | "loading"
  | "deleting"
  | "request"
  | "response"
  | Role
>;

const nameAndValue = (name: string, value: string): Markup =>
  markup`<span class="name">${visible(name)}</span> <bdi class="value">${visible(value)}</bdi>`;

const factOf = ({ name, value, title = "" }: Fact): Markup =>
  markup`<span class="fact" title="${visible(title)}">${nameAndValue(name, value)}</span>`;

const linkOf = (words: string): Markup => markup`<button class="link">${words}</button>`;

/** Returns a log's rating and score, like ratingFacts in media/kit/rating.ts. */
function ratingOf({ rating, can }: Pick<LogView, "rating" | "can">, strings: FirstWords): Markup | undefined {
  if (!rating) return undefined;
  const canScore = can.includes("canScore");
  const { words, score } = rating;
  return markup`${words === undefined ? undefined : factOf({ name: strings.rating, value: words })} ${
    score === undefined && !canScore
      ? undefined
      : markup`<span class="fact"
    ><span class="name">${strings.score}</span> ${score === undefined ? undefined : markup`<bdi class="value">${visible(score)}</bdi>`}
    ${canScore ? linkOf(strings.set) : undefined}</span>`
  }`;
}

const messageOf = ({ role, name, texts }: MessageOpening, strings: FirstWords): Markup =>
  markup`<article class="message ${role}"><h3 class="role">${strings[role]} ${
    name === undefined ? undefined : markup`<bdi class="name">${visible(name)}</bdi>`
  }</h3><div class="parts">${texts.map((text) => markup`<div class="text" dir="auto">${visible(text)}</div>`)}</div></article>`;

/**
 * Returns the page's view of a conversation before its script has loaded, as plain text: Markdown, folds and buttons
 * come with the script. Returns undefined for other views and for failures, which are shown elsewhere.
 */
export function openingOf(
  { view, error }: Pick<LogView, "view" | "error">,
  strings: FirstWords,
  opening: Opening | undefined,
): Markup | undefined {
  if (!opening || view !== "conversation" || error) return undefined;
  const { messages, answers } = opening;
  const section = (id: string, heading: string, all: readonly MessageOpening[]): Markup | undefined =>
    all.length === 0
      ? undefined
      : markup`<section><h2 id="${id}">${heading}</h2>${all.map((one) => messageOf(one, strings))}</section>`;
  return markup`<div id="view" role="tabpanel" aria-busy="false">${section("request-heading", strings.request, messages)}
${section("response-heading", strings.response, answers)}</div>`;
}

/**
 * Returns a log's page before its script has loaded: the same as media/kit/head.ts shows while the log is being read,
 * down to the content, with everything in its final place. Buttons on lines of their own come with the script.
 */
export function firstView(view: Omit<LogView, "state">, strings: FirstWords): Markup {
  const { ref, title, status, chips, facts, isDeleting } = view;
  const views = { conversation: strings.conversation, raw: strings.raw, markdown: strings.markdown };
  const tabs = Object.entries(views).map(
    ([id, name]) => markup`<button role="tab" aria-selected="${String(id === view.view)}">${name}</button>`,
  );
  return markup`<header class="bar" data-log="${ref.logId}">
<div class="title-row"><h1 title="${visible(title)}"><bdi>${visible(title)}</bdi></h1>
${status && markup`<span class="chip status ${status.outcome}">${visible(status.text)}</span>`}</div>
<div class="bar-row"><div class="tabs" role="tablist" aria-label="${strings.views}">${tabs}</div></div>
</header>
${isDeleting ? markup`<p class="note" role="status">${strings.deleting}</p>` : undefined}
<div class="head" id="top">
<div class="chips">${chips.map((chip) => markup`<span class="chip"><bdi>${visible(chip)}</bdi></span>`)}</div>
<div class="facts">${facts.map(factOf)} ${ratingOf(view, strings)}
<span class="fact">${nameAndValue(strings.logId, ref.logId)} ${linkOf(strings.copy)}</span></div>
<div class="actions"></div>
</div>
<p class="loading" role="status"><vscode-progress-ring></vscode-progress-ring> ${strings.loading}</p>`;
}
