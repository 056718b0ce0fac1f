import { html, nothing, type TemplateResult } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { directive } from "lit/directive.js";
import type { PageStrings } from "../../src/panel/strings.ts";
import { copyTemplate, type SayCopy } from "./code-copy.ts";
import { counted, filled } from "./context.ts";
import { type JsonLine, jsonLines, type LineValue, type Scalar } from "./json-lines.ts";
import { visible } from "../../src/panel/visible.ts";

/** Lines shown at once, and characters of a string. */
const LINES = 1000;
const TEXT = 2000;

/** Characters shown of a string that holds bytes. */
const BASE64_HEAD = 40;

/** Limit on indentation, so that deeply nested values stay visible. */
const MAX_INDENT = 12;

/** Renders up to a step; `go` renders another step. */
type Draw = (step: number, go: (step: number) => void) => TemplateResult;

/** Content that shows more of itself on demand. */
class Growing extends AsyncDirective {
  #step = 0;
  #draw: Draw | undefined;

  override render(draw: Draw): TemplateResult {
    this.#draw = draw;
    return draw(this.#step, this.#go);
  }

  readonly #go = (step: number): void => {
    this.#step = step;
    if (this.#draw) this.setValue(this.render(this.#draw));
  };
}

const growing = directive(Growing);

/**
 * Renders a value as readable JSON: strings with their line breaks, long ones folded. The copy is JSON.
 * @param source the JSON that the value was parsed from, to copy verbatim
 */
export function jsonTemplate(value: unknown, strings: PageStrings, say: SayCopy, source?: string): TemplateResult {
  const copied = (): string => source ?? JSON.stringify(value, undefined, 2) ?? "";
  return html`<div class="code json" role="group" aria-label="JSON" dir="ltr">
    <div class="code-head">${copyTemplate(copied, strings, say)}</div>
    <div class="json-lines">${growing((step, go) => linesTemplate(value, step, go, strings))}</div>
  </div>`;
}

function linesTemplate(value: unknown, step: number, go: (step: number) => void, strings: PageStrings): TemplateResult {
  const most = (step + 1) * LINES;
  const shown: TemplateResult[] = [];
  let more = false;
  for (const line of jsonLines(value)) {
    more = shown.length === most;
    if (more) break;
    shown.push(lineTemplate(line, strings));
  }
  return html`${shown}${
    more || step > 0
      ? html`<button type="button" class="quiet" @click=${() => go(more ? step + 1 : 0)}>
          ${more ? strings.jsonShowMore : strings.jsonShowLess}
        </button>`
      : nothing
  }`;
}

function lineTemplate({ depth, key, value, comma }: JsonLine, strings: PageStrings): TemplateResult {
  const indent = `--indent:${Math.min(depth, MAX_INDENT)}`;
  const name = key === undefined ? nothing : html`<span class="json-key">${visible(key)}</span>: `;
  return html`<div class="json-line" .style=${indent}>
    ${name}${valueTemplate(value, strings)}${comma && !isLaidOut(value) ? "," : nothing}
  </div>`;
}

/** These strings also have no quotes. */
const isLaidOut = ({ type }: LineValue): boolean => type === "text" || type === "base64";

const scalarTemplate = ({ type, text }: Scalar): TemplateResult =>
  html`<span class="json-${type}">${visible(text)}</span>`;

function valueTemplate(value: LineValue, strings: PageStrings): TemplateResult | string {
  switch (value.type) {
    case "mark":
      return value.text;
    case "row": {
      const values = value.values.map((scalar, index) => [index === 0 ? nothing : ", ", scalarTemplate(scalar)]);
      return value.bracketed ? html`[${values}]` : html`${values}`;
    }
    case "text":
      return html`${growing((step, go) => longTemplate(value.text, TEXT, "", step, go, strings))}`;
    case "base64": {
      const bytes = filled(strings.jsonBytes, counted(value.bytes));
      return html`${growing((step, go) => longTemplate(value.text, BASE64_HEAD, bytes, step, go, strings))}`;
    }
    default:
      return scalarTemplate(value);
  }
}

function longTemplate(
  text: string,
  limit: number,
  note: string,
  step: number,
  go: (step: number) => void,
  strings: PageStrings,
): TemplateResult {
  const isLong = text.length > limit;
  const shown = isLong && step === 0 ? `${text.slice(0, limit)}…` : text;
  const label = step === 0 ? filled(strings.textShowAll, counted(text.length)) : strings.textShowLess;
  return html`<span class="json-string ${note === "" ? "json-text" : ""}" dir="auto">${visible(shown)}</span>${
      note === "" ? nothing : html` <span class="name">${note}</span> `
    }${
      isLong
        ? html`<button type="button" class="quiet" @click=${() => go(step === 0 ? 1 : 0)}>${label}</button>`
        : nothing
    }`;
}
