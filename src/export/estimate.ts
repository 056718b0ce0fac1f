/** What background calls may use of the budget of calls (API notes: Call limits), and what they have to wait for each one more. */
const AT_ONCE = 960;
const MS_A_CALL = 300_000 / AT_ONCE;

/** How long so many calls must wait for room in the budget, in milliseconds. */
export const waitMs = (calls: number): number => Math.max(0, calls - AT_ONCE) * MS_A_CALL;

/**
 * About how many milliseconds the rest of a long reading takes: as long for each log as so far, or as long as its calls must wait for room in
 * the budget, whichever is more. Undefined until something is done.
 */
export function leftMs(done: number, left: number, calls: number, elapsedMs: number): number | undefined {
  if (done === 0) return undefined;
  const callsLeft = (calls / done) * left;
  return Math.max((elapsedMs / done) * left, waitMs(calls + callsLeft) - waitMs(calls));
}
