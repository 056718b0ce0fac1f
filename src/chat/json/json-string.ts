const BACKSLASH = 92;

/** The index of the quote that ends a JSON string; -1 where it is missing. `start`: behind the quote that begins it. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
  return end;
}

/** True where the character at an index is escaped, in a JSON string that begins at `start`. */
export function isEscaped(text: string, at: number, start: number): boolean {
  let before = at;
  while (before > start && text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
