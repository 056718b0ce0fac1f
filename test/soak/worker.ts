// A thread of npm run soak: reads its mutations or growths one after another, and reports the current one, so that a
// hanging one can be named and ended from outside.
import { parentPort, workerData } from "node:worker_threads";
import { checkedReading, messageOf, shrunk } from "../unit/chat/fuzz-check.ts";
import { corpusOf, mutatedExchange } from "../unit/chat/fuzz-mutations.ts";
import { literalSeeds, recordedSeeds } from "../unit/chat/fuzz-seeds.ts";
import { growthOf, growths } from "./growth.ts";
import type { Failure, Report, Task } from "./protocol.ts";

const { kind, first, end, step, at } = workerData as Task;
const tell = (report: Report) => parentPort?.postMessage(report);

function mutation(number: number): Failure | undefined {
  const exchange = mutatedExchange(corpus, number);
  try {
    checkedReading(exchange);
    return undefined;
  } catch (error) {
    const stack = error instanceof Error ? String(error.stack) : String(error);
    return { number, what: stack, exchange: shrunk(exchange, messageOf(error)) };
  }
}

const seeds = [...literalSeeds(), ...recordedSeeds()];
const corpus = corpusOf(seeds);
const all = kind === "growths" ? growths(seeds) : [];
const last = kind === "growths" ? Math.min(end, all.length) : end;
for (let number = first; number < last; number += step) {
  Atomics.store(at, 0, number);
  const growth = all[number];
  if (growth !== undefined) {
    tell({ growth: growthOf(growth) });
    continue;
  }
  const failure = mutation(number);
  if (failure !== undefined) tell({ failure });
}
Atomics.store(at, 0, -1);
