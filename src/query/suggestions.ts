/** Edit distance: changed, missing, extra and swapped adjacent letters. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const steps = [(current[column - 1] ?? 0) + 1, (last[column] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1)];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) steps.push((before[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    [before, last] = [last, current];
  }
  return last[b.length] ?? 0;
}

/** Returns the distance between typed text and a name; Infinity if they are too different. */
function farness(typed: string, name: string): number {
  if (name.startsWith(typed)) return 0;
  if (Math.abs(name.length - typed.length) <= 2) {
    const changes = distance(typed, name);
    if (changes <= (typed.length < 4 ? 1 : 2)) return changes;
  }
  return typed.length > 2 && (name.includes(typed) || typed.startsWith(name)) ? 3 : Infinity;
}

/** Returns up to three names that a misspelled word may mean, ignoring case, nearest first, else in their own order. */
export function nearestNames(word: string, names: readonly string[]): string[] {
  const typed = word.toLowerCase();
  if (typed === "" || typed.length > 40) return [];
  return names
    .map((name) => ({ name, far: farness(typed, name.toLowerCase()) }))
    .filter(({ far }) => far !== Infinity)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
