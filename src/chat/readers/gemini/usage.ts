import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present } from "../../json/json.ts";

/** Counts that Google separates and we combine: tokens that its tools add to the prompt, and thoughts. */
type Counts = { sent: unknown[]; made: unknown[]; total: unknown; cached?: unknown; thoughts?: unknown };

/** Returns usage from one of Google's formats; undefined without counts. */
export function usageOf({ sent, made, total, cached, thoughts }: Counts): Usage | undefined {
  const read = present({
    tokensIn: sumOf(sent),
    tokensOut: sumOf(made),
    tokensTotal: numberOf(total),
    tokensCached: numberOf(cached),
    tokensReasoning: numberOf(thoughts),
  });
  return isEmpty(read) ? undefined : read;
}

function sumOf(counts: unknown[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (typeof count === "number") sum = (sum ?? 0) + count;
  return sum;
}
