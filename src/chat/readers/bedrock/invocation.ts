import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/** Bedrock adds it to the last event of a stream, in any model's format. */
export const METRICS = "amazon-bedrock-invocationMetrics";

/** Returns the model in a Bedrock address: `…/model/{model}/converse`, percent-encoded if it's an ARN. */
export function modelIn(path: string): string | undefined {
  const encoded = /(?:^|\/)model\/([^/]+)\//i.exec(path)?.[1];
  try {
    return encoded && decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Returns Bedrock's own counts, for models that don't count. Cache reads and writes are extra. */
export function countedByBedrock(body: Record<string, unknown> | undefined): Usage | undefined {
  const metrics = recordOf(body?.[METRICS]);
  const tokensCached = numberOf(metrics?.cacheReadInputTokenCount);
  const written = numberOf(metrics?.cacheWriteInputTokenCount);
  const input = numberOf(metrics?.inputTokenCount);
  const read = present({
    tokensIn: input === undefined ? undefined : input + (tokensCached ?? 0) + (written ?? 0),
    tokensOut: numberOf(metrics?.outputTokenCount),
    tokensCached,
  });
  return isEmpty(read) ? undefined : read;
}
