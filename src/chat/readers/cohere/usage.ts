import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/**
 * Returns the counts in Cohere's `usage` (v2) or `meta` (v1): the model's own `tokens`, else the billed ones, which
 * omit what Cohere adds to a prompt.
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
