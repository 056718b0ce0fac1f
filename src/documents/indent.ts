const INDENT = "  ";
/** Deeper than this the lines are not indented further: nesting alone could make a small body huge. */
const DEEPEST = 100;

/** The index after the string that starts at `start`, in text that is known to be JSON. */
function stringEnd(text: string, start: number): number {
  for (let quote = start; ;) {
    quote = text.indexOf('"', quote + 1);
    let escapes = 0;
    while (text[quote - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
}

/**
 * JSON with line breaks and indentation, every token as it stands: numbers, escapes and repeated keys stay what they
 * were, which parsing and printing would not keep. Returns the text itself when it is no whole JSON.
 */
export function indentJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const pieces: string[] = [];
  let depth = 0;
  let opened = false;
  const breakLine = () => pieces.push("\n", INDENT.repeat(Math.min(depth, DEEPEST)));
  const tokens = /[^\s{}[\],:"]+|\S/g;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    // What is empty stays on its line.
    if (opened !== closes && token !== "," && token !== ":") breakLine();
    opened = token === "{" || token === "[";
    if (opened) depth++;
    if (token === '"') {
      tokens.lastIndex = stringEnd(text, match.index);
      pieces.push(text.slice(match.index, tokens.lastIndex));
    } else pieces.push(token === ":" ? ": " : token);
    if (token === ",") breakLine();
  }
  return `${pieces.join("")}\n`;
}
