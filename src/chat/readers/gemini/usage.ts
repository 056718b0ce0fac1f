import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present } from "../../json/json.ts";

/** What Google counts apart, and we together: what its tools put into the prompt, and thoughts. */
type Counts = { sent: unknown[]; made: unknown[]; total: unknown; cached?: unknown; thoughts?: unknown };

/** Usage by the counts of one of Google's formats; undefined where it counts nothing. */
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
