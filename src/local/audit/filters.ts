const ACTION_RESULTS = ["success", "failure"];
/** The schema lacks `login`; Cloudflare's own MCP server lists it (API notes: Audit log). */
const ACTION_TYPES = ["create", "delete", "view", "update", "login"];
const ACTOR_CONTEXTS = ["api", "api_key", "api_token", "dash", "oauth", "origin_ca_key"];
const ACTOR_TYPES = ["account", "cloudflare_admin", "delegated_service", "system", "user"];
const RESOURCE_SCOPES = ["accounts", "user", "zones", "memberships"];

/** Filterable fields by the API's names (API notes: Audit log), with the allowed values of enumerations. */
export const AUDIT_FIELDS = {
  id: undefined,
  account_name: undefined,
  action_result: ACTION_RESULTS,
  action_type: ACTION_TYPES,
  actor_context: ACTOR_CONTEXTS,
  actor_email: undefined,
  actor_id: undefined,
  actor_ip_address: undefined,
  actor_token_id: undefined,
  actor_token_name: undefined,
  actor_type: ACTOR_TYPES,
  raw_cf_ray_id: undefined,
  raw_method: undefined,
  raw_status_code: undefined,
  raw_uri: undefined,
  resource_id: undefined,
  resource_product: undefined,
  resource_scope: RESOURCE_SCOPES,
  resource_type: undefined,
  zone_id: undefined,
  zone_name: undefined,
} as const satisfies Record<string, readonly string[] | undefined>;

export type AuditField = keyof typeof AUDIT_FIELDS;

/** All names, in a fixed order. */
export const AUDIT_FIELD_NAMES = Object.keys(AUDIT_FIELDS) as AuditField[];

/** A filter: the field is one of the values, or with `not` none of them. */
export type AuditFilter = { field: AuditField; not: boolean; values: string[] };

/** A query of an account's entries. Times in ms since 1970; `before` is exclusive. */
export type AuditQuery = { since: number; before: number; direction: "asc" | "desc"; filters: AuditFilter[] };
