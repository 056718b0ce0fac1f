/**
 * Control characters (C0, DEL, C1) but newline and tab, and the marks that override or isolate the direction of what follows: the same
 * that the page shows as marks (`src/panel/visible.ts`).
 */
const ACTING = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text without the characters that act on a terminal or turn a line around instead of showing: each becomes its escape, `\u001b`. In JSON,
 * TypeScript and Python, where such a character can only be in a string, the escape means the character, so that the text stays valid and
 * exact; elsewhere it is visible. Line ends become `\n`.
 */
export function escapeControls(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
