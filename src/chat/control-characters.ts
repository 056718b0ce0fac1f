/**
 * Control characters (C0, DEL, C1) except newline and tab, and bidirectional overrides and isolates: the same set that
 * the page marks (`src/panel/visible.ts`).
 */
const ACTING = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escapes characters that act on a terminal or reorder a line instead of showing, as `\u001b`. In JSON, TypeScript and
 * Python such a character occurs only in strings, where the escape means the same character, so the text stays valid
 * and exact; elsewhere the escape is visible. Line ends become `
 * `.
 */
export function escapeControls(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
