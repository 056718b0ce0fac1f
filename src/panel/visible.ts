/**
 * Returns recorded text with active characters made visible: control characters (including the start of ANSI sequences)
 * as their symbols, bidirectional controls as their codes.
 */
export function visible(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/gu, (mark) => {
    const code = mark.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(code + 0x2400) : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
