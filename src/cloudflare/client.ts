import { listAccounts, verifyToken } from "./accounts.ts";
import { Caller, type CallOptions, type CallerOptions } from "./call.ts";
import { getGateway, listGateways } from "./gateways.ts";
import { getBody, getLog, listLogs, type LogPage, type LogQuery, type StoredBody } from "./logs.ts";
import type { Account, Gateway, GatewayRef, LogDetail, LogRef, TokenState } from "./schema.ts";

/** The Cloudflare API as this extension needs it. Every method rejects with a CloudflareError and nothing else. */
export class CloudflareClient {
  readonly #caller: Caller;

  constructor(options: CallerOptions) {
    this.#caller = new Caller(options);
  }

  /** All accounts that the token may list (facts 1.5); `forbidden` where it may list none. */
  listAccounts(options?: CallOptions): Promise<Account[]> {
    return listAccounts(this.#caller, options);
  }

  /** Checks a user's token, or with `accountId` a token that the account owns. Neither tells the permissions. */
  verifyToken(accountId?: string, options?: CallOptions): Promise<TokenState> {
    return verifyToken(this.#caller, accountId, options);
  }

  /** All gateways of the account. */
  listGateways(accountId: string, options?: CallOptions): Promise<Gateway[]> {
    return listGateways(this.#caller, accountId, options);
  }

  /** One gateway; `notFound` when there is none of that id. */
  getGateway(gateway: GatewayRef, options?: CallOptions): Promise<Gateway> {
    return getGateway(this.#caller, gateway, options);
  }

  /** One page of logs, newest first unless asked otherwise; `filterIgnored` when a row does not fit the filters. */
  listLogs(gateway: GatewayRef, query: LogQuery, options?: CallOptions): Promise<LogPage> {
    return listLogs(this.#caller, gateway, query, options);
  }

  /** One log with the heads of its bodies. */
  getLog(ref: LogRef, options?: CallOptions): Promise<LogDetail> {
    return getLog(this.#caller, ref, options);
  }

  /** The stored request body, as it is; `notFound` when none is stored. */
  getRequest(ref: LogRef, options?: CallOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "request", options);
  }

  /** The stored response body, as it is; `notFound` when none is stored. */
  getResponse(ref: LogRef, options?: CallOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "response", options);
  }
}
