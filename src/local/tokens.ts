import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { failure, Refusal } from "./answers.ts";

/** Everything there is to be allowed. */
export const PERMISSIONS = [
  "ai-gateway:read",
  "ai-gateway:write",
  "ai-gateway:run",
  "accounts:read",
  "account-settings:read",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** A token the gateway knows. Without `accounts` it is good for all of them. */
export type LocalToken = {
  value: string;
  /** User tokens verify at /user/tokens/verify, account tokens at their account's (API notes: Accounts and token check). */
  kind: "user" | "account";
  accounts?: string[];
  permissions: Permission[];
  status?: "active" | "disabled" | "expired";
  /** What its owner calls it: the audit log names it so. */
  name?: string;
  /** Who owns a user token. */
  email?: string;
};

/** A global API key, which may do everything its user may, in all accounts. */
export type LocalKey = { email: string; key: string };

/** What a call was let in with. */
export type Credential = Omit<LocalToken, "kind"> & { kind: LocalToken["kind"] | "key" };

const digest = (text: string) => createHash("sha256").update(text).digest();

const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** An id that is always the same for a text and does not give it away: 32 hex digits, as the API's own ids. */
export function idOf(text: string): string {
  return digest(text).toString("hex").slice(0, 32);
}

function refused(): Refusal {
  return new Refusal(failure(401, 10_000, "Authentication error"));
}

/**
 * The token of an Authorization header, or the key of X-Auth-Email and X-Auth-Key (API notes: Credentials).
 * @throws Refusal 401 for none or an unknown one (API notes: Errors)
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

/** The token that a header of the form `Bearer …` holds, if it is one of these. */
export function bearer(tokens: readonly LocalToken[], header: string | undefined): LocalToken | undefined {
  const value = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  return value === undefined ? undefined : tokens.find((token) => same(token.value, value));
}

/**
 * Lets through what the token may do.
 * @throws Refusal 403, or 401 for a token that is disabled or expired (API notes: Errors)
 */
export function authorize(token: Credential, anyOf: readonly Permission[], accountId?: string): void {
  if (!isActive(token)) throw refused();
  if (!mayDo(token, anyOf, accountId)) {
    throw new Refusal(failure(403, 10_000, "Authentication error"));
  }
}

const isActive = (token: Credential): boolean => (token.status ?? "active") === "active";

function mayDo(token: Credential, anyOf: readonly Permission[], accountId: string | undefined): boolean {
  const reaches = accountId === undefined || token.accounts === undefined || token.accounts.includes(accountId);
  return reaches && anyOf.some((permission) => token.permissions.includes(permission));
}

/** Whether the token lets a call through an authenticated gateway of the account. */
export const mayRun = (token: Credential, accountId: string): boolean =>
  isActive(token) && mayDo(token, ["ai-gateway:run"], accountId);
