import type { Log } from "../source/log.ts";

/** A thumb up or down. */
export type Verdict = "up" | "down";

/** Returns a log's verdict; undefined for none or neutral. */
export function verdictOf({ feedback = 0 }: Pick<Log, "feedback">): Verdict | undefined {
  return feedback > 0 ? "up" : feedback < 0 ? "down" : undefined;
}
