import type { Part } from "../../conversation.ts";

export type TextPart = Extract<Part, { type: "text" }>;

/** A text part, and its UTF-8 byte range in the whole text of its answer. */
type Stretch = { part: TextPart; begin: number; end: number; marks?: Mark[] };
/** A character index and its first byte. */
type Mark = { character: number; byte: number };

/** An answer's text parts by byte position. */
export type TextBytes = {
  stretches: Stretch[];
  /** Start of the text of each wire part that has one. */
  begins: Map<number, number>;
};

/** A character range of a part. */
type Place = { part: TextPart; start: number; end: number };

/** One mark per this many bytes; lookups start from the nearest. */
const MARK_EVERY = 256;

/** Indexes the bytes of the text parts, given as read from each wire part. */
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
 * Returns the part and the character range for bytes `start` to `end` (exclusive) of its own part or, as Gemini counts
 * if there are several, of the whole text. `said`: the expected text, which decides between the two. Returns undefined
 * if there is no such range.
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

/** Returns the index of the character at a byte of the stretch. */
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
