import type { FieldName } from "../../source/fields.ts";

/**
 * The 24 keys of `filters` by field, in the order of the published schema (API notes: Filters). Some are also members of
 * rows and sort keys.
 */
export const WIRE_KEYS: ReadonlyMap<string, string> = new Map<FieldName, string>([
  ["id", "id"],
  ["createdAt", "created_at"],
  ["requestContentType", "request_content_type"],
  ["responseContentType", "response_content_type"],
  ["requestType", "request_type"],
  ["success", "success"],
  ["cached", "cached"],
  ["provider", "provider"],
  ["model", "model"],
  ["modelType", "model_type"],
  ["cost", "cost"],
  ["tokens", "tokens"],
  ["tokensIn", "tokens_in"],
  ["tokensOut", "tokens_out"],
  ["duration", "duration"],
  ["feedback", "feedback"],
  ["eventId", "event_id"],
  ["metadataKey", "metadata.key"],
  ["metadataValue", "metadata.value"],
  ["authentication", "authentication"],
  ["wholesale", "wholesale"],
  ["compatibilityMode", "compatibilityMode"],
  ["dlpAction", "dlp_action"],
  ["userAgent", "user_agent"],
]);

/** Returns the API's name for a field; a name that isn't ours is the API's already. */
export const wireKeyOf = (field: string): string => WIRE_KEYS.get(field) ?? field;
