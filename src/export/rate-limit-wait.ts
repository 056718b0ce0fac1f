import { setTimeout as delay } from "node:timers/promises";
import { SourceError } from "../source/errors.ts";
import type { LogSource } from "../source/source.ts";

/** Callbacks for each call, and for each wait with its end. */
export type Heard = { onCall: () => void; onWait: (until: Date) => void };

/** Makes a call; while the source rejects all calls, waits and retries. */
export async function waitOutRateLimits<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  { onCall, onWait }: Heard,
): Promise<T> {
  for (;;) {
    try {
      onCall();
      return await call();
    } catch (error) {
      if (!(error instanceof SourceError) || error.reason !== "rateLimited" || !error.retryAt) throw error;
      onWait(error.retryAt);
      await until(error.retryAt, signal);
    }
  }
}

/**
 * Returns a source whose reads wait out the call limit. `onWait`: called with the end of a wait; `onCall`: for each
 * call.
 */
export function waitingOutRateLimits(source: LogSource, signal: AbortSignal, heard: Heard): LogSource {
  const { onWait } = heard;
  const { walk, read, body } = source;
  const attempt = <T>(call: () => Promise<T>) => waitOutRateLimits(call, signal, heard);
  return {
    ...source,
    list: (of, query, after, options) => attempt(() => source.list(of, query, after, { ...options, onWait })),
    ...(walk && { walk: (of, query, options) => walk(of, query, { ...options, onWait, attempt }) }),
    ...(read && { read: (ref, options) => attempt(() => read(ref, { ...options, onWait })) }),
    ...(body && { body: (ref, side, options) => attempt(() => body(ref, side, { ...options, onWait })) }),
  };
}

async function until(time: Date, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, time.getTime() - Date.now()), undefined, { signal });
  } catch (cause) {
    throw new SourceError("aborted", "The wait was canceled.", { cause });
  }
}
