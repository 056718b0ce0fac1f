import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { failure, Refusal } from "./answers.ts";

/** All permissions. */
export const PERMISSIONS = [
  "ai-gateway:read",
  "ai-gateway:write",
  "ai-gateway:run",
  "accounts:read",
  "account-settings:read",
  "workers-observability:read",
  "account-analytics:read",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** A known token. Without `accounts` it's valid for all of them. */
export type LocalToken = {
  value: string;
  /**
   * User tokens verify at /user/tokens/verify, account tokens at their account's endpoint
   * (API notes: Accounts and token check).
   */
  kind: "user" | "account";
  accounts?: string[];
  permissions: Permission[];
  status?: "active" | "disabled" | "expired";
  /** The owner's name for it, as shown in the audit log. */
  name?: string;
  /** Owner of a user token. */
  email?: string;
};

/** A global API key, with all of its user's permissions in all accounts. */
export type LocalKey = { email: string; key: string };

/** The credential that admitted a call. */
export type Credential = Omit<LocalToken, "kind"> & { kind: LocalToken["kind"] | "key" };

const digest = (text: string) => createHash("sha256").update(text).digest();

const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Returns a stable ID for a text that doesn't reveal it: 32 hex digits, like the API's own IDs. */
export function idOf(text: string): string {
  return digest(text).toString("hex").slice(0, 32);
}

function refused(): Refusal {
  return new Refusal(failure(401, 10_000, "Authentication error"));
}

/**
 * Returns the credential in an Authorization header, or in X-Auth-Email and X-Auth-Key (API notes: Credentials).
 * @throws Refusal 401 if it's missing or unknown (API notes: Errors)
 */
export function authenticate(
  tokens: readonly LocalToken[],
  keys: readonly LocalKey[],
  headers: IncomingHttpHeaders,
): Credential {
  const { authorization, "x-auth-email": email, "x-auth-key": key } = headers;
  if (authorization === undefined && typeof email === "string" && typeof key === "string") {
    const found = keys.find((one) => same(one.key, key) && one.email.toLowerCase() === email.toLowerCase());
    if (found === undefined) throw refused();
    return { kind: "key", value: found.key, email: found.email, permissions: [...PERMISSIONS] };
  }
  const found = bearer(tokens, authorization);
  if (found === undefined) throw refused();
  return found;
}

/** Returns the known token in a header of the form `Bearer …`. */
export function bearer(tokens: readonly LocalToken[], header: string | undefined): LocalToken | undefined {
  const value = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  return value === undefined ? undefined : tokens.find((token) => same(token.value, value));
}

/**
 * Checks a token's permissions.
 * @throws Refusal 403, or 401 for a disabled or expired token (API notes: Errors)
 */
export function authorize(token: Credential, anyOf: readonly Permission[], sourceId?: string): void {
  if (!isActive(token)) throw refused();
  if (!mayDo(token, anyOf, sourceId)) {
    throw new Refusal(failure(403, 10_000, "Authentication error"));
  }
}

const isActive = (token: Credential): boolean => (token.status ?? "active") === "active";

function mayDo(token: Credential, anyOf: readonly Permission[], sourceId: string | undefined): boolean {
  const reaches = sourceId === undefined || token.accounts === undefined || token.accounts.includes(sourceId);
  return reaches && anyOf.some((permission) => token.permissions.includes(permission));
}

/** Whether the token authorizes calls through an authenticated gateway of the account. */
export const mayRun = (token: Credential, sourceId: string): boolean =>
  isActive(token) && mayDo(token, ["ai-gateway:run"], sourceId);
