import { cutAt } from "../../src/reading/core/folding.ts";

/** Characters of a block, about. */
const BLOCK = 4000;

/** A long text in blocks of about 4,000 characters that end at the end of a line where there is one, else at a space. */
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
