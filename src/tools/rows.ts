import { redactValue } from "../chat/redact.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { REDACTED } from "./needs.ts";

/** A log's row as a model reads it; what is not known is left out, and recorded words are redacted. */
export function rowOf({ gatewayId }: Pick<GatewayRef, "gatewayId">, log: Log): Record<string, unknown> {
  const { id, createdAt, provider, model, path, statusCode, success, cached, step, eventId, metadata, userAgent } = log;
  const { tokensIn, tokensOut, costUsd, durationMs, feedback, score, dlpAction } = log;
  const recorded = redactValue({ provider, model, path, metadata, userAgent }, REDACTED);
  return {
    id,
    gateway: gatewayId,
    time: createdAt.toISOString(),
    ...(recorded as Record<string, unknown>),
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
