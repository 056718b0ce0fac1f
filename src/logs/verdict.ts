import type { Log } from "../cloudflare/schema.ts";

/** What somebody made of an answer. */
export type Verdict = "up" | "down";

/** A log's verdict; undefined when there is none, or neither. */
export function verdictOf({ feedback = 0 }: Pick<Log, "feedback">): Verdict | undefined {
  return feedback > 0 ? "up" : feedback < 0 ? "down" : undefined;
}
