import { AUDIT_FILTERS, type AuditFilterName } from "./calls.ts";
import type { AuditEntry } from "./schema.ts";

/** A key of the audit log's query line. */
export type AuditKey = {
  /** The API's filter; without one, the key is checked in the entries that were read. */
  filter?: AuditFilterName;
  /** The API's values if they are an enumeration (API notes: Audit log). */
  values?: readonly string[];
  /** Returns an entry's value; undefined if the entry has none. */
  of: (entry: AuditEntry) => string | undefined;
};

/** Returns the gateway that an entry is about: from the called address, or as the changed resource. */
export function gatewayIdOf({ call, resource }: Pick<AuditEntry, "call" | "resource">): string | undefined {
  const [, encoded] = /\/ai-gateway\/gateways\/([^/?#]+)/i.exec(call.uri ?? "") ?? [];
  if (encoded !== undefined) return decoded(encoded);
  const isGateway = resource.type === "ai_gateway.gateway" || /\/ai-gateway\/gateways\/?$/i.test(call.uri ?? "");
  return isGateway ? resource.id : undefined;
}

/** A called address may be undecodable. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Keys by their query line word, the most used first. */
export const AUDIT_KEYS: ReadonlyMap<string, AuditKey> = new Map<string, AuditKey>([
  [
    "action",
    {
      filter: "action_type",
      // The schema lacks `login`; Cloudflare's own MCP server lists it (API notes: Audit log).
      values: ["create", "update", "delete", "view", "login"],
      of: ({ action }) => action.type,
    },
  ],
  ["actor", { filter: "actor_email", of: ({ actor }) => actor.email }],
  ["result", { filter: "action_result", values: ["success", "failure"], of: ({ action }) => action.result }],
  ["product", { filter: "resource_product", of: ({ resource }) => resource.product }],
  ["gateway", { of: gatewayIdOf }],
  [
    "context",
    {
      filter: "actor_context",
      values: ["dash", "api_token", "api_key", "api", "oauth", "origin_ca_key"],
      of: ({ actor }) => actor.context,
    },
  ],
  ["token", { filter: "actor_token_name", of: ({ actor }) => actor.tokenName }],
  ["ip", { filter: "actor_ip_address", of: ({ actor }) => actor.ipAddress }],
  ["method", { filter: "raw_method", of: ({ call }) => call.method }],
  ["uri", { filter: "raw_uri", of: ({ call }) => call.uri }],
  ["status", { filter: "raw_status_code", of: ({ call }) => call.statusCode?.toString() }],
  ["resource", { filter: "resource_id", of: ({ resource }) => resource.id }],
  ["type", { filter: "resource_type", of: ({ resource }) => resource.type }],
  [
    "scope",
    {
      filter: "resource_scope",
      values: ["accounts", "user", "zones", "memberships"],
      of: ({ resource }) => (typeof resource.scope === "string" ? resource.scope : undefined),
    },
  ],
  ["zone", { filter: "zone_name", of: ({ zone }) => zone.name }],
  ["zone_id", { filter: "zone_id", of: ({ zone }) => zone.id }],
  ["ray", { filter: "raw_cf_ray_id", of: ({ call }) => call.rayId }],
  [
    "actor_type",
    {
      filter: "actor_type",
      values: ["user", "account", "system", "cloudflare_admin", "delegated_service"],
      of: ({ actor }) => actor.type,
    },
  ],
  ["actor_id", { filter: "actor_id", of: ({ actor }) => actor.id }],
  ["token_id", { filter: "actor_token_id", of: ({ actor }) => actor.tokenId }],
  ["account", { filter: "account_name", of: ({ account }) => account.name }],
  ["id", { filter: "id", of: ({ id }) => id }],
  ["audit_log_id", { filter: "audit_log_id", of: ({ id }) => id }],
]);

const BY_FILTER = new Map([...AUDIT_KEYS].flatMap(([word, { filter }]) => (filter ? [[filter, word] as const] : [])));

/** Expands to products, and can't be negated or matched in part (API notes: Audit log). */
export const CATEGORY = "category";

/** All words before a colon. */
export const AUDIT_WORDS: readonly string[] = [
  ...[...AUDIT_KEYS.keys()].slice(0, 5),
  "since",
  "until",
  CATEGORY,
  ...[...AUDIT_KEYS.keys()].slice(5),
];

/** Returns the key for a word, ignoring case: the query line's word, or the API's filter name. */
export function auditKeyNamed(word: string): string | undefined {
  const lower = word.toLowerCase();
  const filter = AUDIT_FILTERS.find((name) => name === lower);
  return AUDIT_WORDS.includes(lower) ? lower : filter && BY_FILTER.get(filter);
}
