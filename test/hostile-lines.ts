import { LONGEST_LINE } from "../src/query/line-length.ts";
import { filledWith, overgrown, type Grown, type Overgrown } from "./growth.ts";

/** Pieces that the grammar of some value could scan repeatedly: digits, units, times, quotes, lists, words. */
const PIECES = [
  "1",
  "1.",
  "1e",
  ".1",
  "11s",
  "1h",
  "-",
  "T",
  "Z",
  "+00:00",
  "2026-11-20T",
  "2026-11-20 ",
  '"',
  '"" ',
  "\\",
  '"\\',
  '"a b" ',
  ",",
  "1,",
  "none,",
  "a,",
  "~",
  "=",
  "<",
  ":",
  "a:",
  "meta.",
  "x",
  "1,a,",
  "or ",
  "x=",
  "/*",
];

/** Ends that make the whole invalid. */
export const ENDS = ["", "x", "s", "Z", '"'];

/** A hostile line of up to a size. */
export type Line = { name: string; line: (size: number) => string };

/** Lines that start a value and continue in a hostile way. */
export function valuesAfter(starts: readonly string[], ends: readonly string[]): Line[] {
  return starts.flatMap((start) =>
    PIECES.flatMap((piece) =>
      ends.map((end) => ({
        name: `${start}${piece}…${end}`,
        line: (size: number) => start + filledWith(piece, size - start.length - end.length) + end,
      })),
    ),
  );
}

/** Lines of very many words. */
export function wordsOf(starts: readonly string[]): Line[] {
  const words = starts.flatMap((start) => ["1 ", "a ", "none ", '"a" ', " "].map((value) => start + value));
  return words.map((word) => ({ name: `${word}again and again`, line: (size) => filledWith(word, size) }));
}

/** Keys before their values, with each sign: a minus before the key, the others after its colon. */
export const signed = (keys: readonly string[], signs: readonly string[]): string[] =>
  keys.flatMap((key) => signs.map((sign) => (sign === "-" ? `-${key}:` : `${key}:${sign}`)));

/** One sixteenth of the longest line. */
const SIZE = LONGEST_LINE / 16;

/** Returns the lines with a time per character that grows up to the longest. */
export const overgrownLines = (lines: readonly Line[], run: (line: string) => unknown): Promise<Overgrown[]> =>
  overgrown(
    lines.map(({ name, line }): Grown => ({
      name,
      prepare: (size) => {
        const text = line(size);
        return () => run(text);
      },
    })),
    SIZE,
  );
