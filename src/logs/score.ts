/** A score that is written so, 0 to 100; null when nothing is written, undefined when it is none. */
export function scoreIn(text: string): number | null | undefined {
  const written = text.trim();
  if (written === "") return null;
  const number = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : Number.NaN;
  return number <= 100 ? number : undefined;
}
