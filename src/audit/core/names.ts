import type { AuditEntry } from "../../sources/cloudflare/audit/schema.ts";

/** The outcome of an action; undefined if the entry doesn't have one. */
export type AuditOutcome = "success" | "failure" | undefined;

/** Returns the outcome of an entry's action. */
export function auditOutcome({ action }: Pick<AuditEntry, "action">): AuditOutcome {
  const result = action.result?.toLowerCase();
  return result === "success" || result === "failure" ? result : undefined;
}

/** Returns the last word of a type: "ai.gateway" → "gateway". */
const shortType = (type: string): string => (type.split(".").findLast(Boolean) ?? type).replaceAll("_", " ");

/** Returns a short name of the resource: its type and ID, or else what the entry has of it. */
export function resourceName({ resource, action, zone, call }: AuditEntry): string {
  const kind = resource.type === undefined ? resource.product?.replaceAll("_", " ") : shortType(resource.type);
  const named = [kind, resource.id ?? zone.name].filter((word) => word !== undefined).join(" ");
  return named || action.description || call.uri || action.type || "";
}

/** The actor: an email address, a token's name, or a type. */
export type Actor = { by: "email" | "token" | "other"; name: string };

/** Returns an entry's actor, or undefined if it has none. */
export function actorOf({ actor }: Pick<AuditEntry, "actor">): Actor | undefined {
  if (actor.email) return { by: "email", name: actor.email };
  if (actor.tokenName ?? actor.tokenId) return { by: "token", name: actor.tokenName ?? actor.tokenId ?? "" };
  const name = actor.id ?? actor.type ?? actor.context;
  return name === undefined ? undefined : { by: "other", name };
}
