import * as z from "zod/mini";
import { cut, keptOf } from "./filter/row-texts.ts";

/*
 * The shapes of the wire, and what becomes of them. snake_case lives in this file only.
 * Parsing is tolerant: unknown keys are kept in `raw`, null is "absent", one odd field never costs the row.
 */

/** Who a log belongs to, and which it is. Log ids are opaque (API notes: Log IDs). */
export type GatewayRef = { accountId: string; gatewayId: string };
export type LogRef = GatewayRef & { logId: string };

export type Account = { id: string; name: string; createdAt?: Date };

export type TokenState = { id?: string; status: string; expiresOn?: Date };

export type Gateway = {
  id: string;
  createdAt?: Date;
  /** Whether the gateway keeps logs by default; undefined when the API does not say. */
  collectLogs?: boolean;
};

export type Metadata = Record<string, string | number | boolean>;

/**
 * A log as listed. What the API leaves out or gives as null is absent, which is not 0. Texts that callers write and rows show are cut
 * (`row-texts.ts`), since a caller can make them of any length: what compares, sends or exports them takes them from `asRecorded`. Ids and metadata are
 * keys or are written back, so they are never cut.
 */
export type Log = {
  id: string;
  createdAt: Date;
  provider: string;
  model?: string;
  path: string;
  success: boolean;
  cached: boolean;
  statusCode?: number;
  durationMs?: number;
  tokensIn?: number;
  tokensOut?: number;
  tokensCached?: number;
  tokensReasoning?: number;
  /** An estimate by Cloudflare (API notes: Log row), unless `customCost`. */
  costUsd?: number;
  customCost: boolean;
  metadata: Metadata;
  modelType?: string;
  requestType?: string;
  requestContentType?: string;
  responseContentType?: string;
  step?: number;
  eventId?: string;
  dlpAction?: string;
  userAgent?: string;
  authentication?: boolean;
  feedback?: number;
  score?: number;
  /** Until the provider began to answer. */
  latencyMs?: number;
  /** Where the call came in: a region, and the code of Cloudflare's data center there. */
  region?: string;
  colo?: string;
  /** Whether the provider's key was one stored at the gateway. */
  byok?: boolean;
  /** What the guardrails said, as text: a verdict, or the JSON of their verdicts. */
  guardrails?: string;
  /** The DLP profiles that matched, by their ids. */
  dlpProfiles?: readonly string[];
  /** When it was asked for, in ms since 1970: nothing in it is newer. */
  readAt?: number;
  /** The row as it came, with the keys that nobody declared. */
  raw: Record<string, unknown>;
};

/** Which of the two recorded bodies. */
export type Side = "request" | "response";

/** The first part of a stored body. `complete`: it is the whole body. */
export type BodyHead = { size?: number; head?: string; complete: boolean };

export type LogDetail = Log & { request: BodyHead; response: BodyHead };

/*
 * The fields that may be missing. Null and a value of another type both mean "absent"; none of them can fail, and a page has
 * well over a thousand of them, so they are read without a schema where it is about rows.
 */
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const flagOf = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);
/** A number, or a text that is one: decimals have come as both. */
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

/** The v4 envelope `{success, result, errors?, result_info?}`, or undefined when `json` is none (API notes: Errors). */
export function parseEnvelope(json: unknown): Envelope | undefined {
  const parsed = z.safeParse(envelopeShape, json);
  return parsed.success ? parsed.data : undefined;
}

/** What makes a row a log; the rest of it may be missing. */
const logShape = z.object({ id: z.string().check(z.minLength(1)), created_at: date });

/** Drops the keys whose value is null or undefined: absent means absent. */
function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept: Record<string, unknown> = {};
  for (const key in values) if (values[key] != null) kept[key] = values[key];
  return kept as never;
}

/** An object, or an object written as JSON text: the API has given both (API notes: Log row). */
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

function metadataOf(value: unknown): Metadata {
  const entries = Object.entries(objectOf(value));
  return Object.fromEntries(
    entries.filter(([, item]) => ["string", "number", "boolean"].includes(typeof item)),
  ) as Metadata;
}

function numberAt(values: Record<string, unknown>, ...keys: string[]): number | undefined {
  return keys.map((key) => values[key]).find((value): value is number => typeof value === "number");
}

/** A word as it is, anything else as JSON; at most 2,048 characters, since rows are shown. */
function verdictOf(value: unknown): string | undefined {
  const isNone = value === undefined || value === null || value === "" || value === false;
  const said = isNone || typeof value === "string" ? value : JSON.stringify(value);
  return typeof said === "string" && said !== "{}" && said !== "[]" ? cut(said, 2048) : undefined;
}

/** `[{profile: {profile_id, entry_ids}, policy_ids, check}]`, as seen in rows (API notes: Log row). */
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
  const usage = objectOf(row["usage_metadata"]);
  const location = objectOf(row["location"]);
  const statusCode = amountOf(row["status_code"]);
  return {
    id,
    createdAt,
    provider: keptOf(row, "provider") ?? "unknown",
    path: keptOf(row, "path") ?? "",
    success: flagOf(row["success"]) ?? (statusCode === undefined || statusCode < 400),
    cached: flagOf(row["cached"]) ?? false,
    customCost: flagOf(row["custom_cost"]) ?? false,
    metadata: metadataOf(row["metadata"]),
    raw: row,
    ...present({
      model: keptOf(row, "model") || undefined,
      statusCode,
      durationMs: amountOf(row["duration"]),
      tokensIn: amountOf(row["tokens_in"]),
      tokensOut: amountOf(row["tokens_out"]),
      tokensCached: numberAt(usage, "input_cached_tokens"),
      tokensReasoning: numberAt(usage, "reasoningTokens", "output_reasoning_tokens"),
      costUsd: amountOf(row["cost"]),
      modelType: keptOf(row, "modelType"),
      requestType: keptOf(row, "requestType"),
      requestContentType: keptOf(row, "requestContentType"),
      responseContentType: keptOf(row, "responseContentType"),
      step: amountOf(row["step"]),
      eventId: textOf(row["event_id"]),
      dlpAction: keptOf(row, "dlpAction") || undefined,
      userAgent: keptOf(row, "userAgent"),
      authentication: flagOf(row["authentication"]),
      feedback: amountOf(row["feedback"]),
      score: amountOf(row["score"]),
      latencyMs: amountOf(objectOf(row["timings"])["latency"]),
      region: cut(textOf(location["region"]) ?? "", 512) || undefined,
      colo: cut(textOf(location["colo"]) ?? "", 512) || undefined,
      byok: flagOf(row["byok"]),
      guardrails: verdictOf(row["guardrails"]),
      dlpProfiles: profilesOf(row["dlp_profiles"]),
      readAt,
    }),
  };
}

/** One row of `GET …/logs`, or undefined when it has no id or no readable time. `readAt`: when it was asked for, in ms since 1970. */
export function parseLog(row: unknown, readAt?: number): Log | undefined {
  const parsed = z.safeParse(logShape, row);
  return parsed.success ? logOf(parsed.data, row as Record<string, unknown>, readAt) : undefined;
}

function headOf(row: Record<string, unknown>, side: Side): BodyHead {
  const [head, size] = [textOf(row[`${side}_head`]), amountOf(row[`${side}_size`])];
  return { complete: head !== undefined && row[`${side}_head_complete`] === true, ...present({ size, head }) };
}

/** The answer of `GET …/logs/{id}`: the row and the heads of both bodies. */
export function parseLogDetail(row: unknown, readAt?: number): LogDetail | undefined {
  const log = parseLog(row, readAt);
  return log && { ...log, request: headOf(log.raw, "request"), response: headOf(log.raw, "response") };
}

type Bounds = { min: number; max: number };

/** Of the logs found: what they cost in dollars, took in milliseconds, and used in tokens. Absent where none has a value. */
export type LogBounds = {
  costUsd?: Bounds;
  durationMs?: Bounds;
  tokensIn?: Bounds;
  tokensOut?: Bounds;
  tokens?: Bounds;
};

/** The `min_…` and `max_…` of a `result_info` that was asked for with `meta_info` (API notes: Paging). */
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

/** A gateway. Only these fields are taken: the answer may hold secrets of the account (API notes: Gateways). */
export function parseGateway(row: unknown): Gateway | undefined {
  const parsed = z.safeParse(gatewayShape, row);
  if (!parsed.success) return undefined;
  const { id, created_at: createdAt, collect_logs: collectLogs } = parsed.data;
  return { id, ...present({ createdAt, collectLogs }) };
}

const accountShape = z.looseObject({ id: z.string().check(z.minLength(1)), name: text, created_on: maybeDate });

/** An account as `GET /accounts` lists it. */
export function parseAccount(row: unknown): Account | undefined {
  const parsed = z.safeParse(accountShape, row);
  if (!parsed.success) return undefined;
  const { id, name, created_on: createdAt } = parsed.data;
  return { id, name: name || id, ...present({ createdAt }) };
}

const tokenShape = z.looseObject({ id: text, status: z.string(), expires_on: maybeDate });

/** The answer of both `tokens/verify` operations (API notes: Accounts and token check). */
export function parseTokenState(result: unknown): TokenState | undefined {
  const parsed = z.safeParse(tokenShape, result);
  if (!parsed.success) return undefined;
  const { id, status, expires_on: expiresOn } = parsed.data;
  return { status, ...present({ id, expiresOn }) };
}

const shapes = { log: logShape, gateway: gatewayShape, account: accountShape, token: tokenShape };

/** Which field keeps an answer from being a log, a gateway …: `created_at: Invalid input`. */
export function whyNot(kind: keyof typeof shapes, value: unknown): string {
  const issue = z.safeParse(shapes[kind], value).error?.issues[0];
  return issue ? `${issue.path.join(".") || "answer"}: ${issue.message}` : "unreadable";
}
