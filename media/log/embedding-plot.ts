/** Maximum number of bars. */
const BARS = 200;

/** Height of the plot, in px. */
export const PLOT_HEIGHT = 64;

export type EmbeddingFacts = {
  /** The L2 norm. */
  norm: number;
  min: number;
  max: number;
  /** SVG path data of the bars. */
  path: string;
  /** Number of bars, and width of the plot in its own units. */
  width: number;
  /** Position of the zero line, from the top. */
  zero: number;
};

const known = new WeakMap<readonly number[], EmbeddingFacts>();

/** Computes an embedding's plot; once for each list. */
export function embeddingFacts(values: readonly number[]): EmbeddingFacts {
  const before = known.get(values);
  if (before) return before;
  const facts = factsOf(values);
  known.set(values, facts);
  return facts;
}

function factsOf(values: readonly number[]): EmbeddingFacts {
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    squares += value * value;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) [min, max] = [0, 0];
  const top = Math.max(0, max);
  const scale = PLOT_HEIGHT / (top - Math.min(0, min) || 1);
  const width = Math.min(BARS, values.length);
  return { norm: Math.sqrt(squares), min, max, path: bars(values, width, top, scale), width, zero: round(top * scale) };
}

/** Returns a bar for each bucket, from its minimum (at most 0) to its maximum (at least 0). */
function bars(values: readonly number[], count: number, top: number, scale: number): string {
  let path = "";
  for (let bar = 0; bar < count; bar++) {
    const end = Math.floor(((bar + 1) * values.length) / count);
    let low = 0;
    let high = 0;
    for (let at = Math.floor((bar * values.length) / count); at < end; at++) {
      const value = values[at] ?? 0;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low < high) path += `M${bar} ${round((top - high) * scale)}h1v${round((high - low) * scale)}h-1z`;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
