import type { BodyOptions, LogChanges, StoredBody } from "../../source/source.ts";
import { wireKeyOf } from "./wire-keys.ts";
import { bodyText } from "../../source/body-text.ts";
import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import { checkConditions, type Condition } from "../../source/conditions.ts";
import { SourceError } from "../../source/errors.ts";
import { answersFilter, encodeFilters, matches } from "./filter.ts";
import { gatewayPath } from "./gateways.ts";
import { PER_PAGE } from "./pages.ts";
import { parseBounds, parseLog, parseLogDetail, whyNot, type LogBounds } from "./schema.ts";
import type { CollectionRef, Log, LogDetail, LogRef, Side } from "../../source/log.ts";

export type LogQuery = {
  filters?: readonly Condition[];
  search?: string;
  /** From 1. */
  page?: number;
  /** 1 to 50; the API rejects more (API notes: Paging). */
  perPage?: number;
  orderBy?: string;
  direction?: "asc" | "desc";
  /** Adds the minimum and maximum of cost, duration and tokens to `result_info`. */
  metaInfo?: boolean;
};

/** Limit on a log's stored bodies, in bytes (API notes: Limits); larger ones aren't stored. */
export const STORED_AT_MOST = 10 * 1024 * 1024;

/** Returns the path of a gateway's logs. */
export const logsPath = (gateway: CollectionRef): string => `${gatewayPath(gateway)}/logs`;

export type LogPage = {
  logs: Log[];
  /** Of the whole result, not the page. */
  total: number;
  page: number;
  perPage: number;
  /** Number of rows from the API, including those not in `logs`: tells whether the page is full. */
  rows: number;
  /** IDs of these rows, in the API's order; undefined if unreadable. */
  ids: readonly (string | undefined)[];
  /** Number of rows without an ID or a time: skipped, never fatal. */
  malformed: number;
  /**
   * Number of rows that the API returned but the filter excludes: with a tag's key and another tag's value
   * (API notes: Filters), or in the second before the first one wanted (API notes: Filters). Not in `logs`, but counted
   * in `total`.
   */
  unmeant: number;
  /** Minimum and maximum of the whole result, if `metaInfo` requested them and the API returned them. */
  bounds?: LogBounds;
};

/** Encodes conditions. @throws SourceError `invalid` that names the key, its operator and the alternatives */
export function encodeChecked(filters: readonly Condition[]): string {
  try {
    checkConditions(filters);
  } catch (cause) {
    throw new SourceError("invalid", cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return encodeFilters(filters);
}

function parametersOf(query: LogQuery): URLSearchParams {
  const {
    filters = [],
    search,
    page = 1,
    perPage = PER_PAGE,
    orderBy = "createdAt",
    direction = "desc",
    metaInfo,
  } = query;
  const parameters = new URLSearchParams({
    page: String(page),
    per_page: String(perPage),
    order_by: wireKeyOf(orderBy),
    order_by_direction: direction,
  });
  if (filters.length > 0) parameters.set("filters", encodeChecked(filters));
  if (search) parameters.set("search", search);
  if (metaInfo) parameters.set("meta_info", "true");
  return parameters;
}

/**
 * `GET …/logs`. Always sends order and direction, because the documented default isn't the live one
 * (API notes: Listing logs). Checks every row against the filters: an API that ignored them returns everything.
 */
export async function listLogs(
  caller: Caller,
  gateway: CollectionRef,
  query: LogQuery,
  options?: CallOptions,
): Promise<LogPage> {
  const { filters = [], page = 1, perPage = PER_PAGE } = query;
  const readAt = Date.now();
  const { result, result_info: counted, facts } = await caller.get(logsPath(gateway), parametersOf(query), options);
  if (!Array.isArray(result)) throw new SourceError("badAnswer", "The answer holds no list of logs.", facts);
  const parsed = result.map((row) => parseLog(row, readAt));
  const found = parsed.filter((log) => log !== undefined);
  if (!found.every((log) => answersFilter(log, filters))) {
    throw new SourceError("filterIgnored", "The API answered with logs that do not fit the filter.", facts);
  }
  // Without a count, a full page implies at least one more.
  const known = (page - 1) * perPage + result.length + (result.length === perPage ? 1 : 0);
  const logs = found.filter((log) => matches(log, filters));
  const bounds = query.metaInfo && parseBounds(counted);
  return {
    logs,
    total: counted?.total_count ?? known,
    page,
    perPage,
    rows: result.length,
    ids: parsed.map((log) => log?.id),
    malformed: result.length - found.length,
    unmeant: found.length - logs.length,
    ...(bounds ? { bounds } : {}),
  };
}

function logPath(ref: LogRef): string {
  // IDs are opaque (API notes: Log IDs), but one of only dots would change the path.
  if (/^\.*$/.test(ref.logId)) refuse("This is no log id.");
  return `${logsPath(ref)}/${encodeURIComponent(ref.logId)}`;
}

/**
 * `GET …/logs/{id}`: the row and the heads of its bodies, which are filled some seconds after the row
 * (API notes: Log detail and bodies).
 */
export async function getLog(caller: Caller, ref: LogRef, options?: CallOptions): Promise<LogDetail> {
  const readAt = Date.now();
  const { result, facts } = await caller.get(logPath(ref), undefined, options);
  const detail = parseLogDetail(result, readAt);
  if (!detail) throw new SourceError("badAnswer", `The answer is no log (${whyNot("log", result)}).`, facts);
  return detail;
}

/** `GET …/logs/{id}/request` or `/response`: the stored body, not an envelope (API notes: Log detail and bodies). */
export async function getBody(
  caller: Caller,
  ref: LogRef,
  side: Side,
  { bytesAbove = Infinity, ...options }: BodyOptions = {},
): Promise<StoredBody> {
  const { contentType, bytes } = await caller.getRaw(`${logPath(ref)}/${side}`, options);
  const body = bytes.length > bytesAbove ? bytes : bodyText(contentType, bytes);
  return { body, ...(contentType ? { contentType } : {}) };
}

/** Like `getBody`, but streams into `sink`, at any size. */
export function saveBody(
  caller: Caller,
  ref: LogRef,
  side: Side,
  sink: WritableStream<Uint8Array>,
  options?: CallOptions,
): Promise<{ contentType: string | undefined; bytes: number }> {
  return caller.stream(`${logPath(ref)}/${side}`, sink, options);
}

function refuse(message: string): never {
  throw new SourceError("invalid", message);
}

function checkChanges({ feedback, score, metadata }: LogChanges): void {
  if (feedback != null && ![-1, 0, 1].includes(feedback)) refuse("Feedback is -1, 0, 1 or none.");
  if (score != null && !(score >= 0 && score <= 100)) refuse("A score is a number from 0 to 100.");
  for (const [key, value] of Object.entries(metadata ?? {})) {
    const fits = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
    if (!fits) refuse(`The metadata value of "${key}" is no text, number or yes/no.`);
  }
}

/**
 * `PATCH …/logs/{id}`. The response is empty: read the log again to see the change (API notes: Changing a log).
 * @throws SourceError `invalid` before anything is sent, if a value is out of range
 */
export async function patchLog(caller: Caller, ref: LogRef, changes: LogChanges, options?: CallOptions): Promise<void> {
  checkChanges(changes);
  await caller.send({ method: "PATCH", path: logPath(ref), body: changes }, options);
}
