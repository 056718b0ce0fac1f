import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/**
 * The counts of Cohere's `usage` (v2) or `meta` (v1): the model's own in `tokens`, the billed ones, which leave out
 * what Cohere adds to a prompt, only where there are no others.
 */
export function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  const counted = recordOf(usage?.tokens);
  const billed = recordOf(usage?.billed_units);
  const read = present({
    tokensIn: numberOf(counted?.input_tokens) ?? numberOf(billed?.input_tokens),
    tokensOut: numberOf(counted?.output_tokens) ?? numberOf(billed?.output_tokens),
    tokensCached: numberOf(usage?.cached_tokens),
    tokensReasoning: numberOf(counted?.reasoning_tokens),
  });
  return isEmpty(read) ? undefined : read;
}
