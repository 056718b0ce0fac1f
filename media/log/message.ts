import { html, nothing, type TemplateResult } from "lit";
import type { Message } from "../../src/chat/conversation.ts";
import { filled, type Context } from "../kit/context.ts";
import { footnotesOf, type Footnote } from "./footnotes.ts";
import { goToPart } from "./jump.ts";
import type { After } from "./markdown.ts";
import { messageBody } from "../kit/nearness.ts";
import { partId } from "../kit/pairs.ts";
import { partTemplate } from "./parts.ts";
import { visible } from "../../src/panel/visible.ts";

/** Finish reasons of a normal end, in lowercase. */
const NORMAL = new Set([
  "stop",
  "stopped",
  "stop_sequence",
  "end_turn",
  "eos",
  "eos_token",
  "eos_found",
  "endoftext",
  "tool_calls",
  "tool_call",
  "tool_use",
  "tool-calls",
  "function_call",
  "complete",
  "completed",
  "finish",
  "finished",
  "done",
  "success",
  "succeeded",
]);

/** A message's position. */
export type MessagePlace = {
  /** "m3": the request's fourth message, "a0": the first answer. */
  id: string;
  folds: boolean;
  /** Whether it's initially shown in full. */
  near: boolean;
};

const noteId = (message: string, number: number): string => partId(message, -number);

function footnoteTemplate(note: Footnote, message: string, { say }: Context): TemplateResult {
  const { number, title, url, text } = note;
  return html`<li value=${number} data-part=${noteId(message, number)} tabindex="-1">
    ${title ? html`<span class="title">${visible(title)}</span>` : nothing}
    ${
      url
        ? html`<button class="link" title=${visible(url)} @click=${() => say({ type: "openLink", url })}>
            ${visible(url)}
          </button>`
        : nothing
    }
    ${text ? html`<q>${visible(text)}</q>` : nothing}
  </li>`;
}

/** Renders footnote marks of a text, linked to their notes; undefined without any. */
function marksOf(numbers: readonly number[], message: string, { strings }: Context): After | undefined {
  if (numbers.length === 0) return undefined;
  const mark = (number: number): TemplateResult =>
    html`<button
      class="link"
      aria-label=${filled(strings.toCitation, number)}
      @click=${() => goToPart(noteId(message, number))}
    >
      ${number}
    </button>`;
  return { key: numbers.join(" "), content: html`<sup class="marks">${numbers.map(mark)}</sup>` };
}

function partsTemplate(message: Message, { id, folds }: MessagePlace, context: Context): TemplateResult {
  const { strings } = context;
  const { role, parts, finishReason } = message;
  const { notes, marks } = footnotesOf(parts);
  return html`<div class="parts">
    ${parts.map((part, index) =>
      partTemplate(part, { id: partId(id, index), role, folds }, context, marksOf(marks.get(index) ?? [], id, context)),
    )}
    ${parts.length > 0 ? nothing : html`<p class="name">${strings.emptyMessage}</p>`}
    ${
      notes.length > 0
        ? html`<ol class="footnotes" aria-label=${strings.citations}>
            ${notes.map((note) => footnoteTemplate(note, id, context))}
          </ol>`
        : nothing
    }
    ${
      finishReason
        ? html`<p class=${NORMAL.has(finishReason.toLowerCase()) ? "name" : "finish"}>
            ${filled(strings.finished, visible(finishReason))}
          </p>`
        : nothing
    }
  </div>`;
}

/** Renders one message: its role in color, then its parts. */
export function messageTemplate(message: Message, place: MessagePlace, context: Context): TemplateResult {
  const { role, name } = message;
  return html`<article class="message ${role}" id=${place.id} aria-labelledby="${place.id}-role">
    <h3 class="role" id="${place.id}-role">
      ${context.strings[role]}${name ? html` <bdi class="name">${visible(name)}</bdi>` : nothing}
    </h3>
    ${messageBody(message, place.near, () => partsTemplate(message, place, context))}
  </article>`;
}
