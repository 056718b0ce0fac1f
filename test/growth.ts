import { setImmediate } from "node:timers/promises";

/** Something that is run on hostile input: `prepare` makes the input, so long or so many, and gives what is measured. */
export type Grown = { name: string; prepare: (size: number) => () => unknown };

/** Takes longer for each character of a large input than of a small one: `ratio` times as long. */
export type Overgrown = { name: string; ratio: number };

/** How many times the small size the large one is. Time for each character then grows so many times where it is quadratic, and not where it is linear. */
const FACTOR = 16;
const MOST_RATIO = 4;
/** What takes less CPU time cannot be measured well, in ms. */
const LEAST_MS = 1;
/** Something else that runs on the machine can only lengthen a measurement: so often it is repeated before it is believed. */
const ROUNDS = 12;
/** What is measured in the same few milliseconds is disturbed together: so often what looks overgrown is measured anew, after all the others. */
const TURNS = 10;

/** CPU time of this thread (where Node can tell, else of the process) in ms: other processes do not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU time of one run in ms, taken of so many runs that there is something to measure. */
function costOf(run: () => unknown): number {
  for (let runs = 1; ; runs *= 4) {
    const started = cpuMs();
    for (let count = 0; count < runs; count++) run();
    const spent = cpuMs() - started;
    if (spent >= LEAST_MS || runs > 4000) return spent / runs;
  }
}

/**
 * How the time that something takes for each character grows from a size to sixteen times that; 0 where even that takes less than `least`, in
 * ms of CPU time.
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
    // An extension host that does not answer for seconds is connected to anew.
    if (performance.now() - turn > 100) {
      await setImmediate();
      turn = performance.now();
    }
    const ratio = growthOf(one, size, least);
    if (ratio >= MOST_RATIO) found.push({ ...one, ratio });
  }
  return found;
}

/** Those of which the time for each character grows, when the input does from `size` to sixteen times that; `least` as in `growthOf`. */
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

/** So many characters of a text that is repeated. */
export const filledWith = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);
