/** What background calls may use of the budget of calls (facts 3.7), and what they have to wait for each one more. */
const AT_ONCE = 960;
const MS_A_CALL = 300_000 / AT_ONCE;

/**
 * About how many milliseconds the rest of a long reading takes: as long for each log as so far, or as long as its calls must wait for room in
 * the budget, whichever is more. Undefined until something is done.
 */
export function leftMs(done: number, left: number, calls: number, elapsedMs: number): number | undefined {
  if (done === 0) return undefined;
  const callsLeft = (calls / done) * left;
  const room = Math.max(0, AT_ONCE - calls);
  return Math.max((elapsedMs / done) * left, (callsLeft - room) * MS_A_CALL);
}
