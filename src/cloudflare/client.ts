import { listAccounts, verifyToken } from "./accounts.ts";
import type { AuditEntry, ProductCategory } from "./audit/schema.ts";
import {
  listAuditHistory,
  listAuditLogs,
  listProductCategories,
  type AuditHistoryPage,
  type AuditPage,
  type AuditQuery,
  type AuditWindow,
} from "./audit/calls.ts";
import { Caller, type CallOptions, type CallerOptions } from "./http/call.ts";
import { deleteLogs, type DeleteQuery, type Deletion } from "./deletion.ts";
import { getGateway, listGateways } from "./gateways.ts";
import {
  getBody,
  getLog,
  listLogs,
  patchLog,
  saveBody,
  type LogChanges,
  type LogPage,
  type LogQuery,
  type BodyOptions,
  type StoredBody,
} from "./logs.ts";
import { walkLogs, type WalkOptions } from "./walk.ts";
import type { Account, Gateway, GatewayRef, LogDetail, LogRef, TokenState } from "./schema.ts";

/** The Cloudflare API as this extension needs it. Every method rejects with a CloudflareError and nothing else. */
export class CloudflareClient {
  readonly #caller: Caller;

  constructor(options: CallerOptions) {
    this.#caller = new Caller(options);
  }

  /** The time by the API's clock, as its last answer tells it; this machine's before the first. Makes no call. */
  now(): Date {
    return this.#caller.now();
  }

  /** All accounts that the token may list (API notes: Accounts and token check); `forbidden` where it may list none. */
  listAccounts(options?: CallOptions): Promise<Account[]> {
    return listAccounts(this.#caller, options);
  }

  /** Checks a user's token, or with `accountId` a token that the account owns. Neither tells the permissions. */
  verifyToken(accountId?: string, options?: CallOptions): Promise<TokenState> {
    return verifyToken(this.#caller, accountId, options);
  }

  /** All gateways of the account, or those whose id holds `search`. */
  listGateways(accountId: string, options?: CallOptions & { search?: string }): Promise<Gateway[]> {
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
  getRequest(ref: LogRef, options?: BodyOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "request", options);
  }

  /** The stored response body, as it is; `notFound` when none is stored. */
  getResponse(ref: LogRef, options?: BodyOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "response", options);
  }

  /** The stored request body into `sink`, at constant memory. */
  saveRequest(ref: LogRef, sink: WritableStream<Uint8Array>, options?: CallOptions) {
    return saveBody(this.#caller, ref, "request", sink, options);
  }

  /** The stored response body into `sink`, at constant memory. */
  saveResponse(ref: LogRef, sink: WritableStream<Uint8Array>, options?: CallOptions) {
    return saveBody(this.#caller, ref, "response", sink, options);
  }

  /** All pages of a query in order, the next ones under way while one is worked on. */
  walkLogs(gateway: GatewayRef, query: LogQuery, options?: WalkOptions) {
    return walkLogs(this.#caller, gateway, query, options);
  }

  /** Changes feedback, score or metadata; the API does not answer with the changed log. */
  patchLog(ref: LogRef, changes: LogChanges, options?: CallOptions): Promise<void> {
    return patchLog(this.#caller, ref, changes, options);
  }

  /** Deletes the logs that fit at least one condition, once a GET with the same filter has shown that it is honoured. */
  deleteLogs(gateway: GatewayRef, query: DeleteQuery, options?: CallOptions): Promise<Deletion> {
    return deleteLogs(this.#caller, gateway, query, options);
  }

  /** One page of the account's audit log (v2); more of it while there is a cursor. Needs Account Settings Read. */
  listAuditLogs(accountId: string, query: AuditQuery, options?: CallOptions): Promise<AuditPage> {
    return listAuditLogs(this.#caller, accountId, query, options);
  }

  /** The product categories that the audit log can be asked for. */
  listProductCategories(accountId: string, options?: CallOptions): Promise<ProductCategory[]> {
    return listProductCategories(this.#caller, accountId, options);
  }

  /** What else the audit log holds of the resource of one of its entries. */
  listAuditHistory(
    accountId: string,
    entry: Pick<AuditEntry, "id" | "time">,
    window: AuditWindow,
    options?: CallOptions,
  ): Promise<AuditHistoryPage> {
    return listAuditHistory(this.#caller, accountId, entry, window, options);
  }
}
