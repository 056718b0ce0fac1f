import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { PageStrings } from "../../src/panel/strings.ts";
import { codeTemplate } from "./code.ts";
import { counted, filled, type Say } from "../kit/context.ts";
import { withoutBytes } from "./data-urls.ts";
import { jsonTemplate } from "../kit/json.ts";
import { jsonIn } from "../kit/json-lines.ts";
import { longText } from "./long-text.ts";
import { type Block, type Cell, type Inline, markdownTree } from "./markdown-tree.ts";
import { visible } from "../../src/panel/visible.ts";

/** What all templates of a message need. */
type Context = { strings: PageStrings; say: Say };

/** Content after a text's last word; `key` identifies it. */
export type After = { key: string; content: TemplateResult };

/**
 * Renders a message's text for reading: as JSON if all of it is JSON, else as Markdown. Nothing in it runs, loads or
 * navigates unasked; invalid syntax shows as is.
 */
export function markdownTemplate(text: string, strings: PageStrings, say: Say, after?: After): TemplateResult {
  const end = after?.content ?? nothing;
  const draw = (): unknown => {
    const value = jsonIn(text);
    if (value) return [jsonTemplate(value, strings, say, text), end];
    const blocks = markdownTree(text);
    const isInLine = endsInWords(blocks);
    return [blockTemplates(blocks, { strings, say }, isInLine ? end : nothing), isInLine ? nothing : end];
  };
  return html`<div class="markdown">${guard([text, after?.key], draw)}</div>`;
}

/** Content after a block's last word, or nothing. */
type End = TemplateResult | typeof nothing;

/** Whether the last block ends with a line of text, which content can follow. */
function endsInWords(blocks: readonly Block[]): boolean {
  const last = blocks.at(-1);
  switch (last?.type) {
    case "paragraph":
    case "heading":
      return true;
    case "quote":
      return endsInWords(last.children);
    case "list":
      return endsInWords(last.items.at(-1) ?? []);
    default:
      return false;
  }
}

const blockTemplates = (blocks: readonly Block[], context: Context, end: End): TemplateResult[] =>
  blocks.map((block, index) => blockTemplate(block, context, index === blocks.length - 1 ? end : nothing));

function blockTemplate(block: Block, context: Context, end: End): TemplateResult {
  switch (block.type) {
    case "paragraph": {
      const runs = [inlineTemplates(block.children, context), end];
      return block.tight ? html`<div class="tight">${runs}</div>` : html`<p>${runs}</p>`;
    }
    case "heading":
      return headingTemplate(block, context, end);
    case "quote":
      return html`<blockquote>${blockTemplates(block.children, context, end)}</blockquote>`;
    case "list": {
      const last = block.items.length - 1;
      const items = block.items.map(
        (item, index) => html`<li>${blockTemplates(item, context, index === last ? end : nothing)}</li>`,
      );
      return block.start === undefined
        ? html`<ul>
            ${items}
          </ul>`
        : html`<ol start=${block.start}>
            ${items}
          </ol>`;
    }
    case "table":
      return tableTemplate(block, context);
    case "code":
      return codeTemplate(block.text, block.info, context.strings, context.say);
    case "plain":
      return longText(block.text);
    case "rule":
      return html`<hr />`;
  }
}

/** Renders a message's headings below the page's own levels, without skipping one, in their intended size. */
function headingTemplate(
  { level, depth, children }: Extract<Block, { type: "heading" }>,
  context: Context,
  end: End,
): TemplateResult {
  const runs = [inlineTemplates(children, context), end];
  const size = `heading-${level}`;
  if (depth === 1) return html`<h4 class=${size}>${runs}</h4>`;
  if (depth === 2) return html`<h5 class=${size}>${runs}</h5>`;
  return html`<h6 class=${size}>${runs}</h6>`;
}

function tableTemplate({ head, rows }: Extract<Block, { type: "table" }>, context: Context): TemplateResult {
  const cells = (row: Cell[], isHead: boolean): TemplateResult[] =>
    row.map(({ align, children }) => {
      const runs = inlineTemplates(children, context);
      return isHead
        ? html`<th scope="col" class=${align ?? nothing}>${runs}</th>`
        : html`<td class=${align ?? nothing}>${runs}</td>`;
    });
  return html`<div class="table" tabindex="0" role="group" aria-label=${context.strings.table}>
    <table>
      <thead>
        <tr>
          ${cells(head, true)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row, false)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const inlineTemplates = (runs: Inline[], context: Context): (TemplateResult | string)[] =>
  runs.map((run) => inlineTemplate(run, context));

function inlineTemplate(run: Inline, context: Context): TemplateResult | string {
  switch (run.type) {
    case "text":
      return visible(withoutBytes(run.text, (bytes) => filled(context.strings.jsonBytes, counted(bytes))));
    case "code":
      return html`<code>${visible(run.text)}</code>`;
    case "formula":
      return html`<span class="formula">${visible(run.text)}</span>`;
    case "emphasis":
      return html`<em>${inlineTemplates(run.children, context)}</em>`;
    case "strong":
      return html`<strong>${inlineTemplates(run.children, context)}</strong>`;
    case "strike":
      return html`<s>${inlineTemplates(run.children, context)}</s>`;
    case "link": {
      const title = run.title === undefined ? run.url : `${run.url}\n${run.title}`;
      return linkTemplate(run.url, title, inlineTemplates(run.children, context), run.host, context);
    }
    case "image": {
      const { linkedImage, linkedImageUnnamed } = context.strings;
      const [alt, url] = [visible(run.alt), visible(run.url)];
      const text = alt.trim() === "" ? filled(linkedImageUnnamed, url) : filled(linkedImage, alt, url);
      return linkTemplate(run.url, run.url, text, undefined, context);
    }
  }
}

/** Renders a link that asks the host to open it. Without an href, the window can't follow or prefetch it. */
function linkTemplate(
  url: string,
  title: string,
  content: unknown,
  host: string | undefined,
  { say }: Context,
): TemplateResult {
  const open = (): void => say({ type: "openLink", url });
  const openByKey = ({ key }: KeyboardEvent): void => {
    if (key === "Enter") open();
  };
  return html`<a role="link" tabindex="0" title=${visible(title)} @click=${open} @keydown=${openByKey}>${content}</a>${
      host === undefined ? nothing : html` <span class="name">(${visible(host)})</span>`
    }`;
}
