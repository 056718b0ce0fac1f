import pLimit from "p-limit";
import { waiting } from "../platform/progress.ts";

/** Concurrent calls, out of six: the others are for logs opened meanwhile. */
const AT_ONCE = 4;

/** With more logs, progress is shown and can be canceled. */
const MANY = 10;

/** Runs a call when a slot is free. */
export type InTurn = <T>(call: () => Promise<T>) => Promise<T>;

/** Runs for all items at once; what of it are calls takes turns. Resolves when all are over, however they ended. */
export async function runLimited<T, R>(
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
