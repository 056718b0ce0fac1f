/** Where a text occurs in another, in order; matches do not overlap. */
export function matchesOf(text: string, wanted: string, caseSensitive: boolean): { start: number; end: number }[] {
  if (wanted === "") return [];
  const escaped = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const pattern = new RegExp(escaped, caseSensitive ? "gu" : "giu");
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => ({ start: index, end: index + match.length }));
}

/**
 * Which match comes next: the first that begins at `from` or after it, or backwards the last that ends there or before it;
 * else, when `wrap`, the first or the last of all.
 */
export function nextMatch<T extends { start: number; end: number }>(
  matches: readonly T[],
  from: number,
  backwards: boolean,
  wrap: boolean,
): T | undefined {
  const next = backwards ? matches.findLast(({ end }) => end <= from) : matches.find(({ start }) => start >= from);
  return next ?? (wrap ? matches.at(backwards ? -1 : 0) : undefined);
}
