import { CloudflareError } from "../cloudflare/errors.ts";
import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import type { Sessions } from "./session.ts";

/** Returns a signed-in account's value, such as its client. @throws CloudflareError, `signedOut`, if it's undefined */
export function signedIn<Given>(given: Given | undefined): Given {
  if (given === undefined) throw new CloudflareError("signedOut", "This account is not signed in to any more.");
  return given;
}

/** Reads a page of a gateway's logs: one call. */
export type ListLogs = (gateway: GatewayRef, query: LogQuery, signal: AbortSignal) => Promise<LogPage>;

/** Reads logs of any account signed in to. */
export const listLogsOf =
  (sessions: Pick<Sessions, "clientOf">): ListLogs =>
  async (gateway, query, signal) =>
    signedIn(await sessions.clientOf(gateway.accountId)).listLogs(gateway, query, { signal });
