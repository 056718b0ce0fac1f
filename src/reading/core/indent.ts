const INDENT = "  ";
/** Deeper than this the lines are not indented further: nesting alone could make a small body huge. */
const DEEPEST = 100;
/** A layout of more than so many times the text's own size is not made; one that is small in any case is. */
const LARGEST = 4;
const SMALL = 64 * 1024;
/** Pieces of the layout that are put together at a time: as one string of millions of pieces they would take many times its size. */
const AT_ONCE = 4096;
/** Where the gateway keeps the events of a stream (API notes: Stored responses). */
const EVENTS = '"streamed_data"';

/** A text that is put together of very many pieces, up to a length. */
class Pieces {
  readonly #most: number;
  readonly #whole: string[] = [];
  #pieces: string[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isTooLong(): boolean {
    return this.#length > this.#most;
  }

  add(piece: string): void {
    this.#length += piece.length;
    if (this.#pieces.push(piece) < AT_ONCE) return;
    this.#whole.push(this.#pieces.join(""));
    this.#pieces = [];
  }

  toString(): string {
    return [...this.#whole, ...this.#pieces].join("");
  }
}

/** The index after the string that starts at `start`, in text that is known to be JSON. */
function stringEnd(text: string, start: number): number {
  for (let quote = start; ;) {
    quote = text.indexOf('"', quote + 1);
    let escapes = 0;
    while (text[quote - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * JSON with line breaks and indentation, every token as it stands: numbers, escapes and repeated keys stay what they
 * were, which parsing and printing would not keep. The events that the gateway keeps of a stream stay on one line each.
 * Returns the text itself when it is no whole JSON, or when indentation would make it several times as large, as deep nesting around many
 * values does.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  const laidOut = new Pieces(Math.max(LARGEST * text.length, SMALL));
  let depth = 0;
  let opened = false;
  /** Below this depth everything stays on its line. */
  let flatBelow = Infinity;
  /** The last string, while it may be the name of what follows. */
  let name = "";
  const breakLine = (): string => (depth > flatBelow ? "" : `\n${INDENT.repeat(Math.min(depth, DEEPEST))}`);
  const tokens = /[^\s{}[\],:"]+|\S/g;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const closes = token === "}" || token === "]";
    // What is empty stays on its line.
    const breaks = opened !== closes && token !== "," && token !== ":";
    // The end of something flat is still on its line, so it is asked before the depth goes down.
    const isFlat = closes && depth > flatBelow;
    if (closes) depth--;
    if (breaks && !isFlat) laidOut.add(breakLine());
    if (closes && depth < flatBelow) flatBelow = Infinity;
    opened = token === "{" || token === "[";
    if (opened) depth++;
    if (token === "[" && name === EVENTS && flatBelow === Infinity) flatBelow = depth;
    if (token === '"') {
      tokens.lastIndex = stringEnd(text, match.index);
      name = text.slice(match.index, Math.min(tokens.lastIndex, match.index + EVENTS.length + 1));
      laidOut.add(text.slice(match.index, tokens.lastIndex));
    } else {
      if (token !== ":") name = "";
      laidOut.add(token === ":" ? ": " : token);
    }
    if (token === ",") laidOut.add(breakLine() || " ");
    if (laidOut.isTooLong) return text;
  }
  return `${laidOut.toString()}\n`;
}
