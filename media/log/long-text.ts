import { html, noChange, type TemplateResult } from "lit";
import { Directive, directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";
import { sizeOf } from "../../src/reading/core/folding.ts";
import { textBlocks } from "./text-blocks.ts";
import { visible } from "../../src/panel/visible.ts";

/** Approximate line height in pixels, and characters per line. */
const LINE = 20;
const WIDTH = 100;

/** Sets a block's height before its layout. The page's policy forbids style attributes. */
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

/** Renders text of any length; the browser lays out only the visible blocks of a long one. */
export function longText(text: string): TemplateResult {
  const blocks = textBlocks(text);
  if (blocks.length < 2) return html`<div class="text" dir="auto">${visible(text)}</div>`;
  return html`${blocks.map(
    (block) => html`<div class="text block" dir="auto" ${blockHeight(heightOf(block))}>${visible(block)}</div>`,
  )}`;
}
