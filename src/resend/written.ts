import { setTimeout as wait } from "node:timers/promises";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { LogDetail, LogRef } from "../cloudflare/schema.ts";

/** Delays between checks for a log, in ms. */
const LOOKS = [0, 1000, 2000, 4000, 8000, 15_000];

/**
 * Returns the log of a recent call, which the gateway writes some seconds later (API notes: Log detail and bodies);
 * undefined if it never appears.
 */
export async function whenWritten(
  client: Pick<CloudflareClient, "getLog">,
  ref: LogRef,
  signal: AbortSignal,
  looks: readonly number[] = LOOKS,
): Promise<LogDetail | undefined> {
  for (const pause of looks) {
    try {
      await wait(pause, undefined, { signal, ref: false });
      return await client.getLog(ref, { signal });
    } catch (error) {
      if (signal.aborted) throw new CloudflareError("aborted", "The wait for the log was canceled.");
      if (!(error instanceof CloudflareError && error.reason === "notFound")) throw error;
    }
  }
  return undefined;
}
