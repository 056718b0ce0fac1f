import type { AuditEntry } from "../../cloudflare/audit/schema.ts";

/** How an action ended; undefined: the entry does not say. */
export type AuditOutcome = "success" | "failure" | undefined;

/** How what an entry tells of ended. */
export function auditOutcome({ action }: Pick<AuditEntry, "action">): AuditOutcome {
  const result = action.result?.toLowerCase();
  return result === "success" || result === "failure" ? result : undefined;
}

/** "ai_gateway.gateway" → "gateway": the last word of a type, as a person says it. */
const shortType = (type: string): string => (type.split(".").findLast(Boolean) ?? type).replaceAll("_", " ");

/** What was acted on, as short as it tells: its kind and its id, else what the entry has of it. */
export function resourceName({ resource, action, zone, call }: AuditEntry): string {
  const kind = resource.type === undefined ? resource.product?.replaceAll("_", " ") : shortType(resource.type);
  const named = [kind, resource.id ?? zone.name].filter((word) => word !== undefined).join(" ");
  return named || action.description || call.uri || action.type || "";
}

/** Who did it: by address, by the name of the token, or as what. */
export type Actor = { by: "email" | "token" | "other"; name: string };

/** Who did what an entry tells of; undefined where it does not say. */
export function actorOf({ actor }: Pick<AuditEntry, "actor">): Actor | undefined {
  if (actor.email) return { by: "email", name: actor.email };
  if (actor.tokenName ?? actor.tokenId) return { by: "token", name: actor.tokenName ?? actor.tokenId ?? "" };
  const name = actor.id ?? actor.type ?? actor.context;
  return name === undefined ? undefined : { by: "other", name };
}
