import { createHash, timingSafeEqual } from "node:crypto";
import type { CallAddress } from "./upstreams.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Returns a function that compares a text with the secret in a time that tells nothing about either. */
export function comparing(secret: string): (text: string) => boolean {
  const expected = digest(secret);
  return (text) => timingSafeEqual(digest(text), expected);
}

/**
 * Parses a call's address, `/{secret}/v1/{account}/{gateway}/{provider}/{rest}`. `rest` stays as it was sent. Returns
 * undefined for other addresses, so a wrong secret looks like any wrong address.
 */
export function addressOf(url: string, isSecret: (text: string) => boolean): CallAddress | undefined {
  const [, secret = "", ...parts] = /^\/([^/?]*)\/v1\/([^/?]+)\/([^/?]+)\/([^/?]+)\/?(.*)$/s.exec(url) ?? [];
  if (!isSecret(secret)) return undefined;
  const rest = parts.pop() ?? "";
  try {
    const [account = "", gateway = "", provider = ""] = parts.map(decodeURIComponent);
    return provider === "" ? undefined : { account, gateway, provider, rest };
  } catch {
    return undefined;
  }
}

/** Names of query parameters with a credential: `key` of Google, signed addresses, and customary ones. */
const SECRET_PARAMETER =
  /(?:^|[-_.])(?:key|apikey|token|secret|password|passwd|pwd|auth|authorization|signature|sig|credentials?|jwt|code)$/;

/** Returns a path without query parameters that may hold a credential. The other parameters stay as they were sent. */
export function withoutSecrets(path: string): string {
  const [before = "", query] = path.split(/\?(.*)/s, 2);
  const kept = query?.split("&").filter((pair) => !isSecretParameter(pair.split("=", 1)[0] ?? ""));
  return kept === undefined || kept.length === 0 ? before : `${before}?${kept.join("&")}`;
}

function isSecretParameter(encoded: string): boolean {
  try {
    const name = decodeURIComponent(encoded.replaceAll("+", " "));
    // "accessToken" is "access_token".
    return SECRET_PARAMETER.test(
      name
        .trim()
        .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, "_")
        .toLowerCase(),
    );
  } catch {
    return true;
  }
}
