import type { FieldName, Origin } from "./fields.ts";
import { asRecorded, type Log } from "./log.ts";

/**
 * Returns a log's origin if its source tells it, else as far as its row shows: the dashboard's playground leaves its name
 * in the metadata, or a browser's user agent on a request without the gateway's token; a request with that token used a
 * key.
 */
export function originOf({ origin, metadata, authentication, userAgent }: Log): Origin | undefined {
  if (origin) return origin;
  if (Object.hasOwn(metadata, "source") && metadata["source"] === "playground") return "playground";
  if (authentication === true) return "key";
  return authentication === false && userAgent?.startsWith("Mozilla/") ? "playground" : undefined;
}

type FieldValue = string | number | boolean | Date | readonly (string | number | boolean)[] | undefined;

/** A log's value of each field: one, several, or undefined for none. */
export const FIELD_VALUES: Readonly<Record<FieldName, (log: Log) => FieldValue>> = {
  id: (log) => log.id,
  createdAt: (log) => log.createdAt,
  requestContentType: (log) => asRecorded(log).requestContentType,
  responseContentType: (log) => asRecorded(log).responseContentType,
  requestType: (log) => asRecorded(log).requestType,
  success: (log) => log.success,
  cached: (log) => log.cached,
  provider: (log) => asRecorded(log).provider,
  model: (log) => asRecorded(log).model,
  modelType: (log) => asRecorded(log).modelType,
  cost: (log) => log.costUsd,
  // If only one side is known, the sum isn't.
  tokens: ({ tokensIn, tokensOut }) =>
    tokensIn === undefined || tokensOut === undefined ? undefined : tokensIn + tokensOut,
  tokensIn: (log) => log.tokensIn,
  tokensOut: (log) => log.tokensOut,
  duration: (log) => log.durationMs,
  feedback: (log) => log.feedback,
  eventId: (log) => log.eventId,
  metadataKey: (log) => Object.keys(log.metadata),
  metadataValue: (log) => Object.values(log.metadata),
  authentication: (log) => log.authentication,
  wholesale: (log) => log.wholesale,
  compatibilityMode: (log) => log.compatibilityMode,
  dlpAction: (log) => asRecorded(log).dlpAction,
  userAgent: (log) => asRecorded(log).userAgent,
  path: (log) => asRecorded(log).path,
  statusCode: (log) => log.statusCode,
  step: (log) => log.step,
  score: (log) => log.score,
  source: originOf,
  endpoint: (log) => log.endpoint ?? undefined,
  user: (log) => log.user,
  key: (log) => log.key,
  latency: (log) => log.latencyMs,
  tokensCached: (log) => log.tokensCached,
  tokensReasoning: (log) => log.tokensReasoning,
  region: (log) => log.region,
  colo: (log) => log.colo,
  byok: (log) => log.byok,
  guardrails: (log) => log.guardrails,
  dlpProfile: (log) => log.dlpProfiles,
};
