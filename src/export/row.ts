import { redactValue } from "../chat/redact.ts";
import type { GatewayRef, Log, Metadata } from "../cloudflare/schema.ts";
import type { Redaction } from "./format.ts";

/** A log as a row of a table: every row has the same columns, and null where the log does not say. */
export type Row = Record<string, string | number | boolean | null | Metadata>;

/** A copy of a log in which what its caller could write freely is redacted. */
export function redactLog(log: Log, redaction: Redaction | undefined): Log {
  if (!redaction) return log;
  const { path, metadata, userAgent } = log;
  return { ...log, ...redactValue({ path, metadata, ...(userAgent === undefined ? {} : { userAgent }) }, redaction) };
}

/** The columns of a log, in their order. Times are UTC, costs in US dollars, durations in milliseconds. */
export function rowOf({ accountId, gatewayId }: GatewayRef, log: Log): Row {
  return {
    id: log.id,
    created_at: log.createdAt.toISOString(),
    account_id: accountId,
    gateway: gatewayId,
    provider: log.provider,
    model: log.model ?? null,
    path: log.path,
    success: log.success,
    cached: log.cached,
    status_code: log.statusCode ?? null,
    duration_ms: log.durationMs ?? null,
    tokens_in: log.tokensIn ?? null,
    tokens_out: log.tokensOut ?? null,
    tokens_cached: log.tokensCached ?? null,
    tokens_reasoning: log.tokensReasoning ?? null,
    cost_usd: log.costUsd ?? null,
    custom_cost: log.customCost,
    feedback: log.feedback ?? null,
    score: log.score ?? null,
    event_id: log.eventId ?? null,
    step: log.step ?? null,
    model_type: log.modelType ?? null,
    request_type: log.requestType ?? null,
    request_content_type: log.requestContentType ?? null,
    response_content_type: log.responseContentType ?? null,
    user_agent: log.userAgent ?? null,
    authentication: log.authentication ?? null,
    dlp_action: log.dlpAction ?? null,
    metadata: log.metadata,
  };
}
