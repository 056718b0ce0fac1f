import { setTimeout as delay } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";

/** What an export reads with. */
export type Reads = Pick<CloudflareClient, "listLogs" | "getLog" | "getRequest" | "getResponse">;

/** What is told of calls that are made patiently: each call, and until when is waited. */
type Heard = { onCall: () => void; onWait: (until: Date) => void };

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
 * A client whose reads wait where the API refuses all calls for a while, and go on after it; `onWait` is told until when. `onCall` is told of
 * each call.
 */
export function patient(client: Reads, signal: AbortSignal, heard: Heard): Reads {
  return {
    listLogs: (...of) => patiently(() => client.listLogs(...of), signal, heard),
    getLog: (...of) => patiently(() => client.getLog(...of), signal, heard),
    getRequest: (...of) => patiently(() => client.getRequest(...of), signal, heard),
    getResponse: (...of) => patiently(() => client.getResponse(...of), signal, heard),
  };
}

async function until(time: Date, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, time.getTime() - Date.now()), undefined, { signal });
  } catch (cause) {
    throw new CloudflareError("aborted", "The waiting was given up.", { cause });
  }
}
