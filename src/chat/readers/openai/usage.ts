import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/**
 * Returns the counts of OpenAI's and compatible endpoints: `prompt_tokens` and `completion_tokens` (chat, completions,
 * embeddings), or `input_tokens` and `output_tokens` (images, audio). Providers count differently: Grok's
 * `completion_tokens` exclude reasoning. Returns undefined if there are no token counts (audio is billed by the
 * second).
 */
export function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  if (usage === undefined) return undefined;
  const sent = recordOf(usage.prompt_tokens_details) ?? recordOf(usage.input_tokens_details);
  const made = recordOf(usage.completion_tokens_details) ?? recordOf(usage.output_tokens_details);
  const read = present({
    tokensIn: numberOf(usage.prompt_tokens) ?? numberOf(usage.input_tokens),
    tokensOut: numberOf(usage.completion_tokens) ?? numberOf(usage.output_tokens),
    tokensTotal: numberOf(usage.total_tokens),
    tokensCached:
      numberOf(sent?.cached_tokens) ??
      ["prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"]
        .map((key) => numberOf(usage[key]))
        .find((count) => count !== undefined),
    tokensReasoning: numberOf(made?.reasoning_tokens) ?? numberOf(usage.reasoning_tokens),
  });
  return isEmpty(read) ? undefined : read;
}
