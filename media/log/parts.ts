import { html, nothing, type TemplateResult } from "lit";
import { type Part, type Role, isCompaction } from "../../src/chat/conversation.ts";
import { counted, filled, type Context } from "../kit/context.ts";
import { withoutBytes } from "./data-urls.ts";
import { embeddingTemplate } from "./embedding.ts";
import { foldTemplate } from "../kit/fold.ts";
import { isLong, preview, sizeOf, type Size } from "../../src/reading/core/folding.ts";
import { jsonTemplate } from "../kit/json.ts";
import { goToPart } from "./jump.ts";
import { longText } from "./long-text.ts";
import { markdownTemplate, type After } from "./markdown.ts";
import { mediaTemplate } from "./media.ts";
import { partId } from "../kit/pairs.ts";
import { jsonText } from "../../src/reading/core/plain-text.ts";
import { visible } from "../../src/panel/visible.ts";

/** A part's position. */
export type PartPlace = {
  id: string;
  role: Role;
  /** Long texts of the request are folded; the user opened the log for those of the answer. */
  folds: boolean;
};

/** Limit, in characters, for Markdown and for laying out a value. */
const RICH = 150_000;

const sizeText = ({ characters, lines }: Size, { strings }: Context): string =>
  [filled(strings.characters, counted(characters)), ...(lines > 1 ? [filled(strings.lines, counted(lines))] : [])].join(
    " · ",
  );

const isFolded = (text: string, { folds, role }: PartPlace): boolean => folds && isLong(sizeOf(text), role);

/** Renders content in full, or in a fold with its first lines and its size. */
function folded(text: string, content: () => unknown, place: PartPlace, context: Context): unknown {
  if (!isFolded(text, place)) return content();
  const size = sizeOf(text);
  const { head, rest } = preview(text);
  return foldTemplate({
    id: place.id,
    summary: (open) => [
      open ? nothing : html`<span class="preview" dir="auto">${visible(head.trimEnd())}…</span>`,
      html`<span class="name size">${sizeText(size, context)}</span>`,
    ],
    plain: () => rest,
    content,
    context,
  });
}

/** Renders a text, with content after its last word, or below it if the text is folded or too long for Markdown. */
function textTemplate(recorded: string, place: PartPlace, context: Context, after?: After): unknown {
  const { strings, say } = context;
  // A text with a picture as `data:` URL doesn't count as long.
  const text =
    recorded.length > RICH ? withoutBytes(recorded, (bytes) => filled(strings.jsonBytes, counted(bytes))) : recorded;
  const isBelow = text.length > RICH || isFolded(text, place);
  const content = () =>
    text.length > RICH ? longText(text) : markdownTemplate(text, strings, say, isBelow ? undefined : after);
  return [folded(text, content, place, context), isBelow && after ? after.content : nothing];
}

function jsonPart(value: unknown, place: PartPlace, context: Context): unknown {
  const text = jsonText(value);
  const content = () => (text.length > RICH ? longText(text) : jsonTemplate(value, context.strings, context.say));
  return folded(text, content, place, context);
}

function reasoningTemplate(part: Extract<Part, { type: "reasoning" }>, place: PartPlace, context: Context): unknown {
  const { text } = part;
  const { reasoning, redacted, compaction, redactedCompaction } = context.strings;
  const [label, undisclosed] = isCompaction(part) ? [compaction, redactedCompaction] : [reasoning, redacted];
  if (!text) return html`<p class="name">${label}: ${undisclosed}</p>`;
  return foldTemplate({
    id: place.id,
    summary: () => [
      html`<span class="label">${label}</span>`,
      html`<span class="name size">${part.redacted ? undisclosed : sizeText(sizeOf(text), context)}</span>`,
    ],
    plain: () => text,
    content: () => textTemplate(text, { ...place, folds: false }, context),
    context,
  });
}

/** Renders a link between a call and its result. */
function otherHalf(id: string, words: string, { pairs }: Context): TemplateResult | typeof nothing {
  const other = pairs.get(id);
  return other === undefined ? nothing : html`<button class="link" @click=${() => goToPart(other)}>${words}</button>`;
}

const nameOf = (text: string | undefined): TemplateResult | typeof nothing =>
  text ? html`<bdi class="name id">${visible(text)}</bdi>` : nothing;

function callTemplate(part: Extract<Part, { type: "toolCall" }>, place: PartPlace, context: Context): TemplateResult {
  return html`<div class="call" data-part=${place.id} tabindex="-1">
    <div class="call-head">
      <b><bdi>${visible(part.name)}</bdi></b> ${nameOf(part.id)}
      ${otherHalf(place.id, context.strings.toResult, context)}
    </div>
    ${jsonPart(part.arguments, place, context)}
  </div>`;
}

function resultTemplate(
  part: Extract<Part, { type: "toolResult" }>,
  place: PartPlace,
  context: Context,
): TemplateResult {
  const { strings } = context;
  return html`<div class="call result ${part.isError ? "failed-call" : ""}" data-part=${place.id} tabindex="-1">
    <div class="call-head">
      <span
        >${strings.result} <b><bdi>${visible(part.name ?? "")}</bdi></b></span
      >
      ${nameOf(part.id)} ${part.isError ? html`<span class="failed-word">${strings.toolFailed}</span>` : nothing}
      ${otherHalf(place.id, strings.toCall, context)}
    </div>
    ${part.parts.map((inner, index) => partTemplate(inner, { ...place, id: partId(place.id, index) }, context))}
  </div>`;
}

/** Renders one part of a message. `after`: content after a text's last word. */
export function partTemplate(part: Part, place: PartPlace, context: Context, after?: After): unknown {
  const { strings, say, media } = context;
  switch (part.type) {
    case "text":
      return textTemplate(part.text, place, context, after);
    case "reasoning":
      return reasoningTemplate(part, place, context);
    case "refusal":
      return html`<div class="refusal">
        <span class="label">${strings.refusal}</span>${textTemplate(part.text, { ...place, folds: false }, context)}
      </div>`;
    case "toolCall":
      return callTemplate(part, place, context);
    case "toolResult":
      return resultTemplate(part, place, context);
    case "media":
      return mediaTemplate(part, media, strings, say);
    case "embedding":
      return embeddingTemplate(part, strings);
    case "data":
      return jsonPart(part.value, place, context);
    case "unknown":
      return html`<div class="unknown">
        <p class="name">${strings.unknownPart}</p>
        ${jsonPart(part.value, place, context)}
      </div>`;
  }
}
