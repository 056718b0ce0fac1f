import { createHash, timingSafeEqual } from "node:crypto";
import { failure, Refusal } from "./answers.ts";

export type Permission = "ai-gateway:read" | "ai-gateway:write" | "accounts:read";

/** A token the gateway knows. Without `accounts` it is good for all of them. */
export type LocalToken = {
  value: string;
  /** User tokens verify at /user/tokens/verify, account tokens at their account's (facts 1.5). */
  kind: "user" | "account";
  accounts?: string[];
  permissions: Permission[];
  status?: "active" | "disabled" | "expired";
};

const digest = (text: string) => createHash("sha256").update(text).digest();

/** The id the API would call this token by: 32 hex digits that do not give it away. */
export function tokenId(token: LocalToken): string {
  return digest(token.value).toString("hex").slice(0, 32);
}

/**
 * The token of an Authorization header.
 * @throws Refusal 401 for none or an unknown one (facts 1.2)
 */
export function authenticate(tokens: readonly LocalToken[], header: string | undefined): LocalToken {
  const value = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  const found =
    value === undefined ? undefined : tokens.find((token) => timingSafeEqual(digest(token.value), digest(value)));
  if (found === undefined) throw new Refusal(failure(401, 10_000, "Authentication error"));
  return found;
}

/**
 * Lets through what the token may do.
 * @throws Refusal 403, or 401 for a token that is disabled or expired (facts 1.2)
 */
export function authorize(token: LocalToken, anyOf: readonly Permission[], accountId?: string): void {
  if ((token.status ?? "active") !== "active") throw new Refusal(failure(401, 10_000, "Authentication error"));
  const reaches = accountId === undefined || token.accounts === undefined || token.accounts.includes(accountId);
  if (!reaches || !anyOf.some((permission) => token.permissions.includes(permission))) {
    throw new Refusal(failure(403, 10_000, "Authentication error"));
  }
}
