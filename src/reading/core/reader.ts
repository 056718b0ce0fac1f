import { Worker } from "node:worker_threads";
import { readSize } from "../../chat/body/body-bytes.ts";
import type { JobName, Jobs } from "./jobs.ts";

/** Runs a job on recorded bodies. Rejects with the signal's reason when aborted. */
export type Read = <Name extends JobName>(
  name: Name,
  input: Jobs[Name]["takes"],
  signal?: AbortSignal,
) => Promise<Jobs[Name]["gives"]>;

/** A thread's `workerData`. */
export type ThreadWork<Name extends JobName = JobName> = { name: Name; input: Jobs[Name]["takes"] };

/** Characters or bytes read in this thread: a few milliseconds, less than starting a thread. */
export const SMALL = 256 * 1024;

/** Megabytes of heap for reading two bodies of 10 MB, before the thread fails alone instead of the extension host. */
const THREAD_HEAP = 1024;

/** Returns how many characters or bytes a job has to read; for a body that isn't small, its own size suffices. */
export function sizeOf(input: Jobs[JobName]["takes"]): number {
  if (typeof input === "string" || input instanceof Uint8Array)
    return input.length > SMALL ? input.length : readSize(input);
  return (input.request === null ? 0 : sizeOf(input.request)) + (input.response === null ? 0 : sizeOf(input.response));
}

/**
 * Reads recorded bodies without blocking the extension host, which all extensions share: small ones in this thread,
 * large ones in a new thread for each job.
 * @param threadFile the built src/reading/core/reading-thread.ts
 */
export function reader(threadFile: string): Read {
  return async (name, input, signal) => {
    signal?.throwIfAborted();
    if (sizeOf(input) > SMALL) return readInThread({ name, input }, threadFile, signal);
    const { runJob } = await import("./jobs.ts");
    return runJob(name, input);
  };
}

async function readInThread<Name extends JobName>(
  workerData: ThreadWork<Name>,
  threadFile: string,
  signal: AbortSignal | undefined,
): Promise<Jobs[Name]["gives"]> {
  const thread = new Worker(threadFile, {
    // Large bodies aren't copied: they are in shared memory.
    workerData,
    // Threads get neither the host's flags nor its environment.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Jobs[Name]["gives"]>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  thread.once("message", ({ given }: { given: Jobs[Name]["gives"] }) => resolve(given));
  thread.once("error", reject);
  thread.once("exit", () => reject(new Error("The thread that reads a log ended without an answer.")));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    await thread.terminate();
  }
}
