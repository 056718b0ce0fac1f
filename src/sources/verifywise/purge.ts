import * as z from "zod/mini";
import { SourceError } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import type { Purged } from "../../source/source.ts";
import { call, SERVICE, type CallerOptions } from "./call.ts";

const PATH = "/api/ai-gateway/spend/logs/purge";

/** Logs of a batch, and limit on the batches of a call (docs/verifywise-api.md: Purging). */
const [BATCH, BATCHES] = [1000, 50];

const count = z.int().check(z.nonnegative());
const optionalCount = z.catch(z.optional(count), undefined);

/** Answers of the first and of the second generation. */
const answerShape = z.union([
  z.object({ data: z.object({ deleted_count: count }) }),
  z.object({ deleted: count, retention_days: optionalCount, batches: optionalCount }),
]);

/**
 * Lets the server delete all logs older than its organization's retention (docs/verifywise-api.md: Purging): one call,
 * for Admins. More may be left if all batches of a call were full.
 * @throws SourceError; logs may be deleted unless its status is a refusal
 */
export async function purge(options: CallerOptions, given?: CallOptions): Promise<Purged> {
  const sent = { method: "POST", path: PATH } as const;
  const { data: answer } = z.safeParse(answerShape, await call(options, sent, given));
  if (!answer)
    throw new SourceError("badAnswer", "The answer has no number of deleted logs.", { service: SERVICE, ...sent });
  if ("data" in answer) {
    const deleted = answer.data.deleted_count;
    return { deleted, hasMore: deleted >= BATCHES * BATCH };
  }
  const { deleted, retention_days: retentionDays, batches = BATCHES } = answer;
  const hasMore = deleted > 0 && deleted >= batches * BATCH;
  return { deleted, ...(retentionDays === undefined ? {} : { retentionDays }), hasMore };
}
