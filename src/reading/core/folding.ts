import type { Role } from "../../chat/conversation.ts";

export type Size = { characters: number; lines: number };

/** Sizes from which a request's text is folded; lower for content that callers always send alike. */
const LONG: Record<Role, Size> = {
  system: { characters: 400, lines: 6 },
  user: { characters: 1200, lines: 20 },
  assistant: { characters: 1200, lines: 20 },
  tool: { characters: 1200, lines: 20 },
};

/** Visible part of a folded text, at most. */
const PREVIEW: Size = { characters: 240, lines: 3 };

/** Counts a text's UTF-16 units and lines; a newline at the end doesn't begin a line. */
export function sizeOf(text: string): Size {
  let lines = text === "" ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < text.length - 1; at = text.indexOf("\n", at + 1)) lines += 1;
  return { characters: text.length, lines };
}

/** Whether a text of this size is folded in a message of this role. */
export function isLong({ characters, lines }: Size, role: Role): boolean {
  return characters > LONG[role].characters || lines > LONG[role].lines;
}

/**
 * Returns where to cut at or before `end`: after the last space or newline in the tenth before it, never inside a
 * character.
 */
export function cutAt(text: string, end: number): number {
  if (end >= text.length) return text.length;
  for (let at = end; at > end * 0.9; at -= 1) if (/\s/.test(text.charAt(at - 1))) return at;
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}

/** Splits a text into its first lines and the rest. */
export function preview(text: string): { head: string; rest: string } {
  let end = 0;
  for (let line = 0; line < PREVIEW.lines && end < text.length; line += 1) {
    const next = text.indexOf("\n", end);
    end = next < 0 ? text.length : next + 1;
  }
  if (end > PREVIEW.characters) end = cutAt(text, PREVIEW.characters);
  return { head: text.slice(0, end), rest: text.slice(end) };
}
