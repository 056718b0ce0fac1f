import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/**
 * The counts of OpenAI's endpoints and of those who speak like them: `prompt_tokens` and `completion_tokens` (chat,
 * completions, embeddings), or `input_tokens` and `output_tokens` (images, audio). Each as its provider counts: Grok's
 * `completion_tokens` leave the reasoning out. undefined where no tokens are counted (audio by its seconds).
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
