import type { CollectionRef, Log } from "../source/log.ts";
import { redactLog } from "../export/row.ts";
import { REDACTED } from "./needs.ts";

/** Returns a log's row for a model: redacted, and without unknown fields. */
export function rowOf({ collectionId }: Pick<CollectionRef, "collectionId">, log: Log): Record<string, unknown> {
  const redacted = redactLog(log, REDACTED);
  const { id, createdAt, provider, model, path, statusCode, success, cached, step, eventId, metadata, userAgent } =
    redacted;
  const { tokensIn, tokensOut, costUsd, durationMs, feedback, score, dlpAction, endpoint, user, key } = redacted;
  return {
    id,
    gateway: collectionId,
    time: createdAt.toISOString(),
    provider,
    model,
    path,
    endpoint,
    user,
    key,
    metadata,
    userAgent,
    status: statusCode,
    success,
    cached,
    tokensIn,
    tokensOut,
    costUsd,
    durationMs,
    step,
    event: eventId,
    feedback,
    score,
    dlpAction,
  };
}
