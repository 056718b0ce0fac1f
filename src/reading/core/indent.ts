const INDENT = "  ";
/** No further indentation below this depth: nesting alone could make a small body huge. */
const DEEPEST = 100;
/** Limit on the layout's size as a multiple of the text's, unless it's small anyway. */
const LARGEST = 4;
const SMALL = 64 * 1024;
/** Pieces to join at a time: one string from millions of pieces would take many times its size. */
const AT_ONCE = 4096;
/** The gateway's field for a stream's events (API notes: Stored responses). */
const EVENTS = '"streamed_data"';

/** Joins many pieces into a text, up to a length. */
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

/** Returns the index after the string at `start`, in valid JSON. */
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
 * Adds line breaks and indentation to JSON, keeping every token: numbers, escapes and duplicate keys, which parsing and
 * printing would change. A stream's events stay on one line each. Returns the text itself if it isn't complete JSON, or
 * if indentation would make it several times larger, as deep nesting around many values does.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  const laidOut = new Pieces(Math.max(LARGEST * text.length, SMALL));
  let depth = 0;
  let opened = false;
  /** Below this depth, everything stays on one line. */
  let flatBelow = Infinity;
  /** The last string, possibly the key of what follows. */
  let name = "";
  const breakLine = (): string => (depth > flatBelow ? "" : `\n${INDENT.repeat(Math.min(depth, DEEPEST))}`);
  const tokens = /[^\s{}[\],:"]+|\S/g;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const closes = token === "}" || token === "]";
    // Empty objects and lists stay on one line.
    const breaks = opened !== closes && token !== "," && token !== ":";
    // Checked before the depth decreases: the closing bracket is still on the line.
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
