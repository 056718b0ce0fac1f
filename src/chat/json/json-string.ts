const BACKSLASH = 92;

/** Returns the index of the quote that ends a JSON string, or -1. `start`: the index after the opening quote. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
  return end;
}

/** Whether the character at an index is escaped, in a JSON string that begins at `start`. */
export function isEscaped(text: string, at: number, start: number): boolean {
  let before = at;
  while (before > start && text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
