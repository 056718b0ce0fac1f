import { setImmediate } from "node:timers/promises";

/**
 * A function to run on hostile input. `prepare`: builds an input of a length or a count, and returns what to measure.
 */
export type Grown = { name: string; prepare: (size: number) => () => unknown };

/** A function with a growing time per character: `ratio` times as long for a large input as for a small one. */
export type Overgrown = { name: string; ratio: number };

/**
 * Ratio of the large to the small size: also the growth of the time per character if it's quadratic; 1 if it's linear.
 */
const FACTOR = 16;
const MOST_RATIO = 4;
/** Less CPU time can't be measured well, in ms. */
const LEAST_MS = 1;
/** Other work can only lengthen a measurement, so it is repeated this often. */
const ROUNDS = 12;
/** Measurements close in time are disturbed together, so suspicious ones are repeated this often, after all others. */
const TURNS = 10;

/** Returns the CPU time of this thread (or, on older Node, the process) in ms: other processes don't count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the CPU time of one run in ms, measured over enough runs. */
function costOf(run: () => unknown): number {
  for (let runs = 1; ; runs *= 4) {
    const started = cpuMs();
    for (let count = 0; count < runs; count++) run();
    const spent = cpuMs() - started;
    if (spent >= LEAST_MS || runs > 4000) return spent / runs;
  }
}

/**
 * Returns how the time per character grows from a size to sixteen times that; 0 if even that takes less than `least`,
 * in ms of CPU time.
 */
function growthOf({ prepare }: Grown, size: number, least = LEAST_MS): number {
  const [small, large] = [prepare(size), prepare(size * FACTOR)];
  let [fewer, more] = [Infinity, Infinity];
  let ratio = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const started = cpuMs();
    large();
    more = Math.min(more, cpuMs() - started);
    if (more < least) return 0;
    fewer = Math.min(fewer, costOf(small));
    ratio = more / FACTOR / fewer;
    // The first runs compile what they run.
    if (round > 0 && ratio < MOST_RATIO) return ratio;
  }
  return ratio;
}

/** Measures all of them once. */
async function overgrownOnce(all: Iterable<Grown>, size: number, least?: number): Promise<(Overgrown & Grown)[]> {
  const found: (Overgrown & Grown)[] = [];
  let turn = performance.now();
  for (const one of all) {
    // VS Code reconnects to an extension host that doesn't respond for seconds.
    if (performance.now() - turn > 100) {
      await setImmediate();
      turn = performance.now();
    }
    const ratio = growthOf(one, size, least);
    if (ratio >= MOST_RATIO) found.push({ ...one, ratio });
  }
  return found;
}

/**
 * Returns the functions whose time per character grows between `size` and sixteen times that; `least` as in `growthOf`.
 */
export async function overgrown(all: Iterable<Grown>, size: number, least?: number): Promise<Overgrown[]> {
  let found = await overgrownOnce(all, size, least);
  for (let turn = 1; turn < TURNS && found.length > 0; turn++) {
    found = await overgrownOnce(found, size, least);
  }
  return found.map(({ name, ratio }) => ({ name, ratio }));
}

/** Each two of them, in one order. */
export function pairsOf<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, index) => all.slice(index + 1).map((other): [T, T] => [one, other]));
}

/** A repeated text of this many characters. */
export const filledWith = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);
