/** Finds a text in another, in order, without overlaps. */
export function matchesOf(text: string, wanted: string, caseSensitive: boolean): { start: number; end: number }[] {
  if (wanted === "") return [];
  const escaped = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const pattern = new RegExp(escaped, caseSensitive ? "gu" : "giu");
  return [...text.matchAll(pattern)].map(({ index, 0: match }) => ({ start: index, end: index + match.length }));
}

/**
 * Returns the next match: the first at or after `from`, or backward the last that ends at or before it; if there is
 * none and `wrap`, the first or the last of all.
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
