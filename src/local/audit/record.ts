import type { Call } from "../call.ts";
import { idOf } from "../tokens.ts";
import type { AuditField } from "./filters.ts";
import type { NewAuditEntry } from "./trail.ts";

type Fields = Partial<Record<AuditField, string>>;

/** A change: its kind, in words, and its resource. */
export type Change = {
  type: "create" | "update" | "delete";
  description: string;
  resourceType: "ai_gateway.gateway" | "ai_gateway.log" | "ai_gateway.logs";
  resourceId: string;
};

function actorOf({ credential, ipAddress }: Call, accountId: string): Fields {
  const { kind, value, name, email } = credential;
  const token = { actor_context: "api_token", actor_token_id: idOf(value), ...(name && { actor_token_name: name }) };
  const fields: Fields = { actor_ip_address: ipAddress };
  if (kind === "account") return { ...fields, ...token, actor_type: "account", actor_id: accountId };
  return {
    ...fields,
    ...(kind === "key" ? { actor_context: "api_key" } : token),
    actor_type: "user",
    // An email address is the same user with every token and key.
    actor_id: idOf(email ?? `owner of ${value}`),
    ...(email && { actor_email: email }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the entry for a change; views and refused calls aren't recorded (API notes: Audit log). */
export function entryOf(
  call: Call,
  account: { id: string; name: string },
  change: Change,
  time: Date,
  response: unknown,
): NewAuditEntry {
  return {
    accountId: account.id,
    time,
    description: change.description,
    ...(call.userAgent !== undefined && { userAgent: call.userAgent }),
    request: jsonOf(call.body),
    response,
    fields: {
      account_name: account.name,
      action_result: "success",
      action_type: change.type,
      ...actorOf(call, account.id),
      raw_cf_ray_id: call.rayId,
      raw_method: call.method,
      raw_status_code: "200",
      raw_uri: call.uri,
      resource_id: change.resourceId,
      resource_product: "ai_gateway",
      resource_scope: "accounts",
      resource_type: change.resourceType,
    },
  };
}
