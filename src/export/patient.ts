import { setTimeout as delay } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";

/** What an export reads with. */
export type Reads = Pick<CloudflareClient, "listLogs" | "getLog" | "getRequest" | "getResponse">;

/**
 * A client whose reads wait where the API refuses all calls for a while, and go on after it; `onWait` is told until when. `onCall` is told of
 * each call.
 */
export function patient(
  client: Reads,
  signal: AbortSignal,
  { onCall, onWait }: { onCall: () => void; onWait: (until: Date) => void },
): Reads {
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
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
  };
  return {
    listLogs: (...of) => patiently(() => client.listLogs(...of)),
    getLog: (...of) => patiently(() => client.getLog(...of)),
    getRequest: (...of) => patiently(() => client.getRequest(...of)),
    getResponse: (...of) => patiently(() => client.getResponse(...of)),
  };
}

async function until(time: Date, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, time.getTime() - Date.now()), undefined, { signal });
  } catch (cause) {
    throw new CloudflareError("aborted", "The waiting was given up.", { cause });
  }
}
