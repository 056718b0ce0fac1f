import { setTimeout as delay } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";

/** What an export reads with. */
export type Reads = Pick<CloudflareClient, "listLogs" | "getLog" | "getRequest" | "getResponse">;

/** What is told of calls that are made patiently: each call, and until when is waited. */
export type Heard = { onCall: () => void; onWait: (until: Date) => void };

/** Makes a call; where the API refuses all for a while, it waits and makes it again. */
export async function patiently<T>(call: () => Promise<T>, signal: AbortSignal, { onCall, onWait }: Heard): Promise<T> {
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
 * A client whose reads wait while the call limit is reached and then go on. `onWait` is told until when, `onCall` of each call.
 */
export function patient(client: Reads, signal: AbortSignal, heard: Heard): Reads {
  const { onWait } = heard;
  return {
    listLogs: (gateway, query, options) =>
      patiently(() => client.listLogs(gateway, query, { ...options, onWait }), signal, heard),
    getLog: (ref, options) => patiently(() => client.getLog(ref, { ...options, onWait }), signal, heard),
    getRequest: (ref, options) => patiently(() => client.getRequest(ref, { ...options, onWait }), signal, heard),
    getResponse: (ref, options) => patiently(() => client.getResponse(ref, { ...options, onWait }), signal, heard),
  };
}

async function until(time: Date, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, time.getTime() - Date.now()), undefined, { signal });
  } catch (cause) {
    throw new CloudflareError("aborted", "The waiting was given up.", { cause });
  }
}
