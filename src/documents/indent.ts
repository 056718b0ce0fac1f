const INDENT = "  ";
/** Deeper than this the lines are not indented further: nesting alone could make a small body huge. */
const DEEPEST = 100;
/** Where the gateway keeps the events of a stream (facts 3.5). */
const EVENTS = '"streamed_data"';

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
 * Returns the text itself when it is no whole JSON.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  let laidOut = "";
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
    if (breaks && !isFlat) laidOut += breakLine();
    if (closes && depth < flatBelow) flatBelow = Infinity;
    opened = token === "{" || token === "[";
    if (opened) depth++;
    if (token === "[" && name === EVENTS && flatBelow === Infinity) flatBelow = depth;
    if (token === '"') {
      tokens.lastIndex = stringEnd(text, match.index);
      name = text.slice(match.index, Math.min(tokens.lastIndex, match.index + EVENTS.length + 1));
      laidOut += text.slice(match.index, tokens.lastIndex);
    } else {
      if (token !== ":") name = "";
      laidOut += token === ":" ? ": " : token;
    }
    if (token === ",") laidOut += breakLine() || " ";
  }
  return `${laidOut}\n`;
}
