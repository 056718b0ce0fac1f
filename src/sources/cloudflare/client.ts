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
import { Caller, type CallerOptions } from "./http/call.ts";
import type { CallOptions } from "../../source/query.ts";
import { deleteLogs, type DeleteQuery } from "./deletion.ts";
import type { Deletion, LogChanges, BodyOptions, StoredBody } from "../../source/source.ts";
import { getGateway, listGateways } from "./gateways.ts";
import { getBody, getLog, listLogs, patchLog, saveBody, type LogPage, type LogQuery } from "./logs.ts";
import { walkLogs, type WalkOptions } from "./walk.ts";
import type { Account, Gateway, TokenState } from "./schema.ts";
import { trafficOf, type Traffic } from "./traffic.ts";
import type { CollectionRef, LogDetail, LogRef } from "../../source/log.ts";

/** The subset of Cloudflare's API that this extension uses. Every method rejects only with SourceError. */
export class CloudflareClient {
  readonly #caller: Caller;

  constructor(options: CallerOptions) {
    this.#caller = new Caller(options);
  }

  /** Returns the API's time according to its last response; this machine's time before the first. Makes no call. */
  now(): Date {
    return this.#caller.now();
  }

  /** Lists all accounts visible to the token (API notes: Accounts and token check); `forbidden` if it may list none. */
  listAccounts(options?: CallOptions): Promise<Account[]> {
    return listAccounts(this.#caller, options);
  }

  /** Verifies a user token, or with `accountId` an account-owned token. Neither reports permissions. */
  verifyToken(accountId?: string, options?: CallOptions): Promise<TokenState> {
    return verifyToken(this.#caller, accountId, options);
  }

  /** Asks a question by POST, of another part of the API: returns the result. */
  async ask(path: string, body: unknown, options?: CallOptions): Promise<unknown> {
    return (await this.#caller.ask(path, body, options)).result;
  }

  /** Returns how many calls went through a gateway lately, logged or not; undefined if the token may not read that. */
  trafficOf(gateway: CollectionRef, options?: CallOptions): Promise<Traffic | undefined> {
    return trafficOf(this.#caller, gateway, options);
  }

  /** Lists all gateways of the account, or those with `search` in their ID. */
  listGateways(accountId: string, options?: CallOptions & { search?: string }): Promise<Gateway[]> {
    return listGateways(this.#caller, accountId, options);
  }

  /** Returns one gateway; `notFound` for an unknown ID. */
  getGateway(gateway: CollectionRef, options?: CallOptions): Promise<Gateway> {
    return getGateway(this.#caller, gateway, options);
  }

  /** Returns one page of logs, newest first by default; `filterIgnored` if a row doesn't match the filters. */
  listLogs(gateway: CollectionRef, query: LogQuery, options?: CallOptions): Promise<LogPage> {
    return listLogs(this.#caller, gateway, query, options);
  }

  /** Returns one log with the heads of its bodies. */
  getLog(ref: LogRef, options?: CallOptions): Promise<LogDetail> {
    return getLog(this.#caller, ref, options);
  }

  /** Returns the stored request body, verbatim; `notFound` if none is stored. */
  getRequest(ref: LogRef, options?: BodyOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "request", options);
  }

  /** Returns the stored response body, verbatim; `notFound` if none is stored. */
  getResponse(ref: LogRef, options?: BodyOptions): Promise<StoredBody> {
    return getBody(this.#caller, ref, "response", options);
  }

  /** Streams the stored request body into `sink`, at constant memory. */
  saveRequest(ref: LogRef, sink: WritableStream<Uint8Array>, options?: CallOptions) {
    return saveBody(this.#caller, ref, "request", sink, options);
  }

  /** Streams the stored response body into `sink`, at constant memory. */
  saveResponse(ref: LogRef, sink: WritableStream<Uint8Array>, options?: CallOptions) {
    return saveBody(this.#caller, ref, "response", sink, options);
  }

  /** Yields all pages of a query in order, prefetching the next ones. */
  walkLogs(gateway: CollectionRef, query: LogQuery, options?: WalkOptions) {
    return walkLogs(this.#caller, gateway, query, options);
  }

  /** Changes feedback, score or metadata; the API doesn't return the changed log. */
  patchLog(ref: LogRef, changes: LogChanges, options?: CallOptions): Promise<void> {
    return patchLog(this.#caller, ref, changes, options);
  }

  /** Deletes logs that match at least one condition, after a GET with the same filter showed that the API honors it. */
  deleteLogs(gateway: CollectionRef, query: DeleteQuery, options?: CallOptions): Promise<Deletion> {
    return deleteLogs(this.#caller, gateway, query, options);
  }

  /** Returns one page of the account's audit log (v2); a cursor leads to the next. Needs Account Settings Read. */
  listAuditLogs(accountId: string, query: AuditQuery, options?: CallOptions): Promise<AuditPage> {
    return listAuditLogs(this.#caller, accountId, query, options);
  }

  /** Lists the audit log's product categories. */
  listProductCategories(accountId: string, options?: CallOptions): Promise<ProductCategory[]> {
    return listProductCategories(this.#caller, accountId, options);
  }

  /** Returns the audit log's history of an entry's resource. */
  listAuditHistory(
    accountId: string,
    entry: Pick<AuditEntry, "id" | "time">,
    window: AuditWindow,
    options?: CallOptions,
  ): Promise<AuditHistoryPage> {
    return listAuditHistory(this.#caller, accountId, entry, window, options);
  }
}
