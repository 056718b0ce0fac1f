import type { Usage } from "../../conversation.ts";
import { isEmpty, numberOf, present, recordOf } from "../../json/json.ts";

/** Written by Bedrock into the last event of a stream, in whatever format the model speaks. */
export const METRICS = "amazon-bedrock-invocationMetrics";

/** The model that a Bedrock address names: `…/model/{model}/converse`, percent-encoded where it is an ARN. */
export function modelIn(path: string): string | undefined {
  const encoded = /(?:^|\/)model\/([^/]+)\//i.exec(path)?.[1];
  try {
    return encoded && decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Bedrock's own counts, for a model that does not count. What is read from and written to a cache comes extra. */
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
