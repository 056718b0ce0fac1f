import { html, noChange, type TemplateResult } from "lit";
import { Directive, directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";
import { sizeOf } from "../../src/reading/core/folding.ts";
import { textBlocks } from "./text-blocks.ts";
import { visible } from "../../src/panel/visible.ts";

/** Pixels of a line and characters that fit in one, about. */
const LINE = 20;
const WIDTH = 100;

/** Tells the browser how high a block is that it has not laid out yet. A style attribute would not be allowed. */
class BlockHeight extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error("a height is an element's");
  }

  override render(_pixels: number): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [pixels]: [number]): unknown {
    if (element instanceof HTMLElement) element.style.containIntrinsicBlockSize = `auto ${pixels}px`;
    return noChange;
  }
}

const blockHeight = directive(BlockHeight);

function heightOf(block: string): number {
  const { characters, lines } = sizeOf(block);
  return Math.max(lines, Math.ceil(characters / WIDTH)) * LINE;
}

/** A text of any length as it is; of a long one the browser lays out only what is seen. */
export function longText(text: string): TemplateResult {
  const blocks = textBlocks(text);
  if (blocks.length < 2) return html`<div class="text" dir="auto">${visible(text)}</div>`;
  return html`${blocks.map(
    (block) => html`<div class="text block" dir="auto" ${blockHeight(heightOf(block))}>${visible(block)}</div>`,
  )}`;
}
