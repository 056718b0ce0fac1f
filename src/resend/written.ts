import { setTimeout as wait } from "node:timers/promises";
import { readDetail } from "../source/rows.ts";
import type { LogSource } from "../source/source.ts";
import { SourceError } from "../source/errors.ts";
import type { LogDetail, LogRef } from "../source/log.ts";

/** Delays between checks for a log, in ms. */
const LOOKS = [0, 1000, 2000, 4000, 8000, 15_000];

/**
 * Returns the log of a recent call, which the gateway writes some seconds later (API notes: Log detail and bodies);
 * undefined if it never appears.
 */
export async function whenWritten(
  source: LogSource,
  ref: LogRef,
  signal: AbortSignal,
  looks: readonly number[] = LOOKS,
): Promise<LogDetail | undefined> {
  for (const pause of looks) {
    try {
      await wait(pause, undefined, { signal, ref: false });
      return await readDetail(source, ref, { signal });
    } catch (error) {
      if (signal.aborted) throw new SourceError("aborted", "The wait for the log was canceled.");
      if (!(error instanceof SourceError && error.reason === "notFound")) throw error;
    }
  }
  return undefined;
}
