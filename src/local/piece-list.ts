/** Pieces with consecutive numbers. */
export type Run = { first: number; count: number };

/*
 * A body's list of pieces is written as runs. Pieces that were new together have consecutive numbers, and stay together
 * in the next request, so a list of hundreds of pieces takes a few bytes for each call of an agent's run. A run is two
 * numbers: its distance from the end of the run before (which may be negative), and its count. A number is written in
 * groups of 7 bits, the lowest first; the upper bit of a byte says that another follows.
 */

function write(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

/** Writes a list of pieces' numbers. */
export function listOf(pieces: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let end = 0;
  for (let at = 0; at < pieces.length;) {
    const first = pieces[at] ?? 0;
    let count = 1;
    while (pieces[at + count] === first + count) count++;
    const distance = first - end;
    write(bytes, distance < 0 ? -2 * distance - 1 : 2 * distance);
    write(bytes, count);
    end = first + count;
    at += count;
  }
  return Uint8Array.from(bytes);
}

/** Yields the runs of a list that `listOf` wrote. */
export function* runsOf(list: Uint8Array): Generator<Run> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = list[at++] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  let end = 0;
  while (at < list.length) {
    const distance = read();
    const first = end + (distance % 2 === 1 ? -(distance + 1) / 2 : distance / 2);
    const count = read();
    yield { first, count };
    end = first + count;
  }
}
