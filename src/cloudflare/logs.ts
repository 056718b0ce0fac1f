import type { CallOptions, Caller } from "./call.ts";
import { CloudflareError } from "./errors.ts";
import { answersFilter, encodeFilters, type Condition } from "./filter.ts";
import { gatewayPath } from "./gateways.ts";
import { parseLog, parseLogDetail, type GatewayRef, type Log, type LogDetail, type LogRef } from "./schema.ts";

export type LogQuery = {
  filters?: readonly Condition[];
  search?: string;
  /** From 1. */
  page?: number;
  /** 1 to 50; the API refuses more (facts 0.9). */
  perPage?: number;
  orderBy?: string;
  direction?: "asc" | "desc";
  /** Adds the bounds of cost, duration and tokens to the answer's `result_info`. */
  metaInfo?: boolean;
};

export type LogPage = {
  logs: Log[];
  /** Of the whole result, not of the page. */
  total: number;
  page: number;
  perPage: number;
  /** Rows without an id or a time: counted, never fatal. */
  malformed: number;
};

/** Which of the two recorded bodies. */
export type Side = "request" | "response";

export type StoredBody = { contentType?: string; body: string | Uint8Array };

/**
 * `GET …/logs`. Order and direction are always sent, since the documented default is not the live one (facts 1.1).
 * Each row is checked against the filters: an API that ignored them answers with everything.
 */
export async function listLogs(
  caller: Caller,
  gateway: GatewayRef,
  query: LogQuery,
  options?: CallOptions,
): Promise<LogPage> {
  const { filters = [], search, page = 1, perPage = 50, orderBy = "created_at", direction = "desc", metaInfo } = query;
  const path = `${gatewayPath(gateway)}/logs`;
  const parameters = new URLSearchParams({
    page: String(page),
    per_page: String(perPage),
    order_by: orderBy,
    order_by_direction: direction,
  });
  if (filters.length > 0) parameters.set("filters", encodeFilters(filters));
  if (search) parameters.set("search", search);
  if (metaInfo) parameters.set("meta_info", "true");
  const { result, result_info: counted } = await caller.get(path, parameters, options);
  if (!Array.isArray(result)) throw new CloudflareError("badAnswer", "The answer holds no list of logs.", { path });
  const logs = result.map(parseLog).filter((log) => log !== undefined);
  if (!logs.every((log) => answersFilter(log, filters))) {
    throw new CloudflareError("filterIgnored", "The API answered with logs that do not fit the filter.", { path });
  }
  // Without a count, a full page says that there is at least one more.
  const known = (page - 1) * perPage + result.length + (result.length === perPage ? 1 : 0);
  return { logs, total: counted?.total_count ?? known, page, perPage, malformed: result.length - logs.length };
}

const logPath = (ref: LogRef): string => `${gatewayPath(ref)}/logs/${encodeURIComponent(ref.logId)}`;

/** `GET …/logs/{id}`: the row and the heads of its bodies, which are filled some seconds after the row (facts 1.1). */
export async function getLog(caller: Caller, ref: LogRef, options?: CallOptions): Promise<LogDetail> {
  const path = logPath(ref);
  const detail = parseLogDetail((await caller.get(path, undefined, options)).result);
  if (!detail) throw new CloudflareError("badAnswer", "The answer is no log.", { path });
  return detail;
}

const textual = /^text\/|[/+](json|xml|javascript|x-ndjson|ndjson|x-www-form-urlencoded|stream\+json|jsonl)\b/i;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text where the content type is text or missing and the bytes are UTF-8; else the bytes as they are. */
function bodyOf(contentType: string | undefined, bytes: Uint8Array): string | Uint8Array {
  if (contentType && !textual.test(contentType)) return bytes;
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
}

/** `GET …/logs/{id}/request` or `/response`: the stored body, not an envelope (facts 0.7). */
export async function getBody(caller: Caller, ref: LogRef, side: Side, options?: CallOptions): Promise<StoredBody> {
  const { contentType, bytes } = await caller.getRaw(`${logPath(ref)}/${side}`, options);
  return { body: bodyOf(contentType, bytes), ...(contentType ? { contentType } : {}) };
}
