import { Worker } from "node:worker_threads";
import type { RecordedExchange } from "../chat/conversation.ts";
import type { Bounded } from "./bounded.ts";

/** Says what an exchange says, as much of it as a page can show. Rejects with the signal's reason when aborted. */
export type ReadExchange = (exchange: RecordedExchange, signal: AbortSignal) => Promise<Bounded>;

/** Characters or bytes of both bodies that are read on the spot: some milliseconds, less than a thread takes to start. */
const SMALL = 256 * 1024;

/** Megabytes of heap that reading two bodies of 10 MB may take before it fails alone, and not the extension host. */
const THREAD_HEAP = 1024;

/**
 * Reads exchanges so that the extension host, which all extensions share, is not kept waiting: a small one at once, a
 * large one in a thread of its own, which ends with it.
 * @param threadFile the built src/panel/reading-thread.ts
 */
export function exchangeReader(threadFile: string): ReadExchange {
  return async (exchange, signal) => {
    signal.throwIfAborted();
    const size = (exchange.request?.length ?? 0) + (exchange.response?.length ?? 0);
    if (size > SMALL) return readInThread(exchange, threadFile, signal);
    const { readBounded } = await import("./read-bounded.ts");
    return readBounded(exchange);
  };
}

async function readInThread(exchange: RecordedExchange, threadFile: string, signal: AbortSignal): Promise<Bounded> {
  const thread = new Worker(threadFile, {
    workerData: exchange,
    // The host's own flags are not for threads, and its environment is none of their business.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Bounded>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort);
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.once("exit", () => reject(new Error("The thread that reads a log ended without an answer.")));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}
