import { SourceError } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import { send, SERVICE, type CallerOptions } from "./call.ts";

/** A server, without a token. */
type Address = Pick<CallerOptions, "baseUrl" | "fetch" | "limit">;

/** Returns what is at a path of names below an object; undefined if there is nothing. */
const below = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null ? (found as Record<string, unknown>)[name] : undefined,
    value,
  );

/**
 * Exchanges an email address and a password for an access token, which is valid for an hour (docs/verifywise-api.md:
 * Sign-in). No cookie is kept.
 * @throws SourceError, `unauthorized` for a wrong password
 */
export async function logIn(
  server: Address,
  { email, password }: { email: string; password: string },
  given?: CallOptions,
): Promise<string> {
  const path = "/api/users/login";
  const answer = await send(server, { method: "POST", path, body: { email, password } }, { password }, given);
  const token = below(answer, "data", "token");
  if (typeof token === "string" && token !== "") return token;
  throw new SourceError("badAnswer", "The answer has no token.", { service: SERVICE, method: "POST", path });
}

/** Returns the server's version; undefined if it doesn't tell. */
export async function versionOf(server: Address, given?: CallOptions): Promise<string | undefined> {
  const answer = await unlessRefused(send(server, { method: "GET", path: "/api/version" }, {}, given));
  const version = below(answer, "version");
  return typeof version === "string" ? version : undefined;
}

/** Returns whether the gateway behind a server can be reached; undefined if the server doesn't tell. */
export async function isGatewayUp(server: Address, given?: CallOptions): Promise<boolean | undefined> {
  const sent = send(server, { method: "GET", path: "/health" }, {}, { ...given, also: 503 });
  const status = below(await unlessRefused(sent), "checks", "ai_gateway", "status");
  return typeof status === "string" ? status === "ok" : undefined;
}

/** Builds without the path refuse it. @throws SourceError if the server can't be reached, or the call was canceled */
async function unlessRefused(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SourceError && error.status !== undefined) return undefined;
    throw error;
  }
}
