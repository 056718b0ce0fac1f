import { Worker } from "node:worker_threads";
import { readSize } from "../../chat/body/body-bytes.ts";
import type { JobName, Jobs } from "./jobs.ts";

/** Does a job on recorded bodies. Rejects with the signal's reason when aborted. */
export type Read = <Name extends JobName>(
  name: Name,
  input: Jobs[Name]["takes"],
  signal?: AbortSignal,
) => Promise<Jobs[Name]["gives"]>;

/** What a thread is given as its `workerData`. */
export type ThreadWork<Name extends JobName = JobName> = { name: Name; input: Jobs[Name]["takes"] };

/** Characters or bytes that are read on the spot: some milliseconds, less than a thread takes to start. */
export const SMALL = 256 * 1024;

/** Megabytes of heap that reading two bodies of 10 MB may take before it fails alone, and not the extension host. */
const THREAD_HEAP = 1024;

/** Characters or bytes that a job has to read; of a body larger than what is small, its own are enough to know. */
export function sizeOf(input: Jobs[JobName]["takes"]): number {
  if (typeof input === "string" || input instanceof Uint8Array)
    return input.length > SMALL ? input.length : readSize(input);
  return (input.request === null ? 0 : sizeOf(input.request)) + (input.response === null ? 0 : sizeOf(input.response));
}

/**
 * Reads recorded bodies so that the extension host, which all extensions share, is not kept waiting: small ones at once,
 * large ones in a thread of their own, which ends with it.
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
  work: ThreadWork<Name>,
  threadFile: string,
  signal: AbortSignal | undefined,
): Promise<Jobs[Name]["gives"]> {
  const thread = new Worker(threadFile, {
    workerData: work,
    // The host's own flags are not for threads, and its environment is none of their business.
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
