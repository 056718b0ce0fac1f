/** Parses a score from 0 to 100; null for empty text, undefined for invalid text. */
export function scoreIn(text: string): number | null | undefined {
  const written = text.trim();
  if (written === "") return null;
  const number = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : Number.NaN;
  return number <= 100 ? number : undefined;
}
