import { cutAt } from "../../src/reading/core/folding.ts";

/** Approximate characters per block. */
const BLOCK = 4000;

/** Splits a long text into blocks of about 4,000 characters, at line ends if possible, else at spaces. */
export function textBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (let start = 0; start < text.length;) {
    const line = text.lastIndexOf("\n", start + BLOCK) + 1;
    const end = text.length - start <= BLOCK ? text.length : line > start ? line : cutBlock(text, start);
    blocks.push(text.slice(start, end));
    start = end;
  }
  return blocks;
}

const cutBlock = (text: string, start: number): number => start + cutAt(text.slice(start, start + BLOCK + 1), BLOCK);
