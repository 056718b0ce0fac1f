import { AUDIT_FILTERS, type AuditFilterName } from "./calls.ts";
import type { AuditEntry } from "./schema.ts";

/** What the query line of the audit log knows of one of its keys. */
export type AuditKey = {
  /** The API's filter of it; without one it is looked for in the entries that were read. */
  filter?: AuditFilterName;
  /** The values that the API takes, where they are a list (API notes: Audit log). */
  values?: readonly string[];
  /** What an entry has of it; undefined: the entry does not say. */
  of: (entry: AuditEntry) => string | undefined;
};

/** The gateway that an entry is about: by the address that was called, or as what was made or changed. */
export function gatewayIdOf({ call, resource }: Pick<AuditEntry, "call" | "resource">): string | undefined {
  const [, encoded] = /\/ai-gateway\/gateways\/([^/?#]+)/i.exec(call.uri ?? "") ?? [];
  if (encoded !== undefined) return decoded(encoded);
  const isGateway = resource.type === "ai_gateway.gateway" || /\/ai-gateway\/gateways\/?$/i.test(call.uri ?? "");
  return isGateway ? resource.id : undefined;
}

/** Somebody may have called an address that cannot be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The keys by the word that the line has for them; those asked for most come first. */
export const AUDIT_KEYS: ReadonlyMap<string, AuditKey> = new Map<string, AuditKey>([
  [
    "action",
    {
      filter: "action_type",
      // `login` is not in the schema; Cloudflare's own MCP server lists it (API notes: Audit log).
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

/** Stands for products, and can only be asked for as it is (API notes: Audit log). */
export const CATEGORY = "category";

/** What a word before a colon can be. */
export const AUDIT_WORDS: readonly string[] = [
  ...[...AUDIT_KEYS.keys()].slice(0, 5),
  "since",
  "until",
  CATEGORY,
  ...[...AUDIT_KEYS.keys()].slice(5),
];

/** The key that a word names, whatever its case: the line's own word, or the API's name of the filter. */
export function auditKeyNamed(word: string): string | undefined {
  const lower = word.toLowerCase();
  const filter = AUDIT_FILTERS.find((name) => name === lower);
  return AUDIT_WORDS.includes(lower) ? lower : filter && BY_FILTER.get(filter);
}
