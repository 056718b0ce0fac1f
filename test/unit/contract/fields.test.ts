// The origin of each field of the client's types: a property in the published shapes, or one in docs/cloudflare-api.md.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAuditEntry, type AuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import {
  parseAccount,
  parseGateway,
  parseLog,
  parseLogDetail,
  parseTokenState,
  type Account,
  type Gateway,
  type TokenState,
} from "../../../src/sources/cloudflare/schema.ts";
import type { Log, LogDetail } from "../../../src/source/log.ts";
import { apiNotes } from "../api-notes.ts";
import { ALL_SHAPES } from "./openapi.ts";

const LOGS = "/accounts/{account_id}/ai-gateway/gateways/{gateway_id}/logs";
const AUDIT = "/accounts/{account_id}/logs/audit";

/** A property of the wire by its path; with `notes`: declared nowhere, named in that section of docs/cloudflare-api.md. */
type Source = string | { path: string; notes: string };
type Sources<T> = Record<keyof T, Source | Record<string, Source>>;

const observed = (path: string): Source => ({ path, notes: "Log row" });

/** What Cloudflare's rows don't tell. */
type OfOthers = "endpoint" | "user" | "key" | "origin" | "isEventInferred" | "check";

const LOG: Sources<Omit<Log, "raw" | "readAt" | "recorded" | OfOthers>> = {
  id: "id",
  createdAt: "created_at",
  provider: "provider",
  model: "model",
  path: "path",
  success: "success",
  cached: "cached",
  statusCode: "status_code",
  durationMs: "duration",
  tokensIn: "tokens_in",
  tokensOut: "tokens_out",
  tokensCached: observed("usage_metadata/input_cached_tokens"),
  tokensReasoning: observed("usage_metadata/reasoningTokens"),
  costUsd: "cost",
  customCost: "custom_cost",
  metadata: "metadata",
  modelType: "model_type",
  requestType: "request_type",
  requestContentType: "request_content_type",
  responseContentType: "response_content_type",
  step: "step",
  eventId: observed("event_id"),
  dlpAction: observed("dlp_action"),
  userAgent: observed("user_agent"),
  authentication: observed("authentication"),
  feedback: observed("feedback"),
  score: observed("score"),
  latencyMs: observed("timings/latency"),
  region: observed("location/region"),
  colo: observed("location/colo"),
  byok: observed("byok"),
  guardrails: observed("guardrails"),
  dlpProfiles: observed("dlp_profiles"),
  wholesale: observed("wholesale"),
  compatibilityMode: observed("compatibilityMode"),
};

const LOG_ROW = {
  id: "a",
  created_at: "2026-11-20T12:00:00Z",
  provider: "openai",
  model: "m",
  path: "chat/completions",
  success: false,
  cached: true,
  status_code: 200,
  duration: 1,
  tokens_in: 2,
  tokens_out: 3,
  usage_metadata: { input_cached_tokens: 4, reasoningTokens: 5 },
  cost: 6,
  custom_cost: true,
  metadata: { a: "b" },
  model_type: "text",
  request_type: "WebSockets",
  request_content_type: "application/json",
  response_content_type: "text/plain",
  step: 7,
  event_id: "e",
  dlp_action: "FLAG",
  user_agent: "curl",
  authentication: true,
  feedback: 1,
  score: 8,
  timings: { total: 9, latency: 8 },
  location: { region: "WEUR", colo: "AMS" },
  byok: true,
  wholesale: false,
  compatibilityMode: true,
  guardrails: "BLOCK",
  dlp_profiles: [{ profile: { profile_id: "p", entry_ids: [] }, policy_ids: [], check: ["REQUEST"] }],
};

const DETAIL: Sources<Omit<LogDetail, "raw" | "readAt" | "recorded" | OfOthers>> = {
  ...LOG,
  request: { size: "request_size", head: "request_head", complete: "request_head_complete" },
  response: { size: "response_size", head: "response_head", complete: "response_head_complete" },
};

const DETAIL_ROW = {
  ...LOG_ROW,
  request_size: 9,
  request_head: "{",
  request_head_complete: true,
  response_size: 10,
  response_head: "[",
  response_head_complete: true,
};

const AUDIT_ENTRY: Sources<Omit<AuditEntry, "raw">> = {
  id: "id",
  time: "action/time",
  account: { id: "account/id", name: "account/name" },
  action: { type: "action/type", result: "action/result", description: "action/description" },
  actor: {
    id: "actor/id",
    type: "actor/type",
    context: "actor/context",
    email: "actor/email",
    ipAddress: "actor/ip_address",
    tokenId: "actor/token_id",
    tokenName: "actor/token_name",
  },
  resource: {
    id: "resource/id",
    type: "resource/type",
    product: "resource/product",
    scope: "resource/scope",
    request: "resource/request",
    response: "resource/response",
  },
  call: {
    method: "raw/method",
    uri: "raw/uri",
    statusCode: "raw/status_code",
    rayId: "raw/cf_ray_id",
    userAgent: "raw/user_agent",
  },
  zone: { id: "zone/id", name: "zone/name" },
};

const AUDIT_ROW = {
  id: "a",
  account: { id: "b", name: "c" },
  action: { time: "2026-11-20T12:00:00Z", type: "d", result: "e", description: "f" },
  actor: { id: "g", type: "h", context: "i", email: "j", ip_address: "k", token_id: "l", token_name: "m" },
  resource: { id: "n", type: "o", product: "p", scope: { q: 1 }, request: { r: 2 }, response: [3] },
  raw: { method: "s", uri: "t", status_code: 4, cf_ray_id: "u", user_agent: "v" },
  zone: { id: "w", name: "x" },
};

const GATEWAY: Sources<Gateway> = { id: "id", createdAt: "created_at", collectLogs: "collect_logs" };
const ACCOUNT: Sources<Account> = { id: "id", name: "name", createdAt: "created_on" };
const TOKEN: Sources<TokenState> = { id: "id", status: "status", expiresOn: "expires_on" };

type Case = {
  what: string;
  operation: string;
  /** Where the row is in the answer. */
  at: string;
  sources: Record<string, Source | Record<string, Source>>;
  row: object;
  parse: (row: unknown) => object | undefined;
};

const CASES: Case[] = [
  { what: "Log", operation: LOGS, at: "result/*", sources: LOG, row: LOG_ROW, parse: parseLog },
  {
    what: "LogDetail",
    operation: `${LOGS}/{id}`,
    at: "result",
    sources: DETAIL,
    row: DETAIL_ROW,
    parse: parseLogDetail,
  },
  {
    what: "AuditEntry",
    operation: AUDIT,
    at: "result/*",
    sources: AUDIT_ENTRY,
    row: AUDIT_ROW,
    parse: parseAuditEntry,
  },
  {
    what: "Gateway",
    operation: "/accounts/{account_id}/ai-gateway/gateways",
    at: "result/*",
    sources: GATEWAY,
    row: { id: "a", created_at: "2026-11-20T12:00:00Z", collect_logs: true },
    parse: parseGateway,
  },
  {
    what: "Account",
    operation: "/accounts",
    at: "result/*",
    sources: ACCOUNT,
    row: { id: "a", name: "b", created_on: "2026-11-20T12:00:00Z" },
    parse: parseAccount,
  },
  ...["/user/tokens/verify", "/accounts/{account_id}/tokens/verify"].map((operation) => ({
    what: `TokenState of ${operation}`,
    operation,
    at: "result",
    sources: TOKEN,
    row: { id: "a", status: "active", expires_on: "2026-11-20T12:00:00Z" },
    parse: parseTokenState,
  })),
];

/** Returns every field with its origin, nested ones as "request.size". */
function flat(sources: Case["sources"]): [string, { path: string; notes?: string }][] {
  return Object.entries(sources).flatMap(([field, source]): [string, { path: string; notes?: string }][] => {
    if (typeof source === "string") return [[field, { path: source }]];
    if ("path" in source && "notes" in source) return [[field, source as { path: string; notes: string }]];
    return flat(source).map(([name, one]) => [`${field}.${name}`, one]);
  });
}

function valueAt(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}

/** A copy of the row without the property of this path. */
function without(row: object, path: string): object {
  const copy = structuredClone(row);
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  const parent = valueAt(copy, ...keys) as Record<string, unknown>;
  delete parent[last];
  return copy;
}

describe("the fields of the client", () => {
  for (const { what, operation, at, sources, row, parse } of CASES) {
    it(`${what}: each field is declared or named, and comes from there`, () => {
      const whole = parse(row);
      assert.ok(whole);
      for (const [field, { path, notes }] of flat(sources)) {
        if (notes === undefined)
          for (const shapes of ALL_SHAPES)
            assert.ok(shapes.declares(operation, `${at}/${path}`), `${field}: ${path} is ${shapes.name}`);
        else
          for (const name of path.split("/"))
            assert.match(apiNotes.get(notes) ?? "", new RegExp(`\\b${name}\\b`), field);
        const keys = field.split(".");
        const given = valueAt(whole, ...keys);
        assert.notEqual(given, undefined, field);
        const rest = parse(without(row, path));
        if (rest !== undefined) assert.notDeepEqual(valueAt(rest, ...keys), given, `${field} comes from ${path}`);
      }
    });

    it(`${what}: no field is left out of the list`, () => {
      const whole = parse(row) ?? {};
      const listed = new Set(flat(sources).map(([field]) => field));
      const fields = Object.entries(whole).flatMap(([field, value]) => {
        const nested = field in sources && typeof sources[field] === "object" && !("path" in sources[field]);
        return nested ? Object.keys(value as object).map((name) => `${field}.${name}`) : [field];
      });
      for (const field of fields) assert.ok(field === "raw" || listed.has(field), field);
    });
  }
});
