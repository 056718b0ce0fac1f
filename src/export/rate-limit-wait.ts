import { setTimeout as delay } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";

/** Client methods for an export. */
export type Reads = Pick<CloudflareClient, "listLogs" | "getLog" | "getRequest" | "getResponse">;

/** Callbacks for each call, and for each wait with its end. */
export type Heard = { onCall: () => void; onWait: (until: Date) => void };

/** Makes a call; while the API rejects all calls, waits and retries. */
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
      if (!(error instanceof CloudflareError) || error.reason !== "rateLimited" || !error.retryAt) throw error;
      onWait(error.retryAt);
      await until(error.retryAt, signal);
    }
  }
}

/**
 * Returns a client whose reads wait out the call limit. `onWait`: called with the end of a wait; `onCall`: for each
 * call.
 */
export function waitingOutRateLimits(client: Reads, signal: AbortSignal, heard: Heard): Reads {
  const { onWait } = heard;
  return {
    listLogs: (gateway, query, options) =>
      waitOutRateLimits(() => client.listLogs(gateway, query, { ...options, onWait }), signal, heard),
    getLog: (ref, options) => waitOutRateLimits(() => client.getLog(ref, { ...options, onWait }), signal, heard),
    getRequest: (ref, options) =>
      waitOutRateLimits(() => client.getRequest(ref, { ...options, onWait }), signal, heard),
    getResponse: (ref, options) =>
      waitOutRateLimits(() => client.getResponse(ref, { ...options, onWait }), signal, heard),
  };
}

async function until(time: Date, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, time.getTime() - Date.now()), undefined, { signal });
  } catch (cause) {
    throw new CloudflareError("aborted", "The waiting was given up.", { cause });
  }
}
