import type { Part } from "../../conversation.ts";

export type TextPart = Extract<Part, { type: "text" }>;

/** A text part, from which byte to which it stands in all text of its answer, in UTF-8. */
type Stretch = { part: TextPart; begin: number; end: number; marks?: Mark[] };
/** A character's index in its text, and its first byte. */
type Mark = { character: number; byte: number };

/** The text parts of an answer by their bytes. */
export type TextBytes = {
  stretches: Stretch[];
  /** Where the text of each of the wire's own parts begins, for those that have one. */
  begins: Map<number, number>;
};

/** From character to character of a part. */
type Place = { part: TextPart; start: number; end: number };

/** A character is looked up from the nearest mark, of which there is one every so many bytes. */
const MARK_EVERY = 256;

/** Counts the bytes of the text among the parts, which are given as read from each part of the wire. */
export function textBytes(partsOf: Part[][]): TextBytes {
  const stretches: Stretch[] = [];
  const begins = new Map<number, number>();
  let size = 0;
  for (const [index, parts] of partsOf.entries()) {
    for (const part of parts) {
      if (part.type !== "text") continue;
      if (!begins.has(index)) begins.set(index, size);
      const end = size + Buffer.byteLength(part.text);
      stretches.push({ part, begin: size, end });
      size = end;
    }
  }
  return { stretches, begins };
}

/**
 * The part, and from which character to which of it, that stands from byte `start` to `end` (exclusive) of its own part
 * or, as Gemini counts where there are several, of all text. `said`: how the place reads, to tell these apart.
 * undefined where there is no such place.
 */
export function placeOf(
  bytes: TextBytes,
  start: number,
  end: number,
  partIndex: number | undefined,
  said: string | undefined,
): Place | undefined {
  const own = partIndex === undefined ? undefined : bytes.begins.get(partIndex);
  for (const begin of own === undefined || own === 0 ? [0] : [own, 0]) {
    const place = placeAt(bytes, begin + start, begin + end);
    const isRight =
      place !== undefined && (said === undefined || place.part.text.slice(place.start, place.end) === said);
    if (isRight) return place;
  }
  return undefined;
}

function placeAt({ stretches }: TextBytes, start: number, end: number): Place | undefined {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  const stretch = stretches[low];
  if (stretch === undefined || !(start >= stretch.begin && end > start)) return undefined;
  const { part, begin } = stretch;
  const to = end >= stretch.end ? part.text.length : characterAt(stretch, end - begin);
  return { part, start: characterAt(stretch, start - begin), end: to };
}

/** The index of the character that has this byte of the stretch. */
function characterAt(stretch: Stretch, byte: number): number {
  const { text } = stretch.part;
  if (stretch.end - stretch.begin === text.length) return Math.floor(byte);
  stretch.marks ??= marksOf(text);
  const block = Math.floor(byte / MARK_EVERY);
  const near = stretch.marks[block];
  let { character, byte: at } = (near !== undefined && near.byte <= byte ? near : stretch.marks[block - 1]) ?? {
    character: 0,
    byte: 0,
  };
  while (at + sizeOf(text, character) <= byte) {
    at += sizeOf(text, character);
    character += isPair(text, character) ? 2 : 1;
  }
  return character;
}

function marksOf(text: string): Mark[] {
  const marks: Mark[] = [];
  for (let character = 0, byte = 0; character < text.length;) {
    if (byte >= marks.length * MARK_EVERY) marks.push({ character, byte });
    byte += sizeOf(text, character);
    character += isPair(text, character) ? 2 : 1;
  }
  return marks;
}

function sizeOf(text: string, character: number): number {
  const code = text.charCodeAt(character);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : isPair(text, character) ? 4 : 3;
}

function isPair(text: string, character: number): boolean {
  const code = text.charCodeAt(character);
  if (code < 0xd800 || code > 0xdbff) return false;
  const next = text.charCodeAt(character + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
