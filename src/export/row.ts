import { redactValue } from "../chat/redact/redact.ts";
import { markOf } from "../chat/redact/rule.ts";
import { originOf } from "../source/field-values.ts";
import { MATCHED_TEXT, type CollectionRef, type Log, type Metadata } from "../source/log.ts";
import type { Redaction } from "./format.ts";

type Value = string | number | boolean | null | Metadata;

const VALUES = {
  id: (log) => log.id,
  created_at: (log) => log.createdAt.toISOString(),
  account_id: (_log, { sourceId }) => sourceId,
  gateway: (_log, { collectionId }) => collectionId,
  provider: (log) => log.provider,
  model: (log) => log.model ?? null,
  path: (log) => log.path,
  success: (log) => log.success,
  cached: (log) => log.cached,
  status_code: (log) => log.statusCode ?? null,
  duration_ms: (log) => log.durationMs ?? null,
  tokens_in: (log) => log.tokensIn ?? null,
  tokens_out: (log) => log.tokensOut ?? null,
  tokens_cached: (log) => log.tokensCached ?? null,
  tokens_reasoning: (log) => log.tokensReasoning ?? null,
  cost_usd: (log) => log.costUsd ?? null,
  custom_cost: (log) => log.customCost,
  feedback: (log) => log.feedback ?? null,
  score: (log) => log.score ?? null,
  event_id: (log) => log.eventId ?? null,
  step: (log) => log.step ?? null,
  model_type: (log) => log.modelType ?? null,
  request_type: (log) => log.requestType ?? null,
  request_content_type: (log) => log.requestContentType ?? null,
  response_content_type: (log) => log.responseContentType ?? null,
  user_agent: (log) => log.userAgent ?? null,
  authentication: (log) => log.authentication ?? null,
  dlp_action: (log) => log.dlpAction ?? null,
  endpoint: (log) => log.endpoint ?? null,
  user: (log) => log.user ?? null,
  key: (log) => log.key ?? null,
  source: (log) => originOf(log) ?? null,
  metadata: (log) => log.metadata,
} satisfies Record<string, (log: Log, gateway: CollectionRef) => Value>;

type Column = keyof typeof VALUES;

/** Columns of a log as a table row, in order. Times are UTC, costs in US dollars, durations in milliseconds. */
export const COLUMNS = Object.keys(VALUES) as Column[];

/** Returns a log as a table row: the same columns for every log, null for missing values. */
export function rowOf(gateway: CollectionRef, log: Log): Record<Column, Value> {
  return Object.fromEntries(COLUMNS.map((column) => [column, VALUES[column](log, gateway)])) as Record<Column, Value>;
}

/** Returns a log's metadata without what a guardrail found: that is why it was found. */
const withoutMatch = ({ check, metadata }: Log): Metadata =>
  check && Object.hasOwn(metadata, MATCHED_TEXT) ? { ...metadata, [MATCHED_TEXT]: markOf("matched text") } : metadata;

/**
 * Returns a copy of a log with everything redacted except the fields named here, its ID and its time; so fields added
 * later are redacted too. Omits the raw row.
 */
export function redactLog(log: Log, redaction: Redaction | undefined): Log {
  if (!redaction) return log;
  const { id, createdAt, ...others } = { ...log, metadata: withoutMatch(log), raw: {} };
  return { ...redactValue(others, redaction), id, createdAt };
}
