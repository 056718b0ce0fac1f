import pLimit from "p-limit";
import { waiting } from "../platform/progress.ts";

/** Calls under way at once, of the six that there may be: the others are for what is opened meanwhile. */
const AT_ONCE = 4;

/** With more logs than that, progress is shown and can be cancelled. */
const MANY = 10;

/** Runs a call when it is its turn. */
export type InTurn = <T>(call: () => Promise<T>) => Promise<T>;

/** Runs for all items at once; what of it are calls takes turns. Resolves when all are over, however they ended. */
export async function forEach<T, R>(
  items: readonly T[],
  title: string,
  run: (item: T, inTurn: InTurn, signal: AbortSignal) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const inTurn = pLimit(AT_ONCE);
  const all = (signal: AbortSignal, done: () => void) =>
    Promise.allSettled(items.map((item) => run(item, inTurn, signal).finally(done)));
  if (items.length <= MANY) return all(new AbortController().signal, () => undefined);
  let over = 0;
  return waiting(title, (signal, report) => all(signal, () => report(++over / items.length)));
}
