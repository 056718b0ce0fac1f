/** Background calls available at once (API notes: Call limits), and the wait for each further one. */
const AT_ONCE = 960;
const MS_A_CALL = 300_000 / AT_ONCE;

/** Returns how long a number of calls must wait for the budget, in milliseconds. */
export const waitMs = (calls: number): number => Math.max(0, calls - AT_ONCE) * MS_A_CALL;

/**
 * Estimates the remaining milliseconds of a long read: at the pace so far, or at the call budget's, whichever is
 * slower. Returns undefined before any progress.
 */
export function leftMs(done: number, left: number, calls: number, elapsedMs: number): number | undefined {
  if (done === 0) return undefined;
  const callsLeft = (calls / done) * left;
  return Math.max((elapsedMs / done) * left, waitMs(calls + callsLeft) - waitMs(calls));
}
