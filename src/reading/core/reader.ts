import { setImmediate as nextTurn } from "node:timers/promises";
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

/** Bytes that are copied before other work has its turn. */
const A_TURN = 512 * 1024;

/** Large bytes in memory that a thread sees too. To hand them over copies them in one go, which keeps all other work waiting. */
async function shared<Body extends string | Uint8Array | null>(body: Body): Promise<Body | Uint8Array> {
  if (!(body instanceof Uint8Array) || body.length <= SMALL) return body;
  const copy = new Uint8Array(new SharedArrayBuffer(body.length));
  for (let at = 0; at < body.length; at += A_TURN) {
    copy.set(body.subarray(at, at + A_TURN), at);
    await nextTurn();
  }
  return copy;
}

async function inSharedMemory(input: Jobs[JobName]["takes"]): Promise<Jobs[JobName]["takes"]> {
  if (typeof input === "string" || input instanceof Uint8Array) return shared(input);
  return { ...input, request: await shared(input.request), response: await shared(input.response) };
}

async function readInThread<Name extends JobName>(
  work: ThreadWork<Name>,
  threadFile: string,
  signal: AbortSignal | undefined,
): Promise<Jobs[Name]["gives"]> {
  const input = await inSharedMemory(work.input);
  signal?.throwIfAborted();
  const thread = new Worker(threadFile, {
    workerData: { name: work.name, input } satisfies ThreadWork,
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
