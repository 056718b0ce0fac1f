import {
  parseAuditEntry,
  parseAuditInfo,
  parseProductCategory,
  type AuditEntry,
  type ProductCategory,
} from "./schema.ts";
import type { CallOptions, Caller } from "../http/call.ts";
import { CloudflareError } from "../errors.ts";

/** Everything that entries can be filtered by (API notes: Audit log). Each can also be turned around: none of the values. */
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

/** One filter: any of the values or, with `not`, none of them. All filters must hold; equal names join their values. */
export type AuditFilter = { name: AuditFilterName; not?: boolean; values: readonly [string, ...string[]] };

/** The time of entries asked for, `before` excluded; a text is a date in UTC ("2026-11-20") or RFC3339. */
export type AuditWindow = {
  since: Date | string;
  before: Date | string;
  /** 1 to 1,000; 100 unless given. */
  limit?: number;
  /** Newest first unless given. */
  direction?: "asc" | "desc";
  /** Of the page before; ask for the same otherwise. */
  cursor?: string;
};

export type AuditQuery = AuditWindow & {
  filters?: readonly AuditFilter[];
  /** Each stands for its products, which join those of a `resource_product` filter. */
  productCategories?: readonly string[];
};

export type AuditPage = {
  entries: AuditEntry[];
  /** Asks for the next page. Only its absence ends a walk: a page with a cursor may be short or empty. */
  cursor?: string;
  /** What the API counts; of the page, as far as is known. */
  count?: number;
  /** Entries without an id or a time: counted, never fatal. */
  malformed: number;
};

export type AuditHistoryPage = AuditPage & {
  /** How surely the entries are about the same resource: "exact", "approximate" or "unavailable". */
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
  if (!Array.isArray(rows)) throw new CloudflareError("badAnswer", "The answer holds no list of entries.", { path });
  const entries = rows.map(parseAuditEntry).filter((entry) => entry !== undefined);
  const { historyStatus, ...rest } = parseAuditInfo(info);
  return { entries, malformed: rows.length - entries.length, ...rest, ...(historyStatus && { status: historyStatus }) };
}

/**
 * `GET /accounts/{id}/logs/audit`: one page. Filters are sent in the API's own repeated form, here and with every cursor (API notes: Audit log).
 * @throws CloudflareError; `forbidden` without the permission Account Settings Read, `invalid` for a filter without a value
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
    // Without a value it would not filter at all.
    if (values.length === 0) throw new CloudflareError("invalid", `The filter ${name} has no value.`, { path });
    for (const value of values) parameters.append(not ? `${name}.not` : name, value);
  }
  for (const category of query.productCategories ?? []) parameters.append("product_category", category);
  return pageOf(caller, path, parameters, options);
}

/** `GET …/logs/audit/product_categories`: what `productCategories` may name, and the products they stand for. */
export async function listProductCategories(
  caller: Caller,
  accountId: string,
  options?: CallOptions,
): Promise<ProductCategory[]> {
  const path = `${auditPath(accountId)}/product_categories`;
  const { result } = await caller.get(path, undefined, options);
  if (!Array.isArray(result)) throw new CloudflareError("badAnswer", "The answer holds no list.", { path });
  return result.map(parseProductCategory).filter((category) => category !== undefined);
}

/**
 * `GET …/logs/audit/{entry}/history`: one page of the entries about the resource of `entry`.
 * @throws CloudflareError
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
