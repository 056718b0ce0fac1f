import type { LogStore } from "../store.ts";
import { idOf } from "../tokens.ts";

type NewAuditEntry = Parameters<LogStore["audit"]["add"]>[0];
type Fields = NewAuditEntry["fields"];
type Deed = {
  hoursAgo: number;
  by: keyof typeof ACTORS;
  description: string;
  fields: Fields;
  request?: unknown;
  response?: unknown;
};

/** Actors in the sample account. */
const ACTORS = {
  ada: {
    actor_type: "user",
    actor_context: "dash",
    actor_email: "ada@example.com",
    actor_id: "6f0e6c1d2a9b4f7f8d1c0b3a5e7d9f10",
    actor_ip_address: "203.0.113.24",
  },
  grace: {
    actor_type: "user",
    actor_context: "dash",
    actor_email: "grace@example.com",
    actor_id: "b1d2f3a4c5e60718293a4b5c6d7e8f90",
    actor_ip_address: "198.51.100.7",
  },
  evaluation: {
    actor_type: "account",
    actor_context: "api_token",
    actor_token_id: "0d4c3b2a190817161514131211100f0e",
    actor_token_name: "nightly-evaluation",
    actor_ip_address: "192.0.2.88",
  },
} as const satisfies Record<string, Fields>;

const DASHBOARD = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PROGRAM = "evaluation/1.4";

function gateway(method: string, id: string): Fields {
  const type = { POST: "create", PUT: "update", DELETE: "delete" }[method] ?? "update";
  const path = "/ai-gateway/gateways";
  return {
    action_type: type,
    action_result: "success",
    raw_method: method,
    raw_status_code: "200",
    raw_uri: method === "POST" ? path : `${path}/${id}`,
    resource_id: id,
    resource_product: "ai_gateway",
    resource_type: "ai_gateway.gateway",
  };
}

/** Changes to the sample gateways, and some to the account. */
function deeds(sample: string, staging: string): Deed[] {
  return [
    {
      hoursAgo: 2,
      by: "evaluation",
      description: "Update log",
      fields: {
        ...gateway("PATCH", sample),
        resource_id: "01JDKX7Q2M4T",
        resource_type: "ai_gateway.log",
        raw_uri: `/ai-gateway/gateways/${sample}/logs/01JDKX7Q2M4T`,
      },
      request: { score: 82, metadata: { evaluated: true } },
      response: {},
    },
    {
      hoursAgo: 5,
      by: "ada",
      description: "Update gateway",
      fields: gateway("PUT", sample),
      request: { cache_ttl: 300, collect_logs: true, rate_limiting_limit: 100, rate_limiting_interval: 60 },
      response: { id: sample, cache_ttl: 300 },
    },
    {
      hoursAgo: 27,
      by: "grace",
      description: "Delete logs",
      fields: {
        ...gateway("DELETE", staging),
        resource_type: "ai_gateway.logs",
        raw_uri: `/ai-gateway/gateways/${staging}/logs`,
      },
    },
    {
      hoursAgo: 28,
      by: "grace",
      description: "Delete gateway",
      fields: { ...gateway("DELETE", "sample-old"), action_result: "failure", raw_status_code: "409" },
    },
    {
      hoursAgo: 50,
      by: "ada",
      description: "Create API token",
      fields: {
        action_type: "create",
        action_result: "success",
        raw_method: "POST",
        raw_status_code: "200",
        raw_uri: "/tokens",
        resource_id: "nightly-evaluation",
        resource_product: "api_tokens",
        resource_type: "api_tokens.token",
      },
    },
    {
      hoursAgo: 51,
      by: "ada",
      description: "Log in",
      fields: {
        action_type: "login",
        action_result: "success",
        resource_product: "accounts",
        resource_type: "accounts.login",
      },
    },
    {
      hoursAgo: 39 * 24,
      by: "ada",
      description: "Create gateway",
      fields: gateway("POST", staging),
      request: { id: staging },
    },
    {
      hoursAgo: 40 * 24,
      by: "ada",
      description: "Create gateway",
      fields: gateway("POST", sample),
      request: { id: sample, collect_logs: true },
    },
  ];
}

/** Returns the sample account's audit log, dated back from `now`. */
export function sampleAudit(
  account: { id: string; name: string },
  now: Date,
  gateways: { sample: string; staging: string },
): NewAuditEntry[] {
  return deeds(gateways.sample, gateways.staging).map(
    ({ hoursAgo, by, description, fields, request, response }, index) => {
      const id = idOf(`sample entry ${index}`);
      const uri = fields.raw_uri === undefined ? {} : { raw_uri: `/client/v4/accounts/${account.id}${fields.raw_uri}` };
      return {
        accountId: account.id,
        time: new Date(now.getTime() - hoursAgo * 3_600_000 - index * 61_000),
        description,
        userAgent: by === "evaluation" ? PROGRAM : DASHBOARD,
        request,
        response,
        fields: {
          id,
          account_name: account.name,
          raw_cf_ray_id: id.slice(0, 16),
          resource_scope: "accounts",
          ...ACTORS[by],
          ...fields,
          ...uri,
        },
      };
    },
  );
}
