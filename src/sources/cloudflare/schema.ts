import * as z from "zod/mini";
import { cut, type BodyHead, type Log, type LogDetail, type Side } from "../../source/log.ts";
import { cutTexts, metadataIn, present } from "../../source/parsing.ts";
import { wireKeyOf } from "./wire-keys.ts";

/*
 * Wire formats and their parsed types. snake_case occurs only in this file. Parsing is tolerant: unknown keys stay in
 * `raw`, null is "absent", and an odd field never drops the row.
 */

export type Account = { id: string; name: string; createdAt?: Date };

export type TokenState = { id?: string; status: string; expiresOn?: Date };

export type Gateway = {
  id: string;
  createdAt?: Date;
  /** Whether the gateway stores logs by default; undefined if the API doesn't say. */
  collectLogs?: boolean;
};

/*
 * Parses optional fields. Null and a value of another type mean "absent"; none can fail, and a page has well over a
 * thousand, so rows are parsed without a schema.
 */
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const flagOf = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);
/** Returns a number, also from a numeric string: decimals have come as both. */
function amountOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
const text = z.transform(textOf);
const flag = z.transform(flagOf);
const amount = z.transform(amountOf);

/** A time without a zone is UTC. */
const instant = (value: string | number): Date =>
  new Date(typeof value === "string" && !/(z|[+-]\d\d:?\d\d)$/i.test(value) ? `${value}Z` : value);
const date = z.pipe(z.pipe(z.union([z.string(), z.number()]), z.transform(instant)), z.date());
const maybeDate = z.transform((value: unknown) => {
  const time = typeof value === "string" || typeof value === "number" ? instant(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
});

const errorShape = z.looseObject({ code: z.transform(codeOf), message: text });
const envelopeShape = z.looseObject({
  success: z.boolean(),
  result: z.optional(z.unknown()),
  errors: z.catch(z.nullish(z.array(errorShape)), undefined),
  result_info: z.catch(z.nullish(z.looseObject({ total_count: amount, page: amount, per_page: amount })), undefined),
});

function codeOf(value: unknown): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

export type Envelope = z.infer<typeof envelopeShape>;

/**
 * Parses the v4 envelope `{success, result, errors?, result_info?}`; undefined if `json` isn't one (API notes: Errors).
 */
export function parseEnvelope(json: unknown): Envelope | undefined {
  const parsed = z.safeParse(envelopeShape, json);
  return parsed.success ? parsed.data : undefined;
}

/** Required fields of a log. */
const logShape = z.object({ id: z.string().check(z.minLength(1)), created_at: date });

/** Returns an object, also from JSON text: the API has sent both (API notes: Log row). */
function objectOf(value: unknown): Record<string, unknown> {
  let candidate = value;
  if (typeof value === "string") {
    try {
      candidate = JSON.parse(value);
    } catch {
      return {};
    }
  }
  const isObject = typeof candidate === "object" && candidate !== null && !Array.isArray(candidate);
  return isObject ? (candidate as Record<string, unknown>) : {};
}

function numberAt(values: Record<string, unknown>, ...keys: string[]): number | undefined {
  return keys.map((key) => values[key]).find((value): value is number => typeof value === "number");
}

/** Returns a string as is, anything else as JSON; at most 2,048 characters, because rows show it. */
function verdictOf(value: unknown): string | undefined {
  const isNone = value === undefined || value === null || value === "" || value === false;
  const said = isNone || typeof value === "string" ? value : JSON.stringify(value);
  return typeof said === "string" && said !== "{}" && said !== "[]" ? cut(said, 2048) : undefined;
}

/** Parses `[{profile: {profile_id, entry_ids}, policy_ids, check}]`, as seen in rows (API notes: Log row). */
function profilesOf(value: unknown): string[] | undefined {
  const ids = (Array.isArray(value) ? value : []).map((one) =>
    textOf(objectOf(objectOf(one)["profile"])["profile_id"]),
  );
  const known = [...new Set(ids.filter((id) => id !== undefined).map((id) => cut(id, 512)))].slice(0, 50);
  return known.length > 0 ? known : undefined;
}

function logOf(
  { id, created_at: createdAt }: z.infer<typeof logShape>,
  row: Record<string, unknown>,
  readAt: number | undefined,
): Log {
  const { texts, recorded } = cutTexts((field) => row[wireKeyOf(field)]);
  const usage = objectOf(row["usage_metadata"]);
  const location = objectOf(row["location"]);
  const statusCode = amountOf(row["status_code"]);
  return {
    id,
    createdAt,
    provider: texts.provider ?? "unknown",
    path: texts.path ?? "",
    success: flagOf(row["success"]) ?? (statusCode === undefined || statusCode < 400),
    cached: flagOf(row["cached"]) ?? false,
    customCost: flagOf(row["custom_cost"]) ?? false,
    metadata: metadataIn(objectOf(row["metadata"])),
    raw: row,
    ...present({
      model: texts.model || undefined,
      statusCode,
      durationMs: amountOf(row["duration"]),
      tokensIn: amountOf(row["tokens_in"]),
      tokensOut: amountOf(row["tokens_out"]),
      tokensCached: numberAt(usage, "input_cached_tokens"),
      tokensReasoning: numberAt(usage, "reasoningTokens", "output_reasoning_tokens"),
      costUsd: amountOf(row["cost"]),
      modelType: texts.modelType,
      requestType: texts.requestType,
      requestContentType: texts.requestContentType,
      responseContentType: texts.responseContentType,
      step: amountOf(row["step"]),
      eventId: textOf(row["event_id"]),
      dlpAction: texts.dlpAction || undefined,
      userAgent: texts.userAgent,
      authentication: flagOf(row["authentication"]),
      feedback: amountOf(row["feedback"]),
      score: amountOf(row["score"]),
      latencyMs: amountOf(objectOf(row["timings"])["latency"]),
      region: cut(textOf(location["region"]) ?? "", 512) || undefined,
      colo: cut(textOf(location["colo"]) ?? "", 512) || undefined,
      byok: flagOf(row["byok"]),
      wholesale: flagOf(row["wholesale"]),
      compatibilityMode: flagOf(row["compatibilityMode"]),
      guardrails: verdictOf(row["guardrails"]),
      dlpProfiles: profilesOf(row["dlp_profiles"]),
      readAt,
      recorded,
    }),
  };
}

/**
 * Parses a row of `GET …/logs`; undefined without an ID or a valid time. `readAt`: time of the request, in ms since
 * 1970.
 */
export function parseLog(row: unknown, readAt?: number): Log | undefined {
  const parsed = z.safeParse(logShape, row);
  return parsed.success ? logOf(parsed.data, row as Record<string, unknown>, readAt) : undefined;
}

function headOf(row: Record<string, unknown>, side: Side): BodyHead {
  const [head, size] = [textOf(row[`${side}_head`]), amountOf(row[`${side}_size`])];
  return { complete: head !== undefined && row[`${side}_head_complete`] === true, ...present({ size, head }) };
}

/** Parses the response of `GET …/logs/{id}`: the row and the heads of both bodies, which `raw` hasn't. */
export function parseLogDetail(row: unknown, readAt?: number): LogDetail | undefined {
  const log = parseLog(row, readAt);
  if (!log) return undefined;
  const { request_head: _request, response_head: _response, ...raw } = log.raw;
  return { ...log, request: headOf(log.raw, "request"), response: headOf(log.raw, "response"), raw };
}

type Bounds = { min: number; max: number };

/** Ranges of the matching logs: cost in dollars, duration in milliseconds, tokens. Absent without a value. */
export type LogBounds = {
  costUsd?: Bounds;
  durationMs?: Bounds;
  tokensIn?: Bounds;
  tokensOut?: Bounds;
  tokens?: Bounds;
};

/** Parses `min_…` and `max_…` of a `result_info` requested with `meta_info` (API notes: Paging). */
export function parseBounds(counted: unknown): LogBounds {
  const values = objectOf(counted);
  const of = (key: string): Bounds | undefined => {
    const [min, max] = [values[`min_${key}`], values[`max_${key}`]];
    return typeof min === "number" && typeof max === "number" ? { min, max } : undefined;
  };
  return present({
    costUsd: of("cost"),
    durationMs: of("duration"),
    tokensIn: of("tokens_in"),
    tokensOut: of("tokens_out"),
    tokens: of("total_tokens"),
  });
}

const gatewayShape = z.looseObject({
  id: z.string().check(z.minLength(1)),
  created_at: maybeDate,
  collect_logs: flag,
});

/** Parses a gateway. Takes only these fields: the response may hold secrets of the account (API notes: Gateways). */
export function parseGateway(row: unknown): Gateway | undefined {
  const parsed = z.safeParse(gatewayShape, row);
  if (!parsed.success) return undefined;
  const { id, created_at: createdAt, collect_logs: collectLogs } = parsed.data;
  return { id, ...present({ createdAt, collectLogs }) };
}

const accountShape = z.looseObject({ id: z.string().check(z.minLength(1)), name: text, created_on: maybeDate });

/** Parses an account from `GET /accounts`. */
export function parseAccount(row: unknown): Account | undefined {
  const parsed = z.safeParse(accountShape, row);
  if (!parsed.success) return undefined;
  const { id, name, created_on: createdAt } = parsed.data;
  return { id, name: name || id, ...present({ createdAt }) };
}

const tokenShape = z.looseObject({ id: text, status: z.string(), expires_on: maybeDate });

/** Parses the response of both `tokens/verify` operations (API notes: Accounts and token check). */
export function parseTokenState(result: unknown): TokenState | undefined {
  const parsed = z.safeParse(tokenShape, result);
  if (!parsed.success) return undefined;
  const { id, status, expires_on: expiresOn } = parsed.data;
  return { status, ...present({ id, expiresOn }) };
}

const shapes = { log: logShape, gateway: gatewayShape, account: accountShape, token: tokenShape };

/** Returns the field that makes a response invalid as a log, a gateway …: `created_at: Invalid input`. */
export function whyNot(kind: keyof typeof shapes, value: unknown): string {
  const issue = z.safeParse(shapes[kind], value).error?.issues[0];
  return issue ? `${issue.path.join(".") || "answer"}: ${issue.message}` : "unreadable";
}
