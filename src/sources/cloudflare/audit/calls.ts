import { SERVICE } from "../service.ts";
import {
  parseAuditEntry,
  parseAuditInfo,
  parseProductCategory,
  type AuditEntry,
  type ProductCategory,
} from "./schema.ts";
import type { CallOptions } from "../../../source/query.ts";
import type { Caller } from "../http/call.ts";
import { SourceError } from "../../../source/errors.ts";

/** Filters for entries (API notes: Audit log). Each can be negated: none of the values. */
export const AUDIT_FILTERS = [
  "id",
  "audit_log_id",
  "account_name",
  "action_result",
  "action_type",
  "actor_context",
  "actor_email",
  "actor_id",
  "actor_ip_address",
  "actor_token_id",
  "actor_token_name",
  "actor_type",
  "raw_cf_ray_id",
  "raw_method",
  "raw_status_code",
  "raw_uri",
  "resource_id",
  "resource_product",
  "resource_scope",
  "resource_type",
  "zone_id",
  "zone_name",
] as const;

export type AuditFilterName = (typeof AUDIT_FILTERS)[number];

/** A filter: any of the values or, with `not`, none of them. All filters must match; equal names join their values. */
export type AuditFilter = { name: AuditFilterName; not?: boolean; values: readonly [string, ...string[]] };

/** The entries' time range, `before` exclusive; a string is a UTC date ("2026-11-20") or RFC3339. */
export type AuditWindow = {
  since: Date | string;
  before: Date | string;
  /** 1 to 1,000; 100 by default. */
  limit?: number;
  /** Newest first by default. */
  direction?: "asc" | "desc";
  /** From the previous page of the same query. */
  cursor?: string;
};

export type AuditQuery = AuditWindow & {
  filters?: readonly AuditFilter[];
  /** Each expands to its products, in addition to a `resource_product` filter's. */
  productCategories?: readonly string[];
};

export type AuditPage = {
  entries: AuditEntry[];
  /** Cursor of the next page; only its absence is the end. A page with a cursor may be short or empty. */
  cursor?: string;
  /** The API's count, apparently of the page. */
  count?: number;
  /** Number of entries without an ID or a time: skipped, never fatal. */
  malformed: number;
};

export type AuditHistoryPage = AuditPage & {
  /** Certainty that the entries are about the same resource: "exact", "approximate" or "unavailable". */
  status?: string;
};

function auditPath(accountId: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/logs/audit`;
}

const textOf = (time: Date | string): string => (typeof time === "string" ? time : time.toISOString());

function windowOf({ since, before, limit = 100, direction = "desc", cursor }: AuditWindow): URLSearchParams {
  const parameters = new URLSearchParams({
    since: textOf(since),
    before: textOf(before),
    limit: String(limit),
    direction,
  });
  if (cursor) parameters.set("cursor", cursor);
  return parameters;
}

async function pageOf(
  caller: Caller,
  path: string,
  parameters: URLSearchParams,
  options: CallOptions | undefined,
): Promise<AuditHistoryPage> {
  const { result, result_info: info } = await caller.get(path, parameters, options);
  const rows: unknown = result ?? [];
  if (!Array.isArray(rows))
    throw new SourceError("badAnswer", "The answer holds no list of entries.", { service: SERVICE, path });
  const entries = rows.map(parseAuditEntry).filter((entry) => entry !== undefined);
  const { historyStatus, ...rest } = parseAuditInfo(info);
  return { entries, malformed: rows.length - entries.length, ...rest, ...(historyStatus && { status: historyStatus }) };
}

/**
 * `GET /accounts/{id}/logs/audit`: one page. Filters are sent in the API's repeated form, also with every cursor
 * (API notes: Audit log).
 * @throws SourceError; `forbidden` without the permission Account Settings Read, `invalid` for a filter without a
 * value
 */
export async function listAuditLogs(
  caller: Caller,
  accountId: string,
  query: AuditQuery,
  options?: CallOptions,
): Promise<AuditPage> {
  const path = auditPath(accountId);
  const parameters = windowOf(query);
  for (const { name, not, values } of query.filters ?? []) {
    // A filter without a value would be ignored.
    if (values.length === 0) throw new SourceError("invalid", `The filter ${name} has no value.`, { path });
    for (const value of values) parameters.append(not ? `${name}.not` : name, value);
  }
  for (const category of query.productCategories ?? []) parameters.append("product_category", category);
  return pageOf(caller, path, parameters, options);
}

/** `GET …/logs/audit/product_categories`: valid `productCategories`, with their products. */
export async function listProductCategories(
  caller: Caller,
  accountId: string,
  options?: CallOptions,
): Promise<ProductCategory[]> {
  const path = `${auditPath(accountId)}/product_categories`;
  const { result } = await caller.get(path, undefined, options);
  if (!Array.isArray(result))
    throw new SourceError("badAnswer", "The answer holds no list.", { service: SERVICE, path });
  return result.map(parseProductCategory).filter((category) => category !== undefined);
}

/**
 * `GET …/logs/audit/{entry}/history`: one page of entries about the resource of `entry`.
 * @throws SourceError
 */
export async function listAuditHistory(
  caller: Caller,
  accountId: string,
  entry: Pick<AuditEntry, "id" | "time">,
  window: AuditWindow,
  options?: CallOptions,
): Promise<AuditHistoryPage> {
  const parameters = windowOf(window);
  parameters.set("action_time", entry.time.toISOString());
  return pageOf(caller, `${auditPath(accountId)}/${encodeURIComponent(entry.id)}/history`, parameters, options);
}
